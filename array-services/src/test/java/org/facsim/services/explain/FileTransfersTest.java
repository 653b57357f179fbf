/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing that a thread counted by itself is missing when somebody asks. */
class FileTransfersTest {
  private static final InetAddress ONE = InetAddress.getLoopbackAddress();

  private final AtomicLong nowMillis = new AtomicLong(1000);
  private final FileTransfers transfers =
      new FileTransfers(() -> Instant.ofEpochMilli(nowMillis.get()), this::readNanoClock);
  private StorageArray array;
  private Volume volume;

  private long nowNanos = -500;
  private int clockReadings;

  private long readNanoClock() {
    clockReadings++;
    return nowNanos;
  }

  private void timedWrite(Inode file, long tookNanos) {
    long startNanos = transfers.startNanos();
    nowNanos += tookNanos;
    transfers.wrote(file, ONE, 1, startNanos);
  }

  @BeforeEach
  void open() {
    array = ArrayEngine.ephemeral(new ArrayOptions(1L << 30, InstantSource.system(), 7));
    volume = array.createVolume("ds", 1L << 30);
  }

  @AfterEach
  void close() {
    array.close();
  }

  private Inode file(String name) {
    Volume.CreateMode mode = new Volume.CreateMode.Guarded();
    return volume
        .names()
        .create(Caller.ROOT, volume.root(), Name.of(name), mode, AttributeChanges.NONE)
        .inode();
  }

  private static InetAddress client(int number) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
  }

  @Test
  void whatIsAskedForIsThereAtOnceAndCountedOnce() {
    Inode disk = file("disk");
    for (int i = 1; i <= 5; i++) {
      transfers.wrote(disk, ONE, 4096);
      nowMillis.addAndGet(10);
      assertThat(transfers.writtenTo(disk.handle()))
          .isEqualTo(new FileTransfers.Totals(i, i * 4096L));
    }
    transfers.read(disk, ONE, 100);
    FileTransfers.ByClient only = transfers.of(disk.handle()).orElseThrow().clients().get(0);
    assertThat(only)
        .isEqualTo(
            new FileTransfers.ByClient(ONE.getHostAddress(), 5, 5 * 4096, 1, 100, 1000, 1050));
    transfers.forgetAll();
    assertThat(transfers.of(disk.handle())).isEmpty();
    transfers.wrote(disk, ONE, 1);
    assertThat(transfers.writtenTo(disk.handle())).isEqualTo(new FileTransfers.Totals(1, 1));
  }

  @Test
  void oneOf64CallsIsTimedAndTheNextOneAfterAPause() {
    Inode disk = file("disk");
    for (int i = 0; i < 130; i++) {
      timedWrite(disk, i % 64 == 0 ? 1000 : 5);
    }
    assertThat(clockReadings).isEqualTo(6);
    assertThat(transfers.everything().timedCalls()).isEqualTo(3);
    assertThat(transfers.everything().timedNanos()).isEqualTo(3000);
    nowMillis.addAndGet(10); // this call was not timed, and the next one is
    timedWrite(disk, 7);
    timedWrite(disk, 300);
    transfers.forEachTransferred(
        moved -> {
          assertThat(moved.timedCalls()).isEqualTo(4);
          assertThat(moved.timedNanos()).isEqualTo(3300);
        });
  }

  @Test
  void filesAndClientsInTurnAreToldApart() throws Exception {
    Inode disk = file("disk");
    Inode other = file("other");
    for (int i = 0; i < 10; i++) {
      transfers.wrote(disk, client(1), 10);
      transfers.wrote(disk, client(2), 20);
      transfers.read(other, client(1), 5);
    }
    assertThat(transfers.of(disk.handle()).orElseThrow().clients())
        .extracting(FileTransfers.ByClient::writtenBytes)
        .containsExactly(100L, 200L);
    assertThat(transfers.readBy("10.0.0.1", 0, Long.MAX_VALUE, disk.handle()))
        .extracting(FileTransfers.OfFile::file)
        .containsExactly(other.handle());
  }

  @Test
  void threadsThatCountByThemselvesLoseNothingWhileOthersAsk() throws Exception {
    FileTransfers real = new FileTransfers(Clock.system(ZoneOffset.UTC));
    Inode disk = file("disk");
    Inode other = file("other");
    int calls = 20_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 1; t <= 3; t++) {
      InetAddress client = client(t);
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < calls; i++) {
                  real.wrote(i % 100 == 0 ? other : disk, client, 2);
                }
                real.wrote(other, client, 2); // a thread that ends has nothing left to settle
              }));
    }
    threads.forEach(Thread::start);
    long before = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      long now = real.writtenTo(disk.handle()).calls();
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(real.writtenTo(disk.handle()))
        .isEqualTo(new FileTransfers.Totals(3L * calls * 99 / 100, 3L * calls * 99 / 100 * 2));
  }
}
