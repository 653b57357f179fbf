/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.junit.jupiter.api.Test;

/** {@code --random-seed}: two processes that were told one number draw the same. */
class SameSeedIT {
  private static final int CALLS = 64;

  @Test
  void theSameSeedMakesTheSameHandlesSessionsAndFaults() throws Exception {
    List<String> first = drawsOf("42");
    assertThat(drawsOf("42")).isEqualTo(first);
    List<String> other = drawsOf("43");
    assertThat(other.get(0)).as("the handle of the root").isNotEqualTo(first.get(0));
    assertThat(other.get(2)).as("the id of a session").isNotEqualTo(first.get(2));
    assertThat(other.get(3)).as("which calls fail").isNotEqualTo(first.get(3));
  }

  private static List<String> drawsOf(String seed) throws Exception {
    try (FacsimServer server =
            FacsimServer.start("--volume", "v=64MiB", "--http-port", "0", "--random-seed", seed);
        RootClient client = RootClient.connect(server.address())) {
      List<String> draws = new ArrayList<>();
      Nfs3Handle root = client.mount("/v");
      draws.add(root.toString());
      draws.add(
          client
              .nfs()
              .create(root, "file", new Create3.Guarded(Sattr3.NONE))
              .get()
              .handle()
              .toString());
      draws.add(client.startSession("/v").toString());
      Outcome added =
          Processes.facsim(
              "fault",
              "add",
              "--http",
              server.httpAddress(),
              "--door",
              "nfs",
              "--procedure",
              "GETATTR",
              "--probability",
              "0.5",
              "--status",
              "JUKEBOX");
      assertThat(added.exitCode()).as("%s", added).isZero();
      StringBuilder failed = new StringBuilder();
      for (int call = 0; call < CALLS; call++) {
        failed.append(isAnswered(client, root) ? '.' : 'x');
      }
      assertThat(failed.toString()).contains(".").contains("x");
      draws.add(failed.toString());
      return draws;
    }
  }

  private static boolean isAnswered(RootClient client, Nfs3Handle root)
      throws InterruptedException {
    try {
      client.nfs().getAttributes(root).get();
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }
}
