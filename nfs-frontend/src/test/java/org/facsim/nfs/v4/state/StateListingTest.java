/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.control.LeasedClients;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.ShareReservation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an administrator sees of clients of NFSv4, and how one of them is made to go. */
class StateListingTest {
  private final StateDoor door = new StateDoor();
  private final Host anna = Host.ready(door, "anna");
  private final LeasedClients listing = door.state.leasedClients();

  @AfterEach
  void close() {
    anna.close();
    door.close();
  }

  private LeasedClients.Client client(String name) {
    return listing.clients().stream()
        .filter(each -> each.name().contains(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void opensLocksAndDelegationsAreShownWithTheirOwners() {
    Answer.Opened denies =
        anna.open(
            Ops.wish("f")
                .create(OpenArgs.UNCHECKED)
                .access(Ops.BOTH | Ops.WANT_NONE)
                .deny(Ops.BOTH)
                .owner("esx-vmx"));
    anna.call(Ops.at(denies.handle).lockNew(2, denies.stateid, "l", 0, 10));
    anna.close(anna.create("g"));
    Answer.Opened delegated = anna.open(Ops.wish("g").access(Ops.BOTH | Ops.WANT_WRITE));
    assertThat(delegated.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);

    LeasedClients.Client shown = client("anna");
    assertThat(shown.id()).isEqualTo(anna.clientId);
    assertThat(shown.hasSessions()).isTrue();
    assertThat(shown.address().isLoopbackAddress()).isTrue();
    assertThat(shown.sessions()).isEqualTo(1);
    assertThat(shown.connections()).isEqualTo(1);
    assertThat(shown.opens()).isEqualTo(2);
    assertThat(shown.lockedFiles()).isEqualTo(1);
    assertThat(shown.delegations()).isEqualTo(1);
    assertThat(listing.opens())
        .filteredOn(open -> open.owner().contains("esx-vmx"))
        .singleElement()
        .satisfies(
            open -> {
              assertThat(open.clientId()).isEqualTo(anna.clientId);
              assertThat(open.file()).isSameAs(door.inode("f"));
              assertThat(open.share()).isEqualTo(new ShareReservation(3, 3));
            });
    assertThat(listing.delegations())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.file()).isSameAs(door.inode("g"));
              assertThat(each.kind()).isEqualTo(DelegationKind.WRITE);
              assertThat(each.isRevoked()).isFalse();
            });
  }

  @Test
  void aClientOfMinorVersion0IsShownToo() {
    OldHost old = OldHost.ready(door, "old");
    old.openConfirmed(Ops.wish("f").create(OpenArgs.UNCHECKED));
    assertThat(client("old").hasSessions()).isFalse();
    assertThat(client("old").opens()).isEqualTo(1);
    old.close();
  }

  @Test
  void aSilentClientIsShownAsLapsedAndForgottenByAnAdministrator() {
    anna.open(Ops.wish("f").create(OpenArgs.UNCHECKED).deny(Ops.BOTH));
    assertThat(client("anna").isLapsed()).isFalse();
    door.time.pass(StateDoor.LEASE.plus(Duration.ofSeconds(1)));
    assertThat(client("anna").isLapsed()).isTrue();
    assertThat(listing.forget(anna.clientId + 1)).as("nobody").isNegative();
    assertThat(listing.forget(anna.clientId)).as("files").isEqualTo(1);
    assertThat(listing.clients()).isEmpty();
    assertThat(listing.opens()).isEmpty();
    Host bert = Host.ready(door, "bert");
    assertThat(bert.openStatus(Ops.wish("f"))).isEqualTo(Nfs4Status.OK);
    bert.close();
  }
}
