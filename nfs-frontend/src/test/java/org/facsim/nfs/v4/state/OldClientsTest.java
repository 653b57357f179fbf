/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of minor version 0: RFC 7530 sections 9 and 16. */
class OldClientsTest {
  private static final int CONFIRM = 2;
  private static final Credential OTHER = new Credential.Sys(1, "tester", 77, 77, List.of());
  private final StateDoor door = new StateDoor();
  private final OldHost anna = OldHost.ready(door, "anna");

  @AfterEach
  void close() {
    anna.close();
    door.close();
  }

  private static Ops.OpenWish create(String name) {
    return Ops.wish(name).create(OpenArgs.UNCHECKED);
  }

  // ---------------------------------------------------------------- client ids

  @Test
  void aClientIdIsConfirmedByItsVerifier() {
    OldHost host = new OldHost(door, "new");
    host.setClientId(1).ok(Op4.SETCLIENTID);
    host.readClientId();
    assertThat(host.renew()).isEqualTo(Nfs4Status.STALE_CLIENTID);
    assertThat(host.confirm(host.clientId, host.confirm + 1).status)
        .isEqualTo(Nfs4Status.STALE_CLIENTID);
    assertThat(host.confirm().status).isEqualTo(Nfs4Status.OK);
    assertThat(host.confirm().status).as("once more").isEqualTo(Nfs4Status.OK);
    assertThat(host.renew()).isEqualTo(Nfs4Status.OK);
    assertThat(host.confirm(0, 0).status).isEqualTo(Nfs4Status.STALE_CLIENTID);
    host.close();
  }

  @Test
  void theSameVerifierOnlyChangesTheCallback() {
    anna.openConfirmed(create("f"));
    long before = anna.clientId;
    anna.setClientId(1).ok(Op4.SETCLIENTID);
    anna.readClientId();
    assertThat(anna.clientId).isEqualTo(before);
    anna.confirm().ok(Op4.SETCLIENTID_CONFIRM);
    assertThat(door.holdings.opens().openCount()).isEqualTo(1);
  }

  /** RFC 7530 section 16.34.5: a SETCLIENTID_CONFIRM that comes again changes nothing. */
  @Test
  void anOldConfirmationThatComesAgainLeavesTheNewCallbackUnconfirmed() {
    anna.openConfirmed(create("f"));
    long first = anna.confirm;
    Client4 client = door.state.clients().find(anna.clientId);
    CallbackAddress before = client.callback;
    anna.setClientId(1).ok(Op4.SETCLIENTID);
    anna.readClientId();
    assertThat(anna.confirm(anna.clientId, first).status).isEqualTo(Nfs4Status.OK);
    assertThat(client.callback).isSameAs(before);
    assertThat(anna.confirm(anna.clientId, 0).status).isEqualTo(Nfs4Status.STALE_CLIENTID);
    anna.confirm().ok(Op4.SETCLIENTID_CONFIRM);
    assertThat(client.callback).isNotSameAs(before);
    assertThat(anna.confirm(anna.clientId, first).status)
        .as("the new one has taken its place")
        .isEqualTo(Nfs4Status.STALE_CLIENTID);
    assertThat(door.holdings.opens().openCount()).isEqualTo(1);
  }

  @Test
  void aRestartedClientLosesWhatItHeldWhenItConfirms() {
    Answer.Opened opened = anna.openConfirmed(create("f"));
    long before = anna.clientId;
    anna.setClientId(2).ok(Op4.SETCLIENTID);
    anna.readClientId();
    assertThat(anna.clientId).isNotEqualTo(before);
    assertThat(door.holdings.opens().openCount()).isEqualTo(1);
    anna.confirm().ok(Op4.SETCLIENTID_CONFIRM);
    assertThat(door.holdings.opens().openCount()).isZero();
    assertThat(anna.call(Ops.at(opened.handle).read(opened.stateid)).status)
        .isEqualTo(Nfs4Status.EXPIRED);
  }

  @Test
  void anotherPrincipalIsToldWhoUsesTheName() {
    anna.openConfirmed(create("f"));
    OldHost other = new OldHost(door, "anna", OTHER);
    Answer answer = other.setClientId(1);
    answer.expect(Op4.SETCLIENTID, Nfs4Status.CLID_INUSE);
    assertThat(new String(answer.opaque(), UTF_8)).startsWith("tcp");
    assertThat(new String(answer.opaque(), UTF_8)).startsWith("127.0.0.1");
    other.close();
  }

  @Test
  void idsAndStateidsOfAnEarlierRunAreStale() {
    Answer.Opened opened = anna.openConfirmed(create("f"));
    door.restart();
    OldHost back = new OldHost(door, "anna");
    back.clientId = anna.clientId;
    assertThat(back.renew()).isEqualTo(Nfs4Status.STALE_CLIENTID);
    assertThat(back.call(Ops.at(opened.handle).read(opened.stateid)).status)
        .isEqualTo(Nfs4Status.STALE_STATEID);
    assertThat(back.call(back.openOps(Ops.wish("f"), 3)).status)
        .isEqualTo(Nfs4Status.STALE_CLIENTID);
    back.close();
  }

