/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.base.Splitter;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.DoorCalls.DoorCall;
import org.facsim.embedded.RawCalls.Answer;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRuleBuilder;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.StartedClone;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every action of a rule on every RPC door of a whole array, as a client meets it. */
class FaultRulesOverTheWireTest {
  private static final int FILE_BYTES = 8192;

  private FacsimArray array;
  private Volume volume;
  private Inode file;
  private int xid = 100;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder().nfsPort(0).portmapPort(0).seed(7).volume("ds", ByteSize.GIB).start();
    volume = array.storage().volume("ds").orElseThrow();
    file =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of("file"),
                new Volume.CreateMode.Unchecked(),
                AttributeChanges.NONE)
            .inode();
    volume.files().write(Caller.ROOT, file, 0, ByteBuffer.allocate(FILE_BYTES));
  }

  @AfterEach
  void stop() {
    array.close();
  }

  /** What a client meets, and how it notices. */
  enum Met {
    STATUS,
    DELAY,
    LIMIT,
    NO_ANSWER,
    CLOSE,
    CLOSE_EXECUTED,
    RESET,
    RESET_EXECUTED,
    LOST_REPLY,
    TWICE,
    BEHIND,
    ZERO_WINDOW,
    PAUSE,
    SHORT,
    LIE,
    MISTAKE;

    private static final Duration TIME = Duration.ofMillis(60);

    FaultAction action(String status) {
      return switch (this) {
        case STATUS -> new FaultAction.Status(status);
        case DELAY -> null;
        case LIMIT -> new FaultAction.Limit(2048, false);
        case NO_ANSWER -> new FaultAction.NoAnswer();
        case CLOSE -> new FaultAction.Close(false);
        case CLOSE_EXECUTED -> new FaultAction.Close(true);
        case RESET -> new FaultAction.Reset(false);
        case RESET_EXECUTED -> new FaultAction.Reset(true);
        case LOST_REPLY -> new FaultAction.LoseReply();
        case TWICE -> new FaultAction.Twice();
        case BEHIND -> new FaultAction.Behind(1, Duration.ofSeconds(20));
        case ZERO_WINDOW -> new FaultAction.StopReading(Optional.of(TIME));
        case PAUSE -> new FaultAction.Pause(Optional.of(TIME));
        case SHORT -> new FaultAction.ShortTransfer(1);
        case LIE ->
            new FaultAction.Lie(
                FalseAttributes.NONE.withSizeBytes(FalseAttributes.Change.to(4711)));
        case MISTAKE -> new FaultAction.Corrupt(1, 1);
      };
    }

    FaultRuleBuilder rule(String status) {
      return this == DELAY
          ? FaultRule.delayed(new FaultAction.Delay(TIME, Duration.ZERO))
          : FaultRule.of(action(status));
    }
  }

  @ParameterizedTest
  @EnumSource(Met.class)
  void everyActionOnEveryDoor(Met met) throws IOException {
    for (DoorCall call : new DoorCalls(array, volume.root(), file).all()) {
      List<String> names = Splitter.on(' ').splitToList(call.received());
      Door door = Door.valueOf(names.get(0));
      DoorStatus status = array.calls().statuses().of(door).of(names.get(1)).get(0);
      FaultRule rule =
          met.rule(status.name()).door(door).procedure(names.get(1)).count(1).seed(1).rule();
      if (canMeet(met, call)) {
        array.faults().add(rule);
        try (RawCalls client = call.connect()) {
          meet(met, call, client, status);
        }
        assertThat(array.faults().list().get(0).hits()).as(call.toString()).isEqualTo(1);
        array.faults().clear();
      } else {
        assertThatIllegalArgumentException()
            .as(call.toString())
            .isThrownBy(() -> array.faults().add(rule))
            .withMessageContaining("allowed: ");
      }
    }
    assertThat(array.calls().isWatched()).isFalse();
  }

  /** A status that only NFSv4 has is no answer of NFSv3. */
  @Test
  void aStatusOfAnotherVersionIsRefusedOrLeavesCallsAlone() throws IOException {
    for (String procedure : List.of("FSINFO", "MKDIR")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  array
                      .faults()
                      .add(
                          FaultRule.of(new FaultAction.Status("NFS4ERR_GRACE"))
                              .door(Door.NFS)
                              .procedure(procedure)
                              .rule()))
          .withMessageContaining(procedure + " cannot answer it")
          .withMessageContaining("JUKEBOX");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                array
                    .faults()
                    .add(
                        FaultRule.of(new FaultAction.Status("NFS3ERR_REMOTE"))
                            .procedure("OPEN")
                            .rule()))
        .withMessageContaining("OPEN cannot answer it");
    array
        .faults()
        .add(
            FaultRule.of(new FaultAction.Status("NFS4ERR_GRACE"))
                .door(Door.NFS)
                .procedure("GETATTR")
                .rule());
    DoorCall getAttributes =
        new DoorCalls(array, volume.root(), file)
            .all().stream()
                .filter(call -> call.received().equals("NFS GETATTR"))
                .findFirst()
                .orElseThrow();
    try (RawCalls client = getAttributes.connect()) {
      Answer answer = client.exchange(xid, getAttributes.call());
      assertThat(answer.results().getInt(getAttributes.word())).isZero();
    }
    assertThat(array.faults().list().get(0).hits()).as("only GETATTR of NFSv4").isZero();
  }

  private static boolean canMeet(Met met, DoorCall call) {
    return switch (met) {
      case SHORT, MISTAKE -> false; // of READ and WRITE only, see below
      case LIE -> isOf(call, "NFS") && !call.received().endsWith("NULL");
      default -> true;
    };
  }

  private static boolean isOf(DoorCall call, String door) {
    return call.received().startsWith(door + " ");
  }

  private void meet(Met met, DoorCall call, RawCalls client, DoorStatus status) throws IOException {
    switch (met) {
      case STATUS -> {
        Answer answer = client.exchange(xid, call.call());
        assertThat(answer.xid()).isEqualTo(xid++);
        if (status.isRpcs()) {
          assertThat(answer.record()[11] == 1 || answer.acceptStatus() != 0).isTrue();
        } else {
          assertThat(answer.results().getInt(call.word())).isEqualTo(status.code());
        }
      }
      case DELAY, LIMIT, PAUSE -> assertLate(call, client);
      case NO_ANSWER, LOST_REPLY -> client.send(xid++, call.call());
      case CLOSE, CLOSE_EXECUTED, RESET, RESET_EXECUTED -> {
        client.send(xid++, call.call());
        if (!call.isUdp()) {
          assertThat(client.isHungUp()).as(call.toString()).isTrue();
          return;
        }
      }
      case TWICE -> {
        Answer first = client.exchange(xid, call.call());
        assertThat(client.receive().record()).as(call.toString()).isEqualTo(first.record());
        assertThat(first.xid()).isEqualTo(xid++);
      }
      case BEHIND -> {
        client.send(xid, call.call());
        client.send(xid + 1, call.call());
        assertThat(client.receive().xid()).as(call.toString()).isEqualTo(xid + 1);
        assertThat(client.receive().xid()).as(call.toString()).isEqualTo(xid);
        xid += 2;
      }
      case ZERO_WINDOW -> {
        long begin = System.nanoTime(); // the window closes behind the first call
        assertSucceeded(call, client);
        if (!call.isUdp()) {
          assertLate(call, client, begin);
        }
      }
      case LIE -> {
        Answer answer = client.exchange(xid++, call.call());
        assertThat(answer.results().getLong(4 + 20)).as("GETATTR's size").isEqualTo(4711);
      }
      default -> throw new AssertionError(met);
    }
    assertSucceeded(call, client); // the next call is as ever
  }

  private void assertLate(DoorCall call, RawCalls client) throws IOException {
    assertLate(call, client, System.nanoTime());
  }

  private void assertLate(DoorCall call, RawCalls client, long begin) throws IOException {
    assertSucceeded(call, client);
    assertThat(System.nanoTime() - begin)
        .as(call.toString())
        .isGreaterThan(Duration.ofMillis(30).toNanos());
  }

  private void assertSucceeded(DoorCall call, RawCalls client) throws IOException {
    Answer answer = client.exchange(xid, call.call());
    assertThat(answer.xid()).as(call.toString()).isEqualTo(xid++);
    assertThat(answer.acceptStatus()).as(call.toString()).isZero();
    if (call.word() >= 0) {
      assertThat(answer.results().getInt(call.word())).as(call.toString()).isZero();
    }
  }

  // ---------------------------------------------------------------- data, files, clone jobs

  private Call read() {
    Nfs3Handle handle = Nfs3Handle.of(file.handle().toBytes());
    return DoorCalls.nfs3(6, new Read3.Args(handle, 0, FILE_BYTES)::encode);
  }

  /** The data of a READ: status, attributes (present, 84 bytes), count, end of file, data. */
  private static byte[] dataOf(Answer answer) {
    ByteBuf results = answer.results();
    assertThat(results.readInt()).isZero();
    results.skipBytes(4 + 84);
    int count = results.readInt();
    results.skipBytes(4);
    byte[] data = new byte[results.readInt()];
    assertThat(data).hasSize(count);
    results.readBytes(data);
    return data;
  }

  @Test
  void readsAreShortOrWrongByTheRulesSeed() throws IOException {
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      array
          .faults()
          .add(
              FaultRule.of(new FaultAction.ShortTransfer(100))
                  .procedure("READ")
                  .path("/ds/*")
                  .rule());
      assertThat(dataOf(client.exchange(xid++, read()))).hasSize(100);
      List<byte[]> first = corrupted(client, 5);
      assertThat(first.get(0)).hasSize(FILE_BYTES).isNotEqualTo(new byte[FILE_BYTES]);
      assertThat(first.get(1)).as("another call").isNotEqualTo(first.get(0));
      assertThat(corrupted(client, 5)).as("same seed, same calls").containsExactlyElementsOf(first);
      assertThat(corrupted(client, 6).get(0)).isNotEqualTo(first.get(0));
      array.faults().clear();
      assertThat(dataOf(client.exchange(xid++, read()))).isEqualTo(new byte[FILE_BYTES]);
    }
  }

  private List<byte[]> corrupted(RawCalls client, long seed) throws IOException {
    array.faults().clear();
    array
        .faults()
        .add(FaultRule.of(new FaultAction.Corrupt(2, 8)).procedure("READ").seed(seed).rule());
    List<byte[]> data = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      data.add(dataOf(client.exchange(xid++, read())));
    }
    return data;
  }

  @Test
  void aStatusForAPathMeetsThatFileOnly() throws IOException {
    array.faults().add(FaultRule.of(new FaultAction.Status("JUKEBOX")).path("/ds/**/other").rule());
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      assertThat(client.exchange(xid++, read()).results().readInt()).isZero();
      volume
          .names()
          .rename(Caller.ROOT, volume.root(), Name.of("file"), volume.root(), Name.of("other"));
      assertThat(client.exchange(xid++, read()).results().readInt()).isEqualTo(10008);
    }
    assertThat(array.faults().list().get(0).lastHit().orElseThrow().path()).contains("/ds/other");
  }

  @Test
  void aCloneJobStallsUntilTheRuleIsRemoved() throws Exception {
    Inode destination =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of("clone"),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode();
    FaultAction stall = new FaultAction.CloneJob(0, 1, 50, -1, OffloadError.IO);
    long rule = array.faults().add(FaultRule.of(stall).path("/ds/clone").rule()).id();
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 700);
    Grant grant = new Grants(array.storage(), array.exports()).toExport("/ds", host, Caller.ROOT);
    StartedClone clone =
        array
            .offload()
            .startClone(
                CloneOrder.within(
                    new Initiator("127.0.0.1", Dialect.VAAI_NAS, grant),
                    FileRef.byHandle(file.handle().toBytes()),
                    FileRef.byHandle(destination.handle().toBytes()),
                    CloneOptions.NONE));
    assertThat(clone.answer().get(20, TimeUnit.SECONDS).state().isFinal()).isFalse();
    assertThat(clone.end()).isNotDone();
    assertThat(array.faults().find(rule).orElseThrow().hits()).isEqualTo(1);
    array.faults().remove(rule);
    assertThat(clone.end().get(20, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(destination.attributes().sizeBytes()).isEqualTo(FILE_BYTES);
  }
}
