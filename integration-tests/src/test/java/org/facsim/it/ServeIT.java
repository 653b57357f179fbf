/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./facsim serve} as a process: what it announces, and how it ends. */
class ServeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Process process;
  private BufferedReader out;

  @AfterEach
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Starts it and returns its ready line. */
  private JsonNode serve(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(Processes.launcher().toString(), "serve"));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    assertThat(line).as(Files.readString(folder.resolve("err"))).isNotNull();
    return new ObjectMapper().readTree(line);
  }

  /** SIGTERM; unlike {@link Process#destroy} it leaves the streams open. */
  private void terminate() {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  private static InetSocketAddress addressOf(JsonNode ready) {
    String[] hostAndPort = ready.get("nfs").asText().split(":", -1);
    return new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
  }

  @Test
  void theReadyLineComesOnceNfsAnswers() throws Exception {
    JsonNode ready = serve("--nfs-port", "0", "--volume", "a=1GiB", "--volume", "b=40GiB");

    assertThat(ready.toString())
        .matches(
            "\\{\"ready\":true,\"nfs\":\"127\\.0\\.0\\.1:\\d+\",\"udp\":\"127\\.0\\.0\\.1:\\d+\","
                + "\"volumes\":\\[\"/a\",\"/b\"],\"seed\":-?\\d+}");
    NfsNullProbe.await(addressOf(ready), PATIENCE);
    terminate();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(out.readLine()).as("only one line on stdout").isNull();
    assertThat(folder.resolve("err")).isEmptyFile();
  }

  @Test
  void aConfigurationFileSaysWhatIsExportedToWhom() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("facsim.yaml"),
            """
            nfs-port: 0
            idle-timeout: 90s
            volumes:
              - name: open
                size: 1GiB
              - name: closed
                size: 1GiB
                exports: 192.0.2.0/24(rw)
              - name: readonly
                size: 1GiB
                exports: ["127.0.0.0/8(ro,root_squash,novaai)", "*(rw)"]
            """);
    JsonNode ready = serve("--config", config.toString(), "--export", "open=127.0.0.1(rw,vers=3)");
    try (RpcClient rpc =
        RpcClient.connect(addressOf(ready), RpcClientOptions.defaults())
            .get(10, TimeUnit.SECONDS)) {
      Mount3Client mount = new Mount3Client(rpc);
      assertThat(mount.exports().get(10, TimeUnit.SECONDS).lines())
          .map(line -> line.path() + line.groups())
          .containsExactly(
              "/open[127.0.0.1/32]", "/closed[192.0.2.0/24]", "/readonly[127.0.0.0/8, *]");
      assertThat(mount.mount("/open").get(10, TimeUnit.SECONDS).handle()).isNotNull();
      assertThat(mount.mount("/closed"))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("ACCES");
    }
  }

  @Test
  void theReadyFileHoldsTheSameLineAndGoesWithTheServer() throws Exception {
    Path file = Files.writeString(folder.resolve("ready"), "left by a crash");
    JsonNode ready = serve("--nfs-port", "0", "--ready-file", file.toString());

    assertThat(new ObjectMapper().readTree(Files.readString(file))).isEqualTo(ready);
    terminate();
    await().atMost(PATIENCE).until(() -> Files.notExists(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalStopsItCleanly(String signal) throws Exception {
    FreePorts.attempt(port -> stopCleanly(port, signal));
  }

  private boolean stopCleanly(int port, String signal) throws IOException, InterruptedException {
    JsonNode ready = serve("--nfs-port", Integer.toString(port));
    Outcome kill = Processes.run(List.of("kill", "-" + signal, Long.toString(process.pid())));
    assertThat(kill.exitCode()).as("%s", kill).isEqualTo(0);

    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(0);
    assertThat(folder.resolve("err")).isEmptyFile();
    // The port is free again.
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(addressOf(ready));
      return socket.isBound();
    }
  }

  @Test
  void aTakenPortIsOneLineAndExitCode1() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome =
          Processes.facsim("serve", "--nfs-port", Integer.toString(taken.getLocalPort()));
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err().lines()).hasSize(1);
      assertThat(outcome.err())
          .startsWith(
              "facsim serve: cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use; ")
          .contains("--nfs-port");
    }
  }

  @Test
  void anUnknownOptionIsOneLineAndExitCode2() {
    Outcome outcome = Processes.facsim("serve", "--no-such-option");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains("'--no-such-option'", "allowed: ", "--nfs-port");
  }
}
