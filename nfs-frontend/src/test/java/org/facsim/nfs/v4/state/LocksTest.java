/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LOCK, LOCKT, LOCKU: RFC 8881 sections 18.10 to 18.12; and locks of other doors. */
class LocksTest {
  private static final int READ_LT = 1;
  private static final int WRITE_LT = 2;
  private static final int WRITEW_LT = 4;

  private final StateDoor door = new StateDoor();
  private Host anna;
  private Host bert;
  private Answer.Opened annas;
  private Answer.Opened berts;

  @BeforeEach
  void open() {
    anna = Host.ready(door, "anna");
    bert = Host.ready(door, "bert");
    annas = anna.create("f");
    berts = bert.create("f");
  }

  @AfterEach
  void close() {
    anna.close();
    bert.close();
    door.close();
  }

  private static Stateid4 locked(Answer answer) {
    assertThat(answer.status).isEqualTo(Nfs4Status.OK);
    return answer.sequence().handle().ok(Op4.LOCK).stateid();
  }

  private Answer lock(Host host, Answer.Opened open, int type, long offset, long length) {
    return host.call(Ops.at(open.handle).lockNew(type, open.stateid, "l", offset, length));
  }

  @Test
  void rangesConflictBetweenClientsAndTheHolderIsTold() {
    Stateid4 first = locked(lock(anna, annas, WRITE_LT, 10, 20));
    assertThat(first.seqid()).isEqualTo(1);
    Answer denied = lock(bert, berts, READ_LT, 29, 1);
    assertThat(denied.status).isEqualTo(Nfs4Status.DENIED);
    denied.sequence().handle().expect(Op4.LOCK, Nfs4Status.DENIED);
    assertThat(denied.in.readLong()).isEqualTo(10);
    assertThat(denied.in.readLong()).isEqualTo(20);
    assertThat(denied.in.readInt()).isEqualTo(WRITE_LT);
    assertThat(denied.in.readLong()).isEqualTo(anna.clientId);
    assertThat(new String(denied.opaque(), UTF_8)).isEqualTo("l");
    assertThat(lock(bert, berts, READ_LT, 30, 1).status).isEqualTo(Nfs4Status.OK);
    assertThat(bert.call(Ops.at(berts.handle).lockTest(WRITE_LT, 0, "l", 0, -1)).status)
        .isEqualTo(Nfs4Status.DENIED);
    assertThat(bert.call(Ops.at(berts.handle).lockTest(WRITE_LT, 0, "l", 0, 10)).status)
        .isEqualTo(Nfs4Status.OK);
  }

