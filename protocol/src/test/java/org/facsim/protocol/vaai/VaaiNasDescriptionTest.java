/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vaai_nas.x}: its numbers are ours, and C tools make our bytes of it. */
final class VaaiNasDescriptionTest {
  @TempDir Path directory;

  @Test
  void statusNumbersAreThoseOfTheDescription() throws IOException {
    Map<String, Integer> described = assignments("(VAAI_OK|VAAI_ERR_\\w+) = (\\d+)");
    Map<String, Integer> ours =
        Arrays.stream(VaaiStatus.values())
            .collect(
                Collectors.toMap(
                    s -> s == VaaiStatus.OK ? "VAAI_OK" : "VAAI_ERR_" + s, VaaiStatus::code));
    assertThat(described).containsExactlyInAnyOrderEntriesOf(ours);
  }

  @Test
  void otherNumbersAreThoseOfTheDescription() throws IOException {
    Map<String, Integer> states =
        Arrays.stream(JobState.values())
            .collect(Collectors.toMap(s -> "VAAI_JOB_" + s, JobState::code));
    assertThat(assignments("(VAAI_JOB_\\w+) = (\\d+)")).containsExactlyInAnyOrderEntriesOf(states);
    Map<String, Integer> primitives =
        Arrays.stream(VaaiPrimitive.values())
            .collect(Collectors.toMap(p -> "VAAI_" + p, VaaiPrimitive::code));
    assertThat(assignments("(VAAI_\\w+) = (\\d+)")).containsAllEntriesOf(primitives);
    assertThat(assignments("const (VAAI_\\w+) = (\\w+);"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("VAAI_MAX_PATH", VaaiNas.MAX_PATH),
                Map.entry("VAAI_MAX_NAME", VaaiNas.MAX_NAME),
                Map.entry("VAAI_MAX_HANDLE", VaaiNas.MAX_HANDLE),
                Map.entry("VAAI_MAX_CLIENT", VaaiNas.MAX_CLIENT),
                Map.entry("VAAI_MAX_REASON", VaaiNas.MAX_REASON),
                Map.entry("VAAI_SESSION_SIZE", 16),
                Map.entry("VAAI_MAX_RANGES", VaaiNas.MAX_RANGES),
                Map.entry("VAAI_PROTOCOL_VERSION_2", VaaiNas.PROTOCOL_VERSION_2),
                Map.entry("VAAI_PROTOCOL_VERSION", VaaiNas.PROTOCOL_VERSION),
                Map.entry("VAAI_CLONE_LAZY", CloneFlags.LAZY),
                Map.entry("VAAI_CLONE_DRY_RUN", CloneFlags.DRY_RUN),
                Map.entry("VAAI_CLONE_GUARDED", CloneFlags.GUARDED),
                Map.entry("VAAI_CLONE_OTHER_VOLUME", CloneFlags.OTHER_VOLUME)));
    assertThat(assignments("(VAAI_\\w+)\\((?:\\w+)\\) = (\\d+);"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("VAAI_NULL", VaaiNas.PROC_NULL),
                Map.entry("VAAI_SESSION_START", VaaiNas.PROC_SESSION_START),
                Map.entry("VAAI_SESSION_END", VaaiNas.PROC_SESSION_END),
                Map.entry("VAAI_SUPPORT", VaaiNas.PROC_SUPPORT),
                Map.entry("VAAI_CLONE", VaaiNas.PROC_CLONE),
                Map.entry("VAAI_CLONE_STATUS", VaaiNas.PROC_CLONE_STATUS),
                Map.entry("VAAI_CLONE_ABORT", VaaiNas.PROC_CLONE_ABORT),
                Map.entry("VAAI_RESERVE", VaaiNas.PROC_RESERVE),
                Map.entry("VAAI_STATX", VaaiNas.PROC_STATX),
                Map.entry("VAAI_UNMAP_GRANULARITY", VaaiNas.PROC_UNMAP_GRANULARITY),
                Map.entry("VAAI_UNMAP", VaaiNas.PROC_UNMAP)));
    assertThat(description()).contains(String.format("} = 0x%X;", VaaiNas.PROGRAM));
  }

  @Test
  void rpcgenAcceptsTheDescription() throws Exception {
    assumeTrue(onPath("rpcgen"), "rpcgen is not on the PATH (Debian: rpcsvc-proto)");
    generate();
    assertThat(Files.readString(directory.resolve("vaai_nas.h")))
        .contains("#define VAAI_NAS_PROGRAM 0x2FAC5100");
  }

  @Test
  void generatedCodeMakesTheRecordedBytes() throws Exception {
    assumeTrue(onPath("rpcgen"), "rpcgen is not on the PATH (Debian: rpcsvc-proto)");
    assumeTrue(onPath("gcc"), "gcc is not on the PATH");
    Path headers = Path.of("/usr/include/tirpc/rpc/rpc.h");
    assumeTrue(Files.exists(headers), "no " + headers + " (Debian: libtirpc-dev)");
    generate();
    Path samples = Path.of("src/test/c/vaai_samples.c").toAbsolutePath();
    run(
        "gcc",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-variable",
        "-I/usr/include/tirpc",
        "-I.",
        "-o",
        "vaai_samples",
        samples.toString(),
        "vaai_nas_xdr.c",
        "-ltirpc");
    String printed = run(directory.resolve("vaai_samples").toString());
    try (InputStream in = VaaiNasDescriptionTest.class.getResourceAsStream("samples.txt")) {
      assertThat(printed).isEqualTo(new String(in.readAllBytes(), UTF_8));
    }
  }

  private void generate() throws Exception {
    Files.writeString(directory.resolve("vaai_nas.x"), description());
    run("rpcgen", "-h", "-o", "vaai_nas.h", "vaai_nas.x");
    run("rpcgen", "-c", "-o", "vaai_nas_xdr.c", "vaai_nas.x");
  }

  private String run(String... command) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(command) + " still runs after 60 s");
    }
    assertThat(process.exitValue())
        .as("%s: %s", List.of(command), Files.readString(output))
        .isZero();
    return Files.readString(output);
  }

  private static boolean onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  private static Map<String, Integer> assignments(String pattern) throws IOException {
    Map<String, Integer> numbers = new TreeMap<>();
    Matcher matcher = Pattern.compile(pattern).matcher(description());
    while (matcher.find()) {
      numbers.put(matcher.group(1), Integer.decode(matcher.group(2)));
    }
    return numbers;
  }

  private static String description() throws IOException {
    try (InputStream in = VaaiNas.class.getResourceAsStream("vaai_nas.x")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
