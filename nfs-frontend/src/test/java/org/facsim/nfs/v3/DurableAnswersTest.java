/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.services.access.ExportOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that must wait for stable storage, with a committer that the test plays. */
class DurableAnswersTest {
  /** Nothing is durable until the test says so. */
  private static final class SlowDisk implements Durability {
    private final List<Consumer<Throwable>> waiting = new ArrayList<>();

    @Override
    public boolean isDurable(long transactionGroup) {
      return false;
    }

    @Override
    public synchronized void whenDurable(
        long transactionGroup, Executor executor, Consumer<Throwable> done) {
      waiting.add(failure -> executor.execute(() -> done.accept(failure)));
      notifyAll();
    }

    /** Waits for an answer to wait, and gives it its outcome. */
    synchronized void finishOne(Throwable failureOrNull) throws InterruptedException {
      while (waiting.isEmpty()) {
        wait(5_000);
      }
      waiting.remove(0).accept(failureOrNull);
    }
  }

  private final SlowDisk disk = new SlowDisk();
  private final Door door = new Door(ExportOptions.DEFAULT, disk);

  @AfterEach
  void close() {
    door.close();
  }

  private Made3.Ok file() throws Exception {
    CompletableFuture<Made3.Ok> created =
        door.client.create(door.root, "f", new Create3.Guarded(Sattr3.NONE));
    assertThat(created).isNotDone();
    disk.finishOne(null);
    return created.get(5, TimeUnit.SECONDS);
  }

  private static Write3.Args write(Made3.Ok file, StableHow stable) {
    return new Write3.Args(file.handle(), 0, 4, stable, Unpooled.copyInt(7));
  }

  @Test
  void aStableWriteIsAnsweredWhenItsGroupIsDurable() throws Exception {
    Made3.Ok file = file();
    CompletableFuture<Write3.Result> written = door.client.write(write(file, StableHow.DATA_SYNC));
    // Another call on the same connection is not held up by the one that waits.
    assertThat(Door.join(door.client.getAttributes(file.handle())).attributes().sizeBytes())
        .isEqualTo(4);
    assertThat(written).isNotDone();
    disk.finishOne(null);
    Write3.Ok ok = written.get(5, TimeUnit.SECONDS).orThrow();
    assertThat(ok.committed()).isEqualTo(StableHow.FILE_SYNC);
    assertThat(ok.wcc().after()).isEqualTo(door.attributes(file.handle()));
  }

  @Test
  void anUnstableWriteIsAnsweredAtOnceAndItsCommitWaits() throws Exception {
    Made3.Ok file = file();
    Write3.Ok ok = Door.join(door.client.write(write(file, StableHow.UNSTABLE))).orThrow();
    assertThat(ok.committed()).isEqualTo(StableHow.UNSTABLE);
    CompletableFuture<Commit3.Ok> commit = door.client.commit(file.handle(), 0, 0);
    Door.join(door.client.ping());
    assertThat(commit).isNotDone();
    disk.finishOne(null);
    assertThat(commit.get(5, TimeUnit.SECONDS).writeVerifier()).isEqualTo(ok.writeVerifier());
  }

  @Test
  void aFullDiskIsNoSpaceToWhoeverWaitedForIt() throws Exception {
    Made3.Ok file = file();
    ArrayException full = new ArrayException(ArrayError.NO_SPACE, "the host's disk is full");
    CompletableFuture<Write3.Result> written = door.client.write(write(file, StableHow.FILE_SYNC));
    disk.finishOne(full);
    assertThat(written.get(5, TimeUnit.SECONDS))
        .isEqualTo(
            new Write3.Fail(Nfs3Status.NOSPC, new WccData(null, door.attributes(file.handle()))));
    CompletableFuture<Made3.Ok> created =
        door.client.create(door.root, "g", new Create3.Guarded(Sattr3.NONE));
    disk.finishOne(full);
    assertThat(created)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("NOSPC");
  }

  @Test
  void aFailedForceIsAnErrorToWhoeverWaitedForIt() throws Exception {
    Made3.Ok file = file();
    CompletableFuture<Write3.Result> written = door.client.write(write(file, StableHow.FILE_SYNC));
    disk.finishOne(new IOException("medium"));
    assertThat(written.get(5, TimeUnit.SECONDS))
        .isEqualTo(
            new Write3.Fail(Nfs3Status.IO, new WccData(null, door.attributes(file.handle()))));
  }
}
