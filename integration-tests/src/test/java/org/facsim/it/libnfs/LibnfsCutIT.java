/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.libnfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.it.CPrograms;
import org.facsim.it.CuttingProxy;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.Remove3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.RmDir3;
import org.facsim.protocol.nfs3.SymLink3;
import org.junit.jupiter.api.Test;

/** libnfs, whose connection is cut between a change and its answer. */
class LibnfsCutIT {
  private static final Path HEADER = Path.of("/usr/include/nfsc/libnfs.h");
  private static final Set<Integer> PROCEDURES =
      Set.of(
          MkDir3.PROCEDURE,
          SymLink3.PROCEDURE,
          Remove3.PROCEDURE,
          RmDir3.PROCEDURE,
          Rename3.PROCEDURE,
          Link3.PROCEDURE);

  @Test
  void changesWhoseAnswersWereLostAreNotMadeTwice() throws IOException {
    assumeTrue(Processes.isInstalled("gcc"), "gcc is missing: apt-get install gcc libc6-dev");
    assumeTrue(Files.exists(HEADER), HEADER + " is missing: apt-get install libnfs-dev");
    Path program = CPrograms.compile("libnfs_cut", "-lnfs");
    try (FacsimArray array = FacsimArray.builder().volume("share", 1L << 30).nfsPort(0).start()) {
      Volume volume = array.storage().volume("share").orElseThrow();
      volume
          .names()
          .create(
              Caller.ROOT,
              volume.root(),
              Name.of("file"),
              new Volume.CreateMode.Guarded(),
              AttributeChanges.NONE);
      CuttingProxy proxy = CuttingProxy.ofFirstCalls(array.nfsAddress(), PROCEDURES);
      try (proxy) {
        String url =
            "nfs://127.0.0.1/share?nfsport=%d&mountport=%d"
                .formatted(proxy.port(), array.nfsAddress().getPort());
        Outcome session = Processes.run(List.of(program.toAbsolutePath().toString(), url));
        assertThat(session.exitCode()).as("%s", session).isEqualTo(0);
        assertThat(session.out()).endsWith("rmdir\n");
      }
      assertThat(proxy.cutXids()).hasSameSizeAs(PROCEDURES);
      assertThat(proxy.repeatedXids()).isEqualTo(proxy.cutXids());
      System.out.println("libnfs: " + proxy.cutXids().size() + " answers cut off, none missed");
    }
  }
}
