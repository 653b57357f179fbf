/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The load generator and the limit, compiled and run for a moment. */
class NfsLoadTest {
  private static final Path SOURCES = Path.of("src/main/c");
  private static final int FILE_MIB = 8;

  @TempDir static Path programs;
  private static NfsServer limit;
  private static NfsServer keepingLimit;
  private static NfsLoad load;

  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    assumeTrue(runs("gcc", "--version"), "gcc is not installed");
    List<String> generator = new ArrayList<>(List.of("nfs_load.c"));
    try (Stream<Path> files = Files.list(SOURCES)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("load_") && name.endsWith(".c"))
          .forEach(generator::add);
    }
    compile("nfs_load", generator);
    compile("nfs_limit", List.of("nfs_limit.c"));
    limit = NfsServer.limit(programs.resolve("nfs_limit"));
    keepingLimit = NfsServer.keepingLimit(programs.resolve("nfs_limit"), FILE_MIB);
    load = new NfsLoad(programs.resolve("nfs_load"), FILE_MIB);
  }

  @AfterAll
  static void stop() {
    for (NfsServer server : new NfsServer[] {limit, keepingLimit}) {
      if (server != null) {
        server.close();
      }
    }
  }

  private static void compile(String program, List<String> sources)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-o"));
    command.add(programs.resolve(program).toString());
    sources.forEach(source -> command.add(SOURCES.resolve(source).toString()));
    assertThat(runs(command.toArray(String[]::new))).as("compiling %s", program).isTrue();
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(NfsWorkload.class)
  void theLimitsAnswerEveryWorkload(NfsWorkload workload) throws Exception {
    for (NfsServer server : new NfsServer[] {limit, keepingLimit}) {
      NfsLoad.Result result = load.run(server, workload, NfsLoad.Window.WIDE, 0.1, 0);
      assertThat(result.rate()).isPositive();
      assertThat(result.p50Micros()).isPositive().isLessThanOrEqualTo(result.p99Micros());
      assertThat(result.residentMib()).isPositive();
    }
  }

  /** Cut anywhere, at any offset: otherwise its figures would be those of a server that cheats. */
  @Test
  void theKeepingLimitReturnsWhatWasWritten() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RawNfs nfs = new RawNfs(keepingLimit.port())) {
      for (int i = 0; i < 50; i++) {
        byte[] data = new byte[4 * (1 + random.nextInt(1 << 18))];
        random.nextBytes(data);
        long offset = random.nextInt((FILE_MIB << 20) - data.length + 1);
        assertThat(nfs.writeThenRead(offset, data, random))
            .as("call %d, seed %d", i, seed)
            .isEqualTo(data);
      }
    }
  }

  /** What a benchmark is worth that counts wrong replies: nothing. */
  @ParameterizedTest
  @EnumSource(NfsWorkload.class)
  void aServerThatDoesNoWorkIsFoundOut(NfsWorkload workload) {
    NfsServer judged =
        new NfsServer("pretender", limit.port(), limit.port(), "/", limit.processId(), false, null);
    assertThatThrownBy(() -> load.run(judged, workload, NfsLoad.Window.WIDE, 0.1, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the load failed");
  }

  @Test
  void theLongestPauseIsFoundInTheLogOfTheJvm() throws IOException {
    Path log = programs.resolve("gc.log");
    Files.writeString(
        log,
        """
        [0.010s][info][gc] Using Serial
        [1.512s][info][gc] GC(0) Pause Young (Allocation Failure) 102M->5M(371M) 3.512ms
        [2.100s][info][gc] GC(1) Pause Full (System.gc()) 5M->4M(371M) 12.250ms
        [3.000s][info][safepoint] Safepoint "ICBufferFull", Total: 99123 ns
        """);
    assertThat(NfsTable.longestPauseMillis(log)).isEqualTo(12.25);
  }
}
