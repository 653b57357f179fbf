/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.VaaiNas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session from C: rpcgen's stubs and the system's RPC library against the array. */
final class CClientTest {
  private static final Path RPC_HEADER = Path.of("/usr/include/tirpc/rpc/rpc.h");

  @TempDir Path directory;

  @Test
  void aClientMadeByRpcgenClonesAFile() throws Exception {
    for (String tool : List.of("rpcgen", "gcc")) {
      assumeTrue(onPath(tool), tool + " is not on the PATH");
    }
    assumeTrue(Files.exists(RPC_HEADER), "no " + RPC_HEADER + " (Debian: libtirpc-dev)");
    compile();
    try (VaaiLab lab = new VaaiLab()) {
      lab.makeFile("source", 1, 3);
      Inode copy = lab.makeFile(lab.volume(), "copy", 0666);
      String port = Integer.toString(lab.wire().port());
      String printed = run(directory.resolve("live").toString(), port, "/one", "source", "copy");
      assertThat(printed)
          .isEqualTo(
              """
              start 0, root of 32 bytes
              support 0: 1
              clone 2: no directory no
              clone 0: state 3, 12288 of 12288 bytes, 12288 shared
              statx 0: total 12288 unique 0 shared 12288
              end 0
              """);
      assertThat(lab.seedAt(copy, 2)).isEqualTo(1);
    }
  }

  private void compile() throws Exception {
    try (InputStream in = VaaiNas.class.getResourceAsStream("vaai_nas.x")) {
      Files.copy(in, directory.resolve("vaai_nas.x"));
    }
    run("rpcgen", "-h", "-o", "vaai_nas.h", "vaai_nas.x");
    run("rpcgen", "-c", "-o", "vaai_nas_xdr.c", "vaai_nas.x");
    run("rpcgen", "-l", "-o", "vaai_nas_clnt.c", "vaai_nas.x");
    String client = Path.of("src/test/c/vaai_live.c").toAbsolutePath().toString();
    run(
        "gcc",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-variable",
        "-Wno-cast-function-type", // in what rpcgen makes
        "-I/usr/include/tirpc",
        "-I.",
        "-o",
        "live",
        client,
        "vaai_nas_xdr.c",
        "vaai_nas_clnt.c",
        "-ltirpc");
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
}