  @Test
  void locksAreExtendedChangedAndGivenUp() {
    Stateid4 first = locked(lock(anna, annas, WRITE_LT, 0, 10));
    Stateid4 second = locked(anna.call(Ops.at(annas.handle).lock(READ_LT, 0, first, 0, 5)));
    assertThat(second).isEqualTo(first.withSeqid(2));
    assertThat(lock(bert, berts, READ_LT, 0, 5).status).as("downgraded").isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(annas.handle).lock(WRITE_LT, 0, second, 0, 5)).status)
        .as("an upgrade conflicts")
        .isEqualTo(Nfs4Status.DENIED);
    Answer answer = anna.call(Ops.at(annas.handle).unlock(0, second, 0, -1));
    Stateid4 third = answer.sequence().handle().ok(Op4.LOCKU).stateid();
    assertThat(third.seqid()).isEqualTo(3);
    assertThat(lock(bert, berts, WRITE_LT, 0, -1).status).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.none().stateid(Op4.FREE_STATEID, third)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(annas.handle).unlock(0, third, 0, -1)).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void locksThatAreHeldAreNotFreedButClosed() {
    Stateid4 lock = locked(lock(anna, annas, WRITE_LT, 0, -1));
    assertThat(anna.call(Ops.none().stateid(Op4.FREE_STATEID, lock)).status)
        .isEqualTo(Nfs4Status.LOCKS_HELD);
    assertThat(anna.call(Ops.at(annas.handle).writeData(lock, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    anna.close(annas);
    assertThat(door.holdings.locks().held()).isEmpty();
    assertThat(lock(bert, berts, WRITE_LT, 0, -1).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void rangesAreChecked() {
    assertThat(lock(anna, annas, WRITE_LT, 0, 0).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(lock(anna, annas, WRITE_LT, -1, 2).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(lock(anna, annas, WRITE_LT, 100, -2).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(lock(anna, annas, WRITE_LT, -1, 1).status)
        .as("the last byte")
        .isEqualTo(Nfs4Status.OK);
    assertThat(lock(anna, annas, WRITE_LT, 1L << 62, 1L << 62).status).isEqualTo(Nfs4Status.OK);
    assertThat(lock(anna, annas, 7, 0, 1).status).isEqualTo(Nfs4Status.BADXDR);
    assertThat(anna.call(Ops.volume().lockTest(READ_LT, 0, "l", 0, 1)).status)
        .isEqualTo(Nfs4Status.ISDIR);
    var unused =
        door.volume
            .names()
            .makeSymbolicLink(
                Caller.ROOT,
                door.volume.root(),
                Name.of("s"),
                new byte[] {'f'},
                AttributeChanges.NONE);
    Ops link = Ops.at(door.inode("s").handle().toBytes()).lockTest(READ_LT, 0, "l", 0, 1);
    assertThat(anna.call(link).status).isEqualTo(Nfs4Status.SYMLINK);
  }

  @Test
  void theOpenMustBeForWhatIsLocked() {
    Answer.Opened reading = anna.open(Ops.wish("f").access(Ops.READ | Ops.WANT_NONE).owner("r"));
    assertThat(lock(anna, reading, WRITE_LT, 0, 1).status).isEqualTo(Nfs4Status.OPENMODE);
    assertThat(lock(anna, reading, READ_LT, 0, 1).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void locksOfOtherDoorsAreSeenAndSeeThese() {
    Inode file = door.inode("f");
    LockOwner other = new LockOwner(new OtherDoor(), 1);
    locked(lock(anna, annas, WRITE_LT, 0, 10));
    assertThat(door.holdings.locks().lock(file, other, new ByteRange(5, 5), LockMode.SHARED))
        .isInstanceOf(LockOutcome.Denied.class);
    assertThat(door.holdings.locks().lock(file, other, new ByteRange(50, 59), LockMode.EXCLUSIVE))
        .isInstanceOf(LockOutcome.Granted.class);
    Answer denied = lock(bert, berts, READ_LT, 55, 1);
    denied.sequence().handle().expect(Op4.LOCK, Nfs4Status.DENIED);
    assertThat(denied.in.readLong()).isEqualTo(50);
    assertThat(denied.in.readLong()).isEqualTo(10);
  }

  private record OtherDoor() implements LockClient {}

  @Test
  void whoWaitsIsToldWhenTheLockMayBeFree() {
    Stateid4 held = locked(lock(anna, annas, WRITE_LT, 0, 10));
    assertThat(lock(bert, berts, WRITEW_LT, 5, 1).status).isEqualTo(Nfs4Status.DENIED);
    anna.call(Ops.at(annas.handle).unlock(0, held, 0, 5));
    assertThat(bert.callbacks.asked).isEmpty();
    anna.call(Ops.at(annas.handle).unlock(0, held.withSeqid(0), 5, 5));
    assertThat(CallbackProgram.isNotice(bert.callbacks.next())).isTrue();
    assertThat(lock(bert, berts, WRITEW_LT, 5, 1).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aReclaimOutsideOfAGracePeriodIsTooLate() {
    Ops ops = Ops.at(annas.handle).lockNew(WRITE_LT, true, 0, annas.stateid, 0, 0, "l", 0, 1);
    assertThat(anna.call(ops).status).isEqualTo(Nfs4Status.NO_GRACE);
  }
}
