/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clones at a time over several connections. */
final class ConcurrentClonesTest {
  private static final int BLOCKS = 16;

  private VaaiLab lab;
  private SessionId session;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    session = lab.session("/one");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void clonesOfTwoSourcesIntoOneDestinationLeaveOneOfThemWhole() {
    lab.makeFile("red", 1, BLOCKS);
    lab.makeFile("blue", 2, BLOCKS / 2);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    List<VaaiClient> clients = List.of(lab.client(), lab.clientOf(0), lab.clientOf(0));
    for (int round = 0; round < 30; round++) {
      List<CompletableFuture<VaaiReply<CloneJob>>> answers = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        VaaiFile source = VaaiFile.byPath(i % 2 == 0 ? "red" : "blue");
        answers.add(
            clients
                .get(i % clients.size())
                .cloneFile(lab.clone(session, source, VaaiFile.byPath("copy"), 0)));
      }
      answers.forEach(answer -> assertThat(VaaiWire.await(answer).isOk()).isTrue());
      long seed = lab.seedAt(copy, 0);
      int blocks = seed == 1 ? BLOCKS : BLOCKS / 2;
      assertThat(copy.attributes().sizeBytes()).isEqualTo((long) blocks * VaaiLab.BLOCK);
      for (int block = 0; block < blocks; block++) {
        assertThat(lab.seedAt(copy, block)).isEqualTo(seed);
      }
    }
    assertThat(lab.array().physicalUsedBytes())
        .isEqualTo((BLOCKS + BLOCKS / 2) * (long) VaaiLab.BLOCK);
  }

  @Test
  void guardedLazyClonesToOneNameSucceedOnce() {
    lab.makeFile("source", 1, BLOCKS);
    List<VaaiClient> clients = List.of(lab.client(), lab.clientOf(0), lab.clientOf(0));
    for (int round = 0; round < 30; round++) {
      List<CompletableFuture<VaaiReply<CloneJob>>> answers = new ArrayList<>();
      for (VaaiClient client : clients) {
        answers.add(
            client.cloneFile(
                lab.clone(
                    session,
                    VaaiFile.byPath("source"),
                    VaaiFile.byPath("copy" + round),
                    CloneFlags.LAZY | CloneFlags.GUARDED)));
      }
      assertThat(answers.stream().filter(answer -> VaaiWire.await(answer).isOk())).hasSize(1);
      assertThat(lab.seedAt(lab.lookup("copy" + round), BLOCKS - 1)).isEqualTo(1);
    }
  }
}
