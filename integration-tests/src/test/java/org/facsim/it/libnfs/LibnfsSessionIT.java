/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.libnfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.facsim.it.CPrograms;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.Test;

/** What a C program does with libnfs, {@code src/test/c/libnfs_session.c}. */
class LibnfsSessionIT {
  private static final Path HEADER = Path.of("/usr/include/nfsc/libnfs.h");

  @Test
  void aProgramInCUsesAShareFromMountToRmdir() throws IOException {
    assumeTrue(Processes.isInstalled("gcc"), "gcc is missing: apt-get install gcc libc6-dev");
    assumeTrue(Files.exists(HEADER), HEADER + " is missing: apt-get install libnfs-dev");
    Path program = CPrograms.compile("libnfs_session", "-lnfs");
    try (FacsimServer server = FacsimServer.start("--volume", "share=1GiB")) {
      String url = "nfs://127.0.0.1/share?nfsport=%1$d&mountport=%1$d".formatted(server.port());

      Outcome session = Processes.run(List.of(program.toAbsolutePath().toString(), url));

      assertThat(session.exitCode()).as("%s", session).isEqualTo(0);
      assertThat(session.out()).contains("read\n", "each is listed once\n").endsWith("rmdir\n");
      System.out.println("libnfs: " + session.out().strip().replace("\n", ", "));
    }
  }
}
