/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.facsim.array.Inode;
import org.facsim.nfs.v3.Door;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmCancelArgs;
import org.facsim.protocol.nlm.NlmFreeAllArgs;
import org.facsim.protocol.nlm.NlmHolder;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmShareResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nlm.NlmTestResult;
import org.facsim.protocol.nlm.NlmUnlockArgs;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.HostLocks;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NLM over the wire: what is answered, and what the lock table then holds. */
class NlmProgramTest {
  private final LockDoor door = new LockDoor();

  @AfterEach
  void close() {
    door.close();
  }

  private static NetObject object(String text) {
    return NetObject.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void testTellsTheHolder() {
    assertThat(door.test(door.lock("b", 0, 0), true))
        .isEqualTo(new NlmTestResult(LockDoor.COOKIE, NlmStatus.GRANTED, null));
    door.lock(door.lock("a", 100, 50), true, false);
    assertThat(door.test(door.lock("b", 0, 0), false))
        .isEqualTo(
            new NlmTestResult(
                LockDoor.COOKIE, NlmStatus.DENIED, new NlmHolder(true, 1, object("a"), 100, 50)));
    assertThat(door.test(door.lock("b", 0, 100), true).status()).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.test(door.lock("a", 0, 0), true).status()).isEqualTo(NlmStatus.GRANTED);
  }

  @Test
  void aLockUpToTheEndIsToldWithoutALength() {
    door.lock(door.lock("a", 100, 0), false, false);
    assertThat(door.test(door.lock("b", 0, 0), true).holder())
        .isEqualTo(new NlmHolder(false, 1, object("a"), 100, 0));
  }

