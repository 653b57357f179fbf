/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A clone from or into a file that a client has in its hands waits until it is given back. */
class DelegatedClonesTest {
  private record Client(String name) implements LockClient {}

  private static final LockOwner HOLDER = new LockOwner(new Client("holder"), 1);
  private static final InetSocketAddress HOST = new InetSocketAddress("192.0.2.1", 1000);

  private final OffloadLab lab = new OffloadLab();
  private final Delegations delegations = lab.holdings().delegations();
  private final List<Delegation> recalls = new ArrayList<>();
  private final Inode source = lab.makeFile("source", 7, 3);
  private final Inode destination = lab.makeFile("destination", 8, 1);

  private final DelegationHolder holder =
      new DelegationHolder() {
        @Override
        public void recall(Delegation delegation) {
          recalls.add(delegation);
        }

        @Override
        public void revoked(Delegation delegation) {}
      };

  @AfterEach
  void close() {
    lab.close();
  }

  private void delegate(Inode file, DelegationKind kind) {
    var given = delegations.grant(file, kind, HOLDER, holder);
    lab.runSteps(given);
    assertThat(given.join()).isNotNull();
  }

  private StartedClone startClone() {
    Grant grant = lab.exports().grants().toExport("/one", HOST, Caller.ROOT);
    Initiator initiator = new Initiator("192.0.2.1", Dialect.VAAI_NAS, grant);
    return lab.engine()
        .startClone(
            CloneOrder.within(
                initiator,
                FileRef.byPath("source"),
                FileRef.byPath("destination"),
                CloneOptions.NONE));
  }

  private void assertClonedAfter(StartedClone clone) {
    assertThat(lab.seedAt(destination, 0)).as("not before").isEqualTo(8);
    assertThat(recalls).hasSize(1);
    delegations.giveBack(recalls.get(0));
    lab.runSteps(clone.end());
    assertThat(clone.end().join().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(lab.seedAt(destination, 2)).isEqualTo(7);
    assertThat(delegations.isEmpty()).isTrue();
  }

  @Test
  void aCloneWaitsForASourceThatAClientWritesAndNotForOneThatItReads() {
    delegate(source, DelegationKind.WRITE);
    StartedClone clone = startClone();
    assertThat(clone.end()).isNotDone();
    assertClonedAfter(clone);

    delegate(source, DelegationKind.READ);
    lab.runSteps(startClone().end());
    assertThat(recalls).hasSize(1);
  }

  @Test
  void aCloneWaitsForItsDestination() {
    delegate(destination, DelegationKind.READ);
    assertClonedAfter(startClone());
  }

  /** It is asked again before the copy is put in place. */
  @Test
  void aCopyWaitsForADestinationThatWasGivenAwayMeanwhile() {
    lab.profiles()
        .set(
            "one",
            NamedProfiles.SHARING
                .draft()
                .fullClone(ArrayProfile.FullClone.COPY)
                .copyBytesPerSecond(OffloadLab.BLOCK)
                .freeze());
    StartedClone clone = startClone();
    delegate(destination, DelegationKind.WRITE);
    lab.passSeconds(10);
    assertThat(clone.end()).isNotDone();
    assertClonedAfter(clone);
  }
}