  @Test
  void whatHasExpiredIsCalledSo() {
    Answer.Opened opened = anna.openConfirmed(create("f").deny(Ops.BOTH));
    door.time.pass(Duration.ofSeconds(95));
    OldHost bert = OldHost.ready(door, "bert");
    bert.openConfirmed(Ops.wish("f"));
    assertThat(anna.renew()).isEqualTo(Nfs4Status.EXPIRED);
    assertThat(anna.call(Ops.at(opened.handle).read(opened.stateid)).status)
        .isEqualTo(Nfs4Status.EXPIRED);
    bert.close();
  }

  @Test
  void usingAStateidRenewsTheLease() {
    Answer.Opened opened = anna.openConfirmed(create("f").deny(Ops.BOTH));
    for (int i = 0; i < 5; i++) {
      door.time.pass(Duration.ofSeconds(60));
      assertThat(anna.call(Ops.at(opened.handle).read(opened.stateid)).status)
          .isEqualTo(Nfs4Status.OK);
    }
    OldHost bert = OldHost.ready(door, "bert");
    assertThat(bert.call(bert.openOps(Ops.wish("f"), 1)).status).isEqualTo(Nfs4Status.SHARE_DENIED);
    bert.close();
  }

  // ---------------------------------------------------------------- owners and their sequences

