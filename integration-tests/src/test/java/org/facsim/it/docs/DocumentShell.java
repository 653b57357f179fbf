/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The terminals of a reader: one shell in a scratch folder, which keeps its variables from block to
 * block, and what was started beside it and stays. All of it ends with {@link #close}.
 */
final class DocumentShell implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String DONE = "--- done ";

  private final Path folder;
  private final Process shell;
  private final Writer in;
  private final BufferedReader out;
  private int commands;

  /** What a command printed, both streams as a terminal shows them, and how it ended. */
  record Outcome(int exitCode, String printed) {}

  private DocumentShell(Path folder, Process shell) {
    this.folder = folder;
    this.shell = shell;
    this.in = shell.outputWriter(UTF_8);
    this.out = shell.inputReader(UTF_8);
  }

  /**
   * Starts one.
   *
   * @param prefix what the shell is started by, for example to enter a network namespace
   * @param scratch where it works: what the project has is there by links, what a page makes is
   *     gone with this folder
   */
  static DocumentShell start(
      List<String> prefix, Path root, Path scratch, Map<String, String> environment)
      throws IOException {
    try (var entries = Files.list(root)) {
      for (Path entry :
          entries.filter(each -> !each.getFileName().toString().equals(".git")).toList()) {
        Files.createSymbolicLink(scratch.resolve(entry.getFileName()), entry);
      }
    }
    Files.createDirectory(scratch.resolve(".shell"));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("bash", "--norc", "-s"));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(scratch.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", root + ":" + System.getenv("PATH") + ":/usr/sbin:/sbin");
    builder.environment().keySet().removeIf(name -> name.startsWith("FACSIM_"));
    builder.environment().putAll(environment);
    return new DocumentShell(scratch, builder.start());
  }

  /** Runs a command to its end. */
  Outcome run(String command) throws IOException {
    Path script = script(command);
    Path printed = printed();
    in.write(". " + script + " </dev/null >" + printed + " 2>&1; echo \"" + DONE + "$?\"\n");
    in.flush();
    String line = await(command);
    return new Outcome(Integer.parseInt(line.substring(DONE.length())), Files.readString(printed));
  }

  /** Starts a command that stays, and waits until what it has printed suffices. */
  Stayer start(String command, Predicate<String> suffices) throws IOException {
    Path printed = printed();
    Outcome started = run(command + " </dev/null >" + printed + " 2>&1 &\necho $!");
    long pid = Long.parseLong(started.printed().strip());
    ProcessHandle process =
        ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(command + " has ended at once"));
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!suffices.test(Files.readString(printed))) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new AssertionError(command + " printed\n" + Files.readString(printed));
      }
      pause();
    }
    return new Stayer(process, printed);
  }

  /** A program that stays in a terminal of its own. */
  record Stayer(ProcessHandle process, Path printed) {
    void interrupt() {
      process.destroy();
      try {
        process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError(process + " does not end", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all = new ArrayList<>(shell.descendants().toList());
    all.forEach(ProcessHandle::destroy);
    shell.destroy();
    for (ProcessHandle each : all) {
      try {
        each.onExit().get(30, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        each.destroyForcibly();
      }
    }
    in.close();
    out.close();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private Path script(String command) throws IOException {
    commands++;
    return Files.writeString(folder.resolve(".shell/" + commands + ".sh"), command + "\n");
  }

  private Path printed() throws IOException {
    return Files.createTempFile(folder.resolve(".shell"), "printed", ".txt");
  }

  private String await(String command) {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return out.readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      String read = line.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (read == null || !read.startsWith(DONE)) {
        throw new AssertionError(command + " ended the shell: " + read);
      }
      return read;
    } catch (TimeoutException e) {
      throw new AssertionError(command + " ran longer than " + LIMIT, e);
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(command, e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
