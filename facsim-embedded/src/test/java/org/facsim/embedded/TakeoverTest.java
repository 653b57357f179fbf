/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.nfs.nlm.LockManagerOptions;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Remove3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A controller takeover, as a host sees it. */
final class TakeoverTest {
  private static final Duration AWAY = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final HeldTimer timer = new HeldTimer();
  private final AtomicLong nowNanos = new AtomicLong();

  private ArrayBuilder builder(boolean durable) {
    ArrayBuilder builder =
        FacsimArray.builder()
            .volume("v", ByteSize.GIB)
            .nfsPort(0)
            .portmapPort(0)
            .seed(7)
            .absenceTimer(timer);
    return durable ? builder.dataDirectory(directory.resolve("home")) : builder;
  }

  private static void awaitBack(FacsimArray array, Runnable then) throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    array.arrayFaults().whenBack(back::countDown);
    then.run();
    assertThat(back.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  private void passAndAwaitBack(FacsimArray array) throws Exception {
    awaitBack(
        array,
        () -> {
          try {
            assertThat(timer.pass()).isEqualTo(AWAY);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void resetsConnectionsRefusesNewOnesAndComesBackWithTheSameStateAndAnotherVerifier(
      boolean durable) throws Exception {
    try (FacsimArray array = builder(durable).start();
        NfsHost host = new NfsHost(array.nfsAddress(), "/v");
        Socket idle = new Socket(array.nfsAddress().getAddress(), array.nfsAddress().getPort())) {
      Nfs3Handle file = host.create("f");
      long verifier = host.write(file, 0, 3, NfsHost.BLOCK, StableHow.UNSTABLE).writeVerifier();
      assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
      assertThat(array.arrayFaults().takeover(AWAY)).as("a second one meanwhile").isFalse();
      timer.awaitWaiting();
      assertThat(array.arrayFaults().isAway()).isTrue();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> idle.getInputStream().read())
          .withMessageContaining("reset");
      assertThatThrownBy(() -> host.commit(file)).isNotNull();
      assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(array));
      assertThatExceptionOfType(ArrayException.class)
          .isThrownBy(() -> array.control().volumes())
          .withMessage("the array is away: a controller takes over")
          .satisfies(e -> assertThat(e.error()).isEqualTo(ArrayError.BUSY));
      passAndAwaitBack(array);
      assertThat(array.arrayFaults().isAway()).isFalse();
      try (NfsHost again = new NfsHost(array.nfsAddress(), "/v")) {
        assertThat(again.commit(file).writeVerifier()).isNotEqualTo(verifier);
        assertThat(again.valueAt(file, 0, NfsHost.BLOCK)).contains(3);
      }
      assertThat(array.control().volumes().all()).hasSize(1);
    }
    if (durable) {
      assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
    }
  }

  private static void connect(FacsimArray array) throws IOException {
    new Socket(array.nfsAddress().getAddress(), array.nfsAddress().getPort()).close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void locksAreLostAndTheirHostsAreToldAndReclaimThemInTheGracePeriod(boolean durable)
      throws Exception {
    try (NotifiedHost notified = new NotifiedHost()) {
      ArrayBuilder builder = builder(durable);
      builder.sidebandOptions =
          builder.sidebandOptions.withLocks(
              new LockManagerOptions(
                  null,
                  Duration.ofSeconds(45),
                  "array.example",
                  Duration.ofMillis(10),
                  notified.port(),
                  nowNanos::get));
      try (FacsimArray array = builder.start();
          NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        Nfs3Handle file = host.create("f");
        assertThat(host.lock(file, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
        passAndAwaitBack(array);
        assertThat(notified.nextNotice().hostName()).isEqualTo("array.example");
        try (NfsHost again = new NfsHost(array.nfsAddress(), "/v")) {
          assertThat(array.lockTable().held()).isEmpty();
          assertThat(array.lockManager().inGrace()).isTrue();
          assertThat(again.lock(file, false)).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
          assertThat(again.lock(file, true)).isEqualTo(NlmStatus.GRANTED);
          nowNanos.addAndGet(Duration.ofSeconds(46).toNanos());
          assertThat(array.lockManager().inGrace()).isFalse();
          assertThat(array.lockTable().held()).hasSize(1);
        }
      }
    }
  }

  /** What a controller remembered of calls is gone with it. */
  @Test
  void aRepeatedRemoveFindsNothingBecauseRepliesAreNotRemembered() throws Exception {
    try (FacsimArray array = builder(false).start()) {
      RawCalls.Call remove;
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v");
          RawCalls before = RawCalls.tcp(array.nfsAddress())) {
        host.create("f");
        DirOpArgs3 name = new DirOpArgs3(host.root, Name3.of("f"));
        remove = new RawCalls.Call(Nfs3.PROGRAM, Nfs3.VERSION, Remove3.PROCEDURE, name::encode);
        assertThat(before.exchange(77, remove).results().readInt()).isZero();
        assertThat(before.exchange(77, remove).results().readInt()).as("remembered").isZero();
      }
      assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
      passAndAwaitBack(array);
      try (RawCalls after = RawCalls.tcp(array.nfsAddress())) {
        assertThat(after.exchange(77, remove).results().readInt()).isEqualTo(2); // NFS3ERR_NOENT
      }
    }
  }

  @Test
  void noAcknowledgedStableWriteIsLostUnderLoad() throws Exception {
    Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
    AtomicBoolean isOver = new AtomicBoolean();
    try (FacsimArray array = builder(true).start()) {
      Nfs3Handle file;
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        file = host.create("f");
      }
      Thread load = new Thread(() -> writeUntil(isOver, array, file, acknowledged));
      load.start();
      for (int takeover = 1; takeover <= 3; takeover++) {
        int before = acknowledged.size();
        while (acknowledged.size() < before + 20) {
          Thread.sleep(1);
        }
        assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
        passAndAwaitBack(array);
      }
      isOver.set(true);
      load.join();
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        for (var each : acknowledged.entrySet()) {
          assertThat(host.valueAt(file, (long) each.getKey() * NfsHost.BLOCK, NfsHost.BLOCK))
              .contains(each.getValue());
        }
      }
      Volume volume = array.storage().volume("v").orElseThrow();
      assertThat(volume.space().ofVolume().inodes()).isEqualTo(2);
    }
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }

  private static void writeUntil(
      AtomicBoolean isOver,
      FacsimArray array,
      Nfs3Handle file,
      Map<Integer, Integer> acknowledged) {
    int next = 1;
    while (!isOver.get()) {
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        while (!isOver.get()) {
          host.write(file, (long) next * NfsHost.BLOCK, next, NfsHost.BLOCK, StableHow.FILE_SYNC);
          acknowledged.put(next, next);
          next++;
        }
      } catch (Exception e) {
        next++; // away: connects again, and never writes the same block again
      }
    }
  }

  @Test
  void anArrayIsClosedWhileItIsAway() throws Exception {
    FacsimArray array = builder(true).start();
    assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
    timer.awaitWaiting();
    array.close();
    assertThat(array.arrayFaults().takeover(AWAY)).isFalse();
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }

  /** Scenario 25 in place: the job is lost, its destination is as it was, and nothing leaks. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCloneThatRunsIsLostAndGivesBackWhatItCopied(boolean durable) throws Exception {
    ArrayProfile slow =
        NamedProfiles.SHARING
            .draft()
            .fullClone(ArrayProfile.FullClone.COPY)
            .copyBytesPerSecond(NfsHost.BLOCK)
            .freeze();
    try (FacsimArray array = builder(durable).vaaiProfile("v", slow).start()) {
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        host.write(host.create("source"), 0, 1, 64 * NfsHost.BLOCK, StableHow.FILE_SYNC);
        host.write(host.create("copy"), 0, 2, NfsHost.BLOCK, StableHow.FILE_SYNC);
      }
      array.storage().awaitReclaim();
      long used = array.storage().physicalUsedBytes();
      long job = array.offload().startClone(order(array)).jobId();
      awaitUse(array, used);
      assertThat(array.arrayFaults().takeover(AWAY)).isTrue();
      passAndAwaitBack(array);
      assertThat(array.offload().job(job).state()).isEqualTo(JobState.LOST);
      assertThat(array.control().explanations().ofPath("/v/copy"))
          .as("the explanation survives the takeover")
          .hasValueSatisfying(why -> assertThat(why.outcome()).isEqualTo(CloneOutcome.LOST));
      array.storage().awaitReclaim();
      assertThat(array.storage().physicalUsedBytes()).isEqualTo(used);
      Volume volume = array.storage().volume("v").orElseThrow();
      assertThat(volume.space().ofVolume().inodes()).isEqualTo(3);
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        assertThat(host.valueAt(host.create("copy"), 0, NfsHost.BLOCK)).contains(2);
      }
    }
    if (durable) {
      assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
    }
  }

  private static CloneOrder order(FacsimArray array) {
    Grant grant =
        new Grants(array.storage(), array.exports())
            .toExport(
                "/v", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000), Caller.ROOT);
    return CloneOrder.within(
        new Initiator("127.0.0.1", Dialect.VAAI_NAS, grant),
        FileRef.byPath("source"),
        FileRef.byPath("copy"),
        CloneOptions.NONE);
  }

  private static void awaitUse(FacsimArray array, long more) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (array.storage().physicalUsedBytes() <= more) {
      assertThat(System.nanoTime() - deadline).isNegative();
      Thread.sleep(1);
    }
  }
}
