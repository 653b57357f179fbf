/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What `cp --reflink` asks for is a clone job of the array, like one of VAAI. */
class ClonesAsJobsTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private final StateDoor door = new StateDoor();
  private final Host host = Host.ready(door, "h");
  private final List<Runnable> stalled = new CopyOnWriteArrayList<>();
  private int sequence;

  private final Answer.Opened source = host.create("source");
  private final Answer.Opened destination = host.create("destination");
  private final byte[] data = write("source", 10 * BLOCK);

  @AfterEach
  void close() {
    host.close();
    door.close();
  }

  private byte[] write(String name, int bytes) {
    byte[] random = new byte[bytes];
    new Random(bytes).nextBytes(random);
    Inode file = door.inode(name);
    door.volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(random));
    return random;
  }

  private byte[] read(String name) {
    Inode file = door.inode(name);
    ByteBuffer target = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    door.volume.files().read(Caller.ROOT, file, 0, target);
    return target.array();
  }

  private CompletableFuture<Answer> ask(int operation, long from, long to, long count) {
    return ask(operation, from, to, count, source.stateid);
  }

  private CompletableFuture<Answer> ask(
      int operation, long from, long to, long count, Stateid4 sourceStateid) {
    Ops ops =
        Ops.at(source.handle)
            .op(Op4.SAVEFH)
            .add(Op4.PUTFH, out -> Xdr.writeOpaque(out, destination.handle))
            .add(
                operation,
                out -> {
                  sourceStateid.encode(out);
                  destination.stateid.encode(out);
                  out.writeLong(from).writeLong(to).writeLong(count);
                  if (operation == Op4.COPY) {
                    out.writeInt(1).writeInt(1).writeInt(0);
                  }
                })
            .op(Op4.GETFH);
    return host.send(2, host.sequenced(++sequence, 1, false, ops)).thenApply(Answer::sequence);
  }

  private CloneReport report() {
    return door.offload.explanations().lastInto(door.inode("destination").handle()).orElseThrow();
  }

  private void fault(int stall, int fail, OffloadError error) {
    CloneFault fault = new CloneFault("a test", 0, 1, stall, fail, error, stalled::add);
    door.offload.cloneFaults(job -> Optional.of(fault));
  }

  private void awaitStall() throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (stalled.isEmpty() && System.nanoTime() < deadlineNanos) {
      Thread.sleep(5);
    }
    assertThat(stalled).hasSize(1);
  }

  @Test
  void aCloneIsCountedAndExplained() {
    assertThat(ask(Op4.CLONE, 0, 0, 0).join().status).isEqualTo(Nfs4Status.OK);
    OffloadStatistics.Reading counted = door.offload.statistics().read().get(0);
    assertThat(counted.value(OffloadCounter.NFS_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(counted.value(OffloadCounter.BYTES_SAVED)).isEqualTo(10L * BLOCK);
    assertThat(report().request().kind()).isEqualTo("CLONE of NFSv4.2");
    assertThat(report().outcome().isOffloaded()).isTrue();
  }

  @Test
  void theWholeBlocksOfACopyAreACloneToo() {
    int at = 100;
    int count = 5 * BLOCK;
    assertThat(ask(Op4.COPY, at, at, count).join().status).isEqualTo(Nfs4Status.OK);
    OffloadStatistics.Reading counted = door.offload.statistics().read().get(0);
    assertThat(counted.value(OffloadCounter.NFS_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(counted.value(OffloadCounter.BYTES_CLONED)).isEqualTo(4L * BLOCK);
    assertThat(report().request().kind()).isEqualTo("COPY of NFSv4.2");
  }

  @Test
  void aCloneThatAFaultStallsIsAnsweredWhenItHasEnded() throws InterruptedException {
    fault(50, CloneFault.NEVER, OffloadError.IO);
    CompletableFuture<Answer> clone = ask(Op4.CLONE, 0, 0, 0);
    awaitStall();
    assertThat(clone).isNotDone();
    assertThat(door.offload.jobs()).hasSize(1);
    assertThat(door.inode("destination").attributes().sizeBytes()).isZero();
    stalled.get(0).run();
    assertThat(clone.join().status).isEqualTo(Nfs4Status.OK);
    assertThat(read("destination")).isEqualTo(data);
    assertThat(door.offload.statistics().read().get(0).value(OffloadCounter.NFS_CLONE_SUCCESS))
        .as("made once, although the operation was performed twice")
        .isEqualTo(1);
  }

  @Test
  void aCopyThatAFaultStallsGoesOnWhereItWas() throws InterruptedException {
    write("destination", 10 * BLOCK);
    byte[] expected = read("destination");
    System.arraycopy(data, 10, expected, 10, 6 * BLOCK);
    fault(50, CloneFault.NEVER, OffloadError.IO);
    CompletableFuture<Answer> copy = ask(Op4.COPY, 10, 10, 6 * BLOCK);
    awaitStall();
    assertThat(copy).isNotDone();
    stalled.get(0).run();
    Answer answer = copy.join().handle().ok(Op4.SAVEFH, Op4.PUTFH, Op4.COPY);
    assertThat(answer.in.readInt()).isZero();
    assertThat(answer.in.readLong()).isEqualTo(6L * BLOCK);
    assertThat(read("destination")).isEqualTo(expected);
  }

  @Test
  void aCloneFailsWithTheStatusOfItsFault() {
    fault(CloneFault.NEVER, 50, OffloadError.NO_SPACE);
    assertThat(ask(Op4.CLONE, 0, 0, 0).join().status).isEqualTo(Nfs4Status.NOSPC);
    fault(CloneFault.NEVER, 50, OffloadError.BUSY);
    assertThat(ask(Op4.CLONE, 0, 0, 0).join().status).isEqualTo(Nfs4Status.DELAY);
    assertThat(door.inode("destination").attributes().sizeBytes()).isZero();
    assertThat(report().reason()).contains("failed at 50 %");
  }

  /** What was copied before the clone failed is the answer: RFC 7862 section 15.2.3. */
  @Test
  void aCopyWhoseCloneFailsAnswersWhatItHasCopied() {
    fault(CloneFault.NEVER, 50, OffloadError.IO);
    Answer answer =
        ask(Op4.COPY, 10, 10, 6 * BLOCK).join().handle().ok(Op4.SAVEFH, Op4.PUTFH, Op4.COPY);
    assertThat(answer.in.readInt()).isZero();
    assertThat(answer.in.readLong()).isEqualTo(BLOCK - 10);
  }

  private void cutSource(int size) {
    AttributeChanges cut = AttributeChanges.ofSize(size);
    door.volume.attributes().setAttributes(Caller.ROOT, door.inode("source"), cut, null);
  }

  /** Its last block is a piece when the copy begins. */
  @Test
  void aCopyTakesWhatItWasAskedForAlthoughTheSourceGrowsMeanwhile() throws InterruptedException {
    int size = 9 * BLOCK + 100;
    cutSource(size);
    fault(50, CloneFault.NEVER, OffloadError.IO);
    CompletableFuture<Answer> copy = ask(Op4.COPY, 0, 0, 0);
    awaitStall();
    write("source", 10 * BLOCK);
    stalled.get(0).run();
    assertThat(copied(copy)).isEqualTo(size);
    assertThat(read("destination")).isEqualTo(Arrays.copyOf(data, size));
  }

  @Test
  void aCopyLeavesWhatOthersWriteBehindItsRangeMeanwhile() throws InterruptedException {
    int size = 9 * BLOCK + 100;
    cutSource(size);
    fault(50, CloneFault.NEVER, OffloadError.IO);
    CompletableFuture<Answer> copy = ask(Op4.COPY, 0, 0, 0);
    awaitStall();
    byte[] expected = write("destination", 11 * BLOCK);
    stalled.get(0).run();
    assertThat(copied(copy)).isEqualTo(size);
    System.arraycopy(data, 0, expected, 0, size);
    assertThat(read("destination")).isEqualTo(expected);
  }

  /** The clone may not be made any more, but what is left of the source can be copied. */
  @Test
  void aCopyMovesWhatIsLeftIfTheSourceIsTruncatedMeanwhile() throws InterruptedException {
    fault(50, CloneFault.NEVER, OffloadError.IO);
    CompletableFuture<Answer> copy = ask(Op4.COPY, 0, 0, 0);
    awaitStall();
    cutSource(3 * BLOCK + 5);
    stalled.get(0).run();
    assertThat(copied(copy)).isEqualTo(3 * BLOCK + 5);
    assertThat(read("destination")).isEqualTo(Arrays.copyOf(data, 3 * BLOCK + 5));
  }

  private static long copied(CompletableFuture<Answer> copy) {
    Answer answer = copy.join().handle().ok(Op4.SAVEFH, Op4.PUTFH, Op4.COPY);
    assertThat(answer.in.readInt()).isZero();
    return answer.in.readLong();
  }

  /**
   * If its clone may not be made any more, all is read and written, and who may have newer data
   * gives it back first.
   */
  @Test
  void aCopyThatWaitedRecallsWhatWasDelegatedMeanwhile() throws InterruptedException {
    int size = 9 * BLOCK + 100;
    cutSource(size);
    host.close(source);
    fault(40, 50, OffloadError.INVALID_ARGUMENT);
    Host other = Host.ready(door, "other");
    CompletableFuture<Answer> copy = ask(Op4.COPY, 0, 0, 0, Stateid4.ANONYMOUS);
    awaitStall();
    Answer.Opened writes = other.open(Ops.wish("source").access(Ops.BOTH | Ops.WANT_WRITE));
    assertThat(writes.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);
    stalled.get(0).run();
    assertThat(other.callbacks.next().stateid()).isEqualTo(writes.delegated);
    assertThat(copy).isNotDone();
    byte[] newer = {1, 2, 3, 4};
    door.volume
        .files()
        .write(Caller.ROOT, door.inode("source"), size - newer.length, ByteBuffer.wrap(newer));
    assertThat(other.call(Ops.at(writes.handle).stateid(Op4.DELEGRETURN, writes.delegated)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(copied(copy)).isEqualTo(size);
    assertThat(Arrays.copyOfRange(read("destination"), size - newer.length, size)).isEqualTo(newer);
    other.close();
  }

  /** `facsim why` says of it what happened, although nothing of its range was read. */
  @Test
  void aCloneThatAFaultDropsIsExplained() throws InterruptedException {
    CallInterceptor drops =
        new CallInterceptor() {
          @Override
          public ArrivalVerdict received(CallRecord call) {
            return call.procedureName().equals("CLONE")
                ? ArrivalVerdict.noAnswer("lost on the way")
                : ArrivalVerdict.SERVE;
          }
        };
    try (var installed = door.calls.install(drops)) {
      assertThat(installed).isNotNull();
      var unused = ask(Op4.CLONE, 0, 0, 0); // without a tap, this server cannot drop it
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      FileHandle into = door.inode("destination").handle();
      while (door.offload.explanations().lastInto(into).isEmpty()
          && System.nanoTime() < deadlineNanos) {
        Thread.sleep(5);
      }
    }
    assertThat(report().firstFailed()).contains(Precondition.FAULT);
    assertThat(report().reason()).contains("lost on the way");
    assertThat(report().request().kind()).isEqualTo("CLONE of NFSv4.2");
  }

  /** No pace of a fault lets a range that is no file's take for ever. */
  @Test
  void anAbsurdRangeIsRefusedAlthoughAFaultSlowsClones() throws Exception {
    CloneFault slow =
        new CloneFault(
            "a test",
            1 << 20,
            1,
            CloneFault.NEVER,
            CloneFault.NEVER,
            OffloadError.IO,
            stalled::add);
    door.offload.cloneFaults(job -> Optional.of(slow));
    long days = 1L << 43; // 97 of them, at one MiB a second
    Answer answer = ask(Op4.CLONE, 0, 0, days).get(1, TimeUnit.MINUTES);
    assertThat(answer.status).isEqualTo(Nfs4Status.INVAL);
    assertThat(door.inode("destination").attributes().sizeBytes()).isZero();
  }
}