  @Test
  void aLockIsTakenOnceAndGivenUp() {
    assertThat(door.exclusive("a")).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.exclusive("a")).as("again").isEqualTo(NlmStatus.GRANTED);
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED);
    assertThat(door.unlock("b")).as("what is not his").isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).containsExactly("a 0 to end");
    assertThat(door.unlock("a")).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.GRANTED);
  }

  @Test
  void processesAndOwnerHandlesOfOneHostStandAgainstEachOther() {
    NlmLock lock = door.lock("a", 0, 0);
    assertThat(door.lock(lock, true, false)).isEqualTo(NlmStatus.GRANTED);
    NlmLock otherProcess = new NlmLock("a", lock.handle(), lock.ownerHandle(), 2, 0, 0);
    NlmLock otherHandle = new NlmLock("a", lock.handle(), object("x"), 1, 0, 0);
    assertThat(door.lock(otherProcess, true, false)).isEqualTo(NlmStatus.DENIED);
    assertThat(door.lock(otherHandle, true, false)).isEqualTo(NlmStatus.DENIED);
  }

  @Test
  void anUnlockUnderAnotherHandleFreesWhatTheProcessHolds() {
    NlmLock lock = door.lock("a", 0, 0);
    NlmLock otherHandle = new NlmLock("a", lock.handle(), object("x"), 1, 0, 0);
    NlmLock otherProcess = new NlmLock("a", lock.handle(), object("x"), 2, 0, 0);
    door.lock(lock, true, false);
    assertThat(door.unlock(otherProcess)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).hasSize(1);
    assertThat(door.unlock(otherHandle)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).isEmpty();

    door.lock(lock, false, false);
    door.lock(otherHandle, false, false);
    assertThat(door.unlock(otherHandle)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).as("its own lock was meant").hasSize(1);
  }

  @Test
  void whoWaitsIsCalledWhenTheLockIsHis() {
    door.exclusive("a");
    NlmLock wanted = door.lock("b", 10, 20);
    assertThat(door.lock(wanted, false, true)).isEqualTo(NlmStatus.BLOCKED);
    assertThat(door.host.poll(100)).isNull();
    door.unlock("a");
    NlmTestArgs granted = door.host.nextGranted();
    assertThat(granted).isEqualTo(new NlmTestArgs(granted.cookie(), false, wanted));
    assertThat(door.holders()).containsExactly("b 10 to 29");
    assertThat(door.host.poll(100)).as("once").isNull();
  }

  @Test
  void hostsBehindOneAddressDoNotDisturbEachOther() {
    NlmLock low = door.lock("guest1", 0, 10);
    NlmLock high = door.lock("guest2", 10, 10);
    assertThat(door.lock(low, true, false)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.lock(high, true, false)).isEqualTo(NlmStatus.GRANTED);
    // one name prefix, one process number, one range: still two hosts
    assertThat(door.lock(door.lock("guest2", 0, 10), true, false)).isEqualTo(NlmStatus.DENIED);
    assertThat(door.unlock(door.lock("guest2", 0, 10))).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).containsExactlyInAnyOrder("guest1 0 to 9", "guest2 10 to 19");

    Door.join(door.nsm.notify(new NsmStateChange("guest2.example", LockDoor.STATE + 2)));
    assertThat(door.holders()).as("guest2 restarted").containsExactly("guest1 0 to 9");
    door.lock(high, true, false);
    Door.join(door.nlm.freeAll(new NlmFreeAllArgs("guest1", LockDoor.STATE)));
    assertThat(door.holders()).as("guest1 gave up").containsExactly("guest2 10 to 19");
    Door.join(door.nsm.notify(new NsmStateChange("guest3", LockDoor.STATE + 2)));
    assertThat(door.holders()).as("guest3 is neither").containsExactly("guest2 10 to 19");
  }

  @Test
  void whoWouldWaitForHimselfIsTold() {
    NlmLock low = door.lock("a", 0, 1);
    NlmLock high = door.lock("b", 1, 1);
    door.lock(low, true, false);
    door.lock(door.lock("b", 1, 1), true, false);
    assertThat(door.lock(door.lock("a", 1, 1), true, true)).isEqualTo(NlmStatus.BLOCKED);
    assertThat(door.lock(new NlmLock("b", high.handle(), high.ownerHandle(), 1, 0, 1), true, true))
        .isEqualTo(NlmStatus.DEADLCK);
  }

  @Test
  void aWaitIsCancelled() {
    door.exclusive("a");
    NlmLock wanted = door.lock("b", 0, 0);
    assertThat(door.cancel(wanted, true)).isEqualTo(NlmStatus.DENIED);
    door.lock(wanted, true, true);
    assertThat(door.cancel(wanted, false)).as("another wait").isEqualTo(NlmStatus.DENIED);
    assertThat(door.cancel(wanted, true)).isEqualTo(NlmStatus.GRANTED);
    door.unlock("a");
    assertThat(door.host.poll(100)).isNull();
    assertThat(door.holders()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, FBIG",
    "0, -1, FBIG",
    "9223372036854775807, 2, FBIG",
    "9223372036854775807, 1, GRANTED",
    "9223372036854775807, 0, GRANTED",
    "0, 9223372036854775807, GRANTED",
    "1, 9223372036854775807, GRANTED",
    "2, 9223372036854775807, FBIG",
  })
  void rangesBeyondWhatAFileCanHaveAreRefused(long offset, long length, NlmStatus status) {
    NlmLock lock = door.lock("a", offset, length);
    assertThat(door.lock(lock, true, false)).isEqualTo(status);
    assertThat(door.test(lock, true).status()).isEqualTo(status);
    assertThat(door.unlock(lock)).isEqualTo(status);
    assertThat(door.holders()).isEmpty();
  }

  @Test
  void whatIsNoFileOfTheArrayIsRefused() {
    assertThat(statusFor(door.door.root)).as("a directory").isEqualTo(NlmStatus.FAILED);
    assertThat(statusFor(Nfs3Handle.of(new byte[] {1, 2}))).isEqualTo(NlmStatus.STALE_FH);
    Door.join(door.door.client.remove(door.door.root, "f"));
    assertThat(statusFor(door.file)).isEqualTo(NlmStatus.STALE_FH);
  }

  private NlmStatus statusFor(Nfs3Handle handle) {
    return door.lock(new NlmLock("a", handle, object("a"), 1, 0, 0), true, false);
  }

  @Test
  void aRemovedFileKeepsItsLocksUntilTheyAreGivenUp() {
    door.exclusive("a");
    Door.join(door.door.client.remove(door.door.root, "f"));
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED);
    assertThat(door.unlock("a")).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.STALE_FH);
  }

  @Test
  void theExportsTermsHoldForLocks() {
    door.exclusive("a");
    export("192.0.2.0/24(rw)");
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.FAILED);
    assertThat(door.test(door.lock("b", 0, 0), true).status()).isEqualTo(NlmStatus.FAILED);
    assertThat(door.unlock("a")).as("giving up is always allowed").isEqualTo(NlmStatus.GRANTED);
    export("*(ro)");
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.ROFS);
    assertThat(door.lock(door.lock("b", 0, 0), false, false)).isEqualTo(NlmStatus.GRANTED);
    door.unlock("b");
    export("*(rw,all_squash)");
    assertThat(door.lock(door.lock("b", 0, 0), false, false)).isEqualTo(NlmStatus.FAILED);
    door.door.exports.withdraw(door.door.volume);
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.STALE_FH);
    assertThat(door.holders()).isEmpty();
  }

  private void export(String rules) {
    door.door.exports.export(door.door.volume, ExportSyntax.parseRules(rules));
  }

  @Test
  void sharesStandAgainstEachOther() {
    NlmShareArgs reads = share("a", NlmShareArgs.READ, NlmShareArgs.WRITE);
    NlmShareArgs writes = share("b", NlmShareArgs.WRITE, 0);
    assertThat(Door.join(door.nlm.share(reads))).isEqualTo(answer(NlmStatus.GRANTED));
    assertThat(Door.join(door.nlm.share(writes))).isEqualTo(answer(NlmStatus.DENIED));
    assertThat(Door.join(door.nlm.unshare(writes))).isEqualTo(answer(NlmStatus.GRANTED));
    assertThat(Door.join(door.nlm.unshare(reads))).isEqualTo(answer(NlmStatus.GRANTED));
    assertThat(Door.join(door.nlm.share(writes))).isEqualTo(answer(NlmStatus.GRANTED));
    assertThat(door.holdings.opens().openCount()).isEqualTo(1);
  }

  private NlmShareArgs share(String hostName, int access, int deny) {
    return new NlmShareArgs(LockDoor.COOKIE, hostName, door.file, object("w"), deny, access, false);
  }

  private static NlmShareResult answer(NlmStatus status) {
    return new NlmShareResult(LockDoor.COOKIE, status, 0);
  }

  @Test
  void freeAllFreesOneHost() {
    door.exclusive("a");
    door.lock(door.lock("b", 0, 0), true, true);
    Door.join(door.nlm.share(share("a", 1, 0)));
    Door.join(door.nlm.freeAll(new NlmFreeAllArgs("nobody", 1)));
    assertThat(door.holders()).containsExactly("a 0 to end");
    Door.join(door.nlm.freeAll(new NlmFreeAllArgs("a", 1)));
    assertThat(door.holders()).containsExactly("b 0 to end");
    assertThat(door.host.nextGranted().lock().callerName()).isEqualTo("b");
    assertThat(door.holdings.opens().openCount()).isZero();
  }

  @Test
  void anUnmonitoredLockIsALock() {
    NlmLockArgs args =
        new NlmLockArgs(LockDoor.COOKIE, false, true, door.lock("dos", 0, 0), false, 0);
    assertThat(Door.join(door.nlm.lockUnmonitored(args)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.GRANTED));
    assertThat(door.exclusive("a")).isEqualTo(NlmStatus.DENIED);
  }

  @Test
  void messagesAreAnsweredByMessages() {
    NlmLock lock = door.lock("a", 0, 0);
    send(Nlm.LOCK_MSG, new NlmLockArgs(LockDoor.COOKIE, false, true, lock, false, 1)::encode);
    assertThat(NlmResult.decode(door.host.next(Nlm.PROGRAM, Nlm.LOCK_RES)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.GRANTED));
    send(Nlm.TEST_MSG, new NlmTestArgs(LockDoor.COOKIE, true, door.lock("b", 0, 0))::encode);
    assertThat(NlmTestResult.decode(door.host.next(Nlm.PROGRAM, Nlm.TEST_RES)))
        .isEqualTo(
            new NlmTestResult(
                LockDoor.COOKIE, NlmStatus.DENIED, new NlmHolder(true, 1, object("a"), 0, 0)));
    send(Nlm.CANCEL_MSG, new NlmCancelArgs(LockDoor.COOKIE, true, true, lock)::encode);
    assertThat(NlmResult.decode(door.host.next(Nlm.PROGRAM, Nlm.CANCEL_RES)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.DENIED));
    send(Nlm.UNLOCK_MSG, new NlmUnlockArgs(LockDoor.COOKIE, lock)::encode);
    assertThat(NlmResult.decode(door.host.next(Nlm.PROGRAM, Nlm.UNLOCK_RES)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.GRANTED));
    assertThat(door.holders()).isEmpty();
  }

  @Test
  void thisServerWaitsForNothing() {
    NlmTestArgs granted = new NlmTestArgs(LockDoor.COOKIE, true, door.lock("x", 0, 0));
    assertThat(Door.join(door.nlm.granted(granted)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.DENIED));
    send(Nlm.GRANTED_MSG, granted::encode);
    assertThat(NlmResult.decode(door.host.next(Nlm.PROGRAM, Nlm.GRANTED_RES)))
        .isEqualTo(new NlmResult(LockDoor.COOKIE, NlmStatus.DENIED));
  }

  private void send(int procedure, Consumer<ByteBuf> arguments) {
    assertThat(door.call(procedure, arguments)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Nlm.NULL, Nlm.TEST_RES, Nlm.LOCK_RES, Nlm.CANCEL_RES, Nlm.UNLOCK_RES})
  void whatNeedsNoAnswerGetsAnEmptyOne(int procedure) {
    send(procedure, new NlmResult(LockDoor.COOKIE, NlmStatus.GRANTED)::encode);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 18, 19, 24, -1})
  void unknownProceduresAreUnavailable(int procedure) {
    assertThat(failure(procedure, out -> {})).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
  }

  private RpcFailure failure(int procedure, Consumer<ByteBuf> arguments) {
    try {
      door.call(procedure, arguments);
    } catch (RpcException e) {
      return e.failure();
    }
    throw new AssertionError("procedure " + procedure + " succeeded");
  }

  @Test
  void argumentsCutShortAnywhereAreGarbageAndChangeNothing() {
    door.exclusive("a");
    NlmLock lock = door.lock("a", 0, 0);
    Map<Integer, Consumer<ByteBuf>> calls =
        Map.of(
            Nlm.TEST, new NlmTestArgs(LockDoor.COOKIE, true, lock)::encode,
            Nlm.LOCK, new NlmLockArgs(LockDoor.COOKIE, true, true, lock, false, 1)::encode,
            Nlm.CANCEL, new NlmCancelArgs(LockDoor.COOKIE, true, true, lock)::encode,
            Nlm.UNLOCK, new NlmUnlockArgs(LockDoor.COOKIE, lock)::encode,
            Nlm.LOCK_MSG, new NlmLockArgs(LockDoor.COOKIE, true, true, lock, false, 1)::encode,
            Nlm.UNLOCK_MSG, new NlmUnlockArgs(LockDoor.COOKIE, lock)::encode,
            Nlm.SHARE, share("a", 1, 1)::encode,
            Nlm.UNSHARE, share("a", 1, 1)::encode,
            Nlm.FREE_ALL, new NlmFreeAllArgs("a", 1)::encode,
            Nlm.GRANTED_RES, new NlmResult(LockDoor.COOKIE, NlmStatus.DENIED)::encode);
    calls.forEach(
        (procedure, encoder) -> {
          ByteBuf whole = Unpooled.buffer();
          encoder.accept(whole);
          for (int bytes = 0; bytes < whole.readableBytes(); bytes += 4) {
            int cut = bytes;
            assertThat(failure(procedure, out -> out.writeBytes(whole, 0, cut)))
                .as("procedure %d, %d bytes", procedure, cut)
                .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
          }
        });
    assertThat(door.holders()).containsExactly("a 0 to end");
    assertThat(door.table.waiterCount() + door.holdings.opens().openCount()).isZero();
    assertThat(door.host.poll(50)).isNull();
  }

  @Test
  void absurdLengthsAreGarbage() {
    assertThat(failure(Nlm.TEST, out -> out.writeInt(1025).writeZero(2000)))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    assertThat(failure(Nlm.TEST, out -> out.writeInt(-1).writeZero(2000)))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    assertThat(failure(Nlm.SHARE, this::encodeShareOfModeFour))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
  }

  /** The highest mode is 3. */
  private void encodeShareOfModeFour(ByteBuf out) {
    share("a", 1, 1).encode(out);
    out.setInt(out.writerIndex() - 12, 4);
  }

  @Test
  void anAdminFreesWhatASilentHostHolds() {
    door.exclusive("a");
    assertThat(door.manager.hosts()).hasSize(1);
    HostLocks.Host host = door.manager.hosts().get(0);
    assertThat(host.name()).isEqualTo("a");
    assertThat(door.manager.release(host.client())).isEqualTo(1);
    assertThat(door.exclusive("b")).isEqualTo(NlmStatus.GRANTED);
  }

  @Test
  void aLockOrAShareWaitsUntilADelegationIsGivenBack() throws Exception {
    record Client() implements LockClient {}
    BlockingQueue<Delegation> recalls = new LinkedBlockingQueue<>();
    DelegationHolder holder =
        new DelegationHolder() {
          @Override
          public void recall(Delegation delegation) {
            recalls.add(delegation);
          }

          @Override
          public void revoked(Delegation delegation) {}
        };
    Delegations delegations = door.holdings.delegations();
    LockOwner owner = new LockOwner(new Client(), 1);
    Inode file = door.inode();
    for (boolean isShare : new boolean[] {false, true}) {
      assertThat(delegations.grant(file, DelegationKind.WRITE, owner, holder).join()).isNotNull();
      CompletableFuture<NlmStatus> answer =
          isShare
              ? door.nlm
                  .share(
                      new NlmShareArgs(
                          LockDoor.COOKIE,
                          "a",
                          door.file,
                          NetObject.of(new byte[] {1}),
                          0,
                          NlmShareArgs.READ,
                          false))
                  .thenApply(NlmShareResult::status)
              : door.nlm
                  .lock(
                      new NlmLockArgs(LockDoor.COOKIE, false, true, door.lock("a", 0, 0), false, 7))
                  .thenApply(NlmResult::status);
      Delegation held = recalls.take();
      assertThat(answer).isNotDone();
      assertThat(door.table.held()).isEmpty();
      delegations.giveBack(held);
      assertThat(Door.join(answer)).isEqualTo(NlmStatus.GRANTED);
      assertThat(delegations.grant(file, DelegationKind.WRITE, owner, holder).join()).isNull();
      door.holdings.release(each -> true);
    }
  }
}
