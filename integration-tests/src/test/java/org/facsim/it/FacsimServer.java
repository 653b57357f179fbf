/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.testing.FreePorts;

/** {@code ./facsim serve} as a process that can be killed and started again on the same port. */
public final class FacsimServer implements AutoCloseable {
  private static final int START_LIMIT_SECONDS = 120;
  private static final int STOP_LIMIT_SECONDS = 60;

  private final List<String> prefix;
  private final List<String> options;
  private final Path errors;
  private Process process;
  private InetSocketAddress address;
  private String httpAddress;

  private FacsimServer(List<String> prefix, List<String> options, Path errors) {
    this.prefix = prefix;
    this.options = options;
    this.errors = errors;
  }

  /**
   * Starts one on a free port of the loopback address, to which it can return after a restart.
   * Returns when it says that it is ready.
   */
  public static FacsimServer start(String... options) {
    try {
      return FreePorts.attempt(port -> start(List.of(), port, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts one on a port of the loopback address, or of what the options say.
   *
   * @param prefix what the launcher is started by, for example to enter a network namespace
   * @param nfsPort 0 for a free one
   */
  public static FacsimServer start(List<String> prefix, int nfsPort, String... options) {
    try {
      Path errors = Files.createTempFile("facsim-it", ".err");
      errors.toFile().deleteOnExit();
      FacsimServer server = new FacsimServer(prefix, List.of(options), errors);
      server.launch(nfsPort);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where NFS, MOUNT and VAAI answer. */
  public InetSocketAddress address() {
    return address;
  }

  /** Host and port of the HTTP door, which an option must have opened. */
  public String httpAddress() {
    return httpAddress;
  }

  public int port() {
    return address.getPort();
  }

  /** What it has written to stderr since its last start. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** As a crash would: SIGKILL, nothing is flushed. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM. Returns the exit code of the process, when it has ended. */
  public int terminate() {
    process.toHandle().destroy();
    awaitEnd();
    return process.exitValue();
  }

  /** Starts it anew on the port that it had. */
  public void restart() {
    try {
      launch(address.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private void launch(int nfsPort) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(Processes.launcher().toString(), "serve"));
    command.addAll(List.of("--nfs-port", Integer.toString(nfsPort)));
    command.addAll(options);
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try {
      JsonNode ready = new ObjectMapper().readTree(readyLine());
      String[] hostAndPort = ready.get("nfs").asText().split(":", -1);
      address = new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
      httpAddress = ready.path("http").asText(null);
    } catch (IOException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private String readyLine() throws IOException {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return process.inputReader(UTF_8).readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      String read = line.get(START_LIMIT_SECONDS, TimeUnit.SECONDS);
      if (read == null && errors().contains("Address already in use")) {
        throw new BindException(errors());
      }
      if (read == null) {
        throw new AssertionError("no ready line: " + errors());
      }
      return read;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no ready line: " + Files.readString(errors), e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
