/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.junit.jupiter.api.Test;

/**
 * {@code --random-seed}: two processes that were told one number draw the same, and answer the same
 * calls with the same bytes, times and verifiers included.
 */
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

  @Test
  void theSameSeedMakesTheSameRepliesByteForByte() throws Exception {
    List<String> first = repliesOf("--random-seed", "42");
    assertThat(repliesOf("--random-seed", "42")).isEqualTo(first);
    assertThat(repliesOf("--random-seed", "43")).isNotEqualTo(first);
    List<String> system = repliesOf("--random-seed", "42", "--clock", "system");
    assertThat(repliesOf("--random-seed", "42", "--clock", "system"))
        .as("times by the machine's clock")
        .isNotEqualTo(system);
  }

  @Test
  void aClockThatIsGivenBeginsThere() throws Exception {
    assertThat(repliesOf("--clock", "2001-09-09T01:46:40Z").toString())
        .as("a billion seconds after 1970")
        .containsPattern("TimeNanos=10000000000\\d{8}\\b");
  }

  /** Everything that changes or shows times: the decoded replies, word for word. */
  private static List<String> repliesOf(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--volume", "v=64MiB"));
    arguments.addAll(List.of(options));
    try (FacsimServer server = FacsimServer.start(arguments.toArray(String[]::new));
        RootClient client = RootClient.connect(server.address())) {
      List<String> replies = new ArrayList<>();
      Nfs3Handle root = client.mount("/v");
      var made = client.nfs().create(root, "file", new Create3.Guarded(Sattr3.NONE)).get();
      replies.add(made.toString());
      replies.add(
          client
              .nfs()
              .write(made.handle(), 0, Unpooled.wrappedBuffer(new byte[4096]), StableHow.FILE_SYNC)
              .get()
              .toString());
      replies.add(client.nfs().getAttributes(made.handle()).get().toString());
      replies.add(client.nfs().getAttributes(root).get().toString());
      return replies;
    }
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