  @Test
  void aNewOwnerIsConfirmedFirst() {
    Answer.Opened opened = anna.open(create("f"), 5);
    assertThat(opened.flags & CONFIRM).isEqualTo(CONFIRM);
    assertThat(anna.call(Ops.at(opened.handle).close(6, opened.stateid)).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    assertThat(anna.openConfirm(opened, 7).status).isEqualTo(Nfs4Status.BAD_SEQID);
    Answer answer = anna.openConfirm(opened, 6);
    opened.stateid = answer.handle().ok(Op4.OPEN_CONFIRM).stateid();
    assertThat(opened.stateid.seqid()).isEqualTo(2);
    Answer.Opened second = anna.open(create("g"), 7);
    assertThat(second.flags & CONFIRM).isZero();
  }

  @Test
  void anOpenOfAnUnconfirmedOwnerBeginsAnew() {
    anna.open(create("f"), 1);
    Answer.Opened second = anna.open(create("g"), 100);
    assertThat(second.flags & CONFIRM).isEqualTo(CONFIRM);
    assertThat(door.holdings.opens().openCount()).isEqualTo(1);
  }

  @Test
  void aRepeatedRequestGetsItsAnswerAgain() {
    Answer.Opened f = anna.openConfirmed(create("f"));
    Ops open = anna.openOps(create("g"), 3);
    Answer first = anna.call(open);
    assertThat(anna.call(open).whole).isEqualTo(first.whole);
    Answer.Opened g = OldHost.read(first);
    assertThat(anna.call(anna.openOps(Ops.wish("none"), 4)).status).isEqualTo(Nfs4Status.NOENT);
    anna.openConfirmed(create("none").owner("two"));
    assertThat(anna.call(anna.openOps(Ops.wish("none"), 4)).status)
        .as("failures count, too")
        .isEqualTo(Nfs4Status.NOENT);
    Ops close = Ops.at(g.handle).close(5, g.stateid);
    Answer closed = anna.call(close);
    assertThat(closed.status).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(close).whole).isEqualTo(closed.whole);
    assertThat(anna.call(Ops.at(f.handle).close(5, f.stateid)).status)
        .as("an old number with something else, which is the same operation")
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(f.handle).close(9, f.stateid)).status)
        .isEqualTo(Nfs4Status.BAD_SEQID);
    assertThat(anna.call(Ops.at(f.handle).close(6, f.stateid)).status).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(close).status).as("too old").isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void whatDoesNotCountLeavesTheSequenceAlone() {
    Answer.Opened f = anna.openConfirmed(create("f"));
    assertThat(anna.call(Ops.at(f.handle).close(3, f.stateid.withSeqid(1))).status)
        .isEqualTo(Nfs4Status.OLD_STATEID);
    assertThat(anna.call(Ops.at(f.handle).close(4, f.stateid.withSeqid(9))).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    assertThat(anna.call(Ops.at(f.handle).close(4, f.stateid)).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aZeroSeqidIsNoCurrentOneHere() {
    Answer.Opened f = anna.openConfirmed(create("f"));
    assertThat(anna.call(Ops.at(f.handle).read(f.stateid.withSeqid(0))).status)
        .isEqualTo(Nfs4Status.OLD_STATEID);
    assertThat(anna.call(Ops.at(f.handle).read(Stateid4.CURRENT)).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void lockOwnersHaveSequencesOfTheirOwn() {
    Answer.Opened f = anna.openConfirmed(create("f"));
    Ops first = Ops.at(f.handle).lockNew(2, false, 3, f.stateid, 40, anna.clientId, "l", 0, 10);
    Answer answer = anna.call(first);
    assertThat(anna.call(first).whole).isEqualTo(answer.whole);
    Stateid4 lock = answer.handle().ok(Op4.LOCK).stateid();
    Ops second = Ops.at(f.handle).lock(2, 41, lock, 20, 10);
    Answer more = anna.call(second);
    assertThat(anna.call(second).whole).isEqualTo(more.whole);
    lock = more.handle().ok(Op4.LOCK).stateid();
    assertThat(anna.call(Ops.at(f.handle).lock(2, 44, lock, 20, 10)).status)
        .isEqualTo(Nfs4Status.BAD_SEQID);
    assertThat(release("l")).isEqualTo(Nfs4Status.LOCKS_HELD);
    Ops unlock = Ops.at(f.handle).unlock(42, lock, 0, -1);
    Answer unlocked = anna.call(unlock);
    assertThat(anna.call(unlock).whole).isEqualTo(unlocked.whole);
    assertThat(release("l")).isEqualTo(Nfs4Status.OK);
    assertThat(release("l")).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(f.handle).close(4, f.stateid)).status).isEqualTo(Nfs4Status.OK);
  }

  private Nfs4Status release(String owner) {
    return anna.call(
            Ops.none()
                .add(
                    Op4.RELEASE_LOCKOWNER,
                    out -> {
                      out.writeLong(anna.clientId);
                      Xdr.writeString(out, owner);
                    }))
        .status;
  }

  @Test
  void ownersOfOneClientDoNotWaitForEachOther() {
    for (int i = 0; i < 20; i++) {
      Answer.Opened opened = anna.openConfirmed(create("f" + i).owner("o" + i));
      assertThat(opened.stateid.seqid()).isEqualTo(2);
    }
  }

  // ---------------------------------------------------------------- delegations

  private void awaitPath() {
    Client4 client = door.state.clients().find(anna.clientId);
    for (int i = 0; i < 2000 && !client.path.isUp(); i++) {
      anna.renew();
    }
    assertThat(client.path.isUp()).isTrue();
  }

  @Test
  void aDelegationIsRecalledAtTheAddressOfTheClient() {
    awaitPath();
    Answer.Opened f = anna.openConfirmed(create("f"));
    assertThat(f.delegation).as("the owner is not confirmed yet").isZero();
    Answer.Opened again = anna.open(Ops.wish("f").access(Ops.READ), 3);
    assertThat(again.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);
    OldHost bert = OldHost.ready(door, "bert");
    CompletableFuture<Answer> waits =
        Host.send(bert.rpc, 0, bert.openOps(Ops.wish("f").access(Ops.READ), 1));
    CallbackProgram.Asked asked = anna.callbacks.next();
    assertThat(asked.minor()).isZero();
    assertThat(asked.stateid()).isEqualTo(again.delegated);
    assertThat(anna.call(Ops.at(f.handle).stateid(Op4.DELEGRETURN, again.delegated)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(waits.join().status).isEqualTo(Nfs4Status.OK);
    bert.close();
  }

  /** RFC 7530 section 10.4: a delegation stands in the way of other clients only. */
  @Test
  void anOpenForWritingLeavesTheReadDelegationOfItsOwnClientAlone() {
    awaitPath();
    var unused =
        door.volume
            .names()
            .create(
                Caller.ROOT,
                door.volume.root(),
                Name.of("f"),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.ofMode(0666));
    anna.openConfirmed(Ops.wish("f").access(Ops.READ));
    Answer.Opened reads = anna.open(Ops.wish("f").access(Ops.READ), 3);
    assertThat(reads.delegation).isEqualTo(OpenArgs.DELEGATE_READ);
    anna.open(Ops.wish("f").owner("other").access(Ops.BOTH), 1);
    assertThat(anna.callbacks.asked).isEmpty();
    assertThat(anna.call(Ops.at(reads.handle).stateid(Op4.DELEGRETURN, reads.delegated)).status)
        .as("it has it still")
        .isEqualTo(Nfs4Status.OK);
  }

  /** Nothing in a REMOVE says which client of minor version 0 sends it. */
  @Test
  void aCallThatDoesNotSayItsClientRecallsEvenItsOwnDelegation() {
    awaitPath();
    Answer.Opened f = anna.openConfirmed(create("f"));
    Answer.Opened again = anna.open(Ops.wish("f").access(Ops.READ), 3);
    CompletableFuture<Answer> waits =
        Host.send(anna.rpc, 0, Ops.volume().add(Op4.REMOVE, out -> Xdr.writeString(out, "f")));
    assertThat(anna.callbacks.next().stateid()).isEqualTo(again.delegated);
    assertThat(anna.call(Ops.at(f.handle).stateid(Op4.DELEGRETURN, again.delegated)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(waits.join().status).isEqualTo(Nfs4Status.OK);
  }
}
