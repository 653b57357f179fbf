/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.facsim.array.Caller;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ONC RPC dialect: every procedure, every status and every way to be malformed. */
final class VaaiProgramTest {
  private static final SessionId SESSION = new SessionId(1, 2);
  private static final VaaiFile FILE = VaaiFile.byPath("vm/a.vmdk");

  /** One call and one good answer for each procedure. */
  private static final Map<Integer, VaaiMessage> CALLS =
      Map.of(
          VaaiNas.PROC_SESSION_START,
          new SessionStartCall(1, 3, "/datastore1", "host", 0),
          VaaiNas.PROC_SESSION_END,
          new SessionEndCall(SESSION),
          VaaiNas.PROC_SUPPORT,
          new SupportCall(SESSION, VaaiPrimitive.FULL_CLONE),
          VaaiNas.PROC_CLONE,
          new CloneCall(
              SESSION,
              3,
              CloneFlags.OTHER_VOLUME,
              Optional.of(new SessionId(5, 6)),
              FILE,
              VaaiFile.byEntry(new byte[32], "b.vmdk")),
          VaaiNas.PROC_CLONE_STATUS,
          new JobCall(SESSION, 4),
          VaaiNas.PROC_CLONE_ABORT,
          new JobCall(SESSION, 4),
          VaaiNas.PROC_RESERVE,
          new ReserveCall(SESSION, 5, FILE, ReserveMode.LAZY_ZEROED, 4096),
          VaaiNas.PROC_STATX,
          new StatxCall(SESSION, VaaiFile.byHandle(new byte[32])));

  private static final CloneJob JOB =
      new CloneJob(4, JobState.RUNNING, VaaiStatus.OK, "", 9, 5, 3, 2, Opaque.of("handle"));

  private static final Map<Integer, VaaiMessage> ANSWERS =
      Map.of(
          VaaiNas.PROC_SESSION_START,
          new SessionGrant(SESSION, Opaque.EMPTY, 10, new SessionLimits(1, 2, 3, 4, 5, 6)),
          VaaiNas.PROC_SESSION_END,
          new SessionEnded(),
          VaaiNas.PROC_SUPPORT,
          new SupportAnswer(true, 0, ""),
          VaaiNas.PROC_CLONE,
          JOB,
          VaaiNas.PROC_CLONE_STATUS,
          JOB,
          VaaiNas.PROC_CLONE_ABORT,
          JOB,
          VaaiNas.PROC_RESERVE,
          new ReservedSpace(4096),
          VaaiNas.PROC_STATX,
          new ExtendedStatistics(6, 5, 2, 3, 1, 4));

  private final ScriptedOperations operations = new ScriptedOperations();
  private VaaiWire wire;

  @BeforeEach
  void start() {
    wire = new VaaiWire(operations);
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  static Stream<Integer> procedures() {
    return CALLS.keySet().stream().sorted();
  }

  @Test
  void nullIsAnsweredWithNothing() {
    assertThat(wire.reply(VaaiNas.VERSION, VaaiNas.PROC_NULL, out -> {})).isEmpty();
    assertThat(VaaiWire.await(new VaaiClient(wire.client()).ping())).isNull();
  }

  @ParameterizedTest
  @MethodSource("procedures")
  void eachCallReachesItsOperationAndBringsTheWholeAnswerBack(int procedure) {
    VaaiReply<?> answer = VaaiReply.ok(ANSWERS.get(procedure));
    operations.willAnswer(answer);
    assertThat(wire.reply(procedure, CALLS.get(procedure))).isEqualTo(VaaiWire.bytes(answer));
    assertThat(operations.calls()).containsExactly(CALLS.get(procedure));
    assertThat(operations.lastRequester().claimed()).contains(Caller.ROOT);
    assertThat(operations.lastRequester().client()).isEqualTo(wire.client().localAddress());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void everyFailureIsItsNumberAndItsReasonForEveryCall(VaaiStatus status) {
    operations.willAnswer(VaaiReply.failed(status, "why"));
    String expected = "%08x".formatted(status.code()) + "00000003" + "77687900";
    procedures()
        .forEach(
            procedure ->
                assertThat(wire.reply(procedure, CALLS.get(procedure))).isEqualTo(expected));
  }

  @ParameterizedTest
  @MethodSource("procedures")
  void argumentsCutShortOrTooLongAreGarbageAndReachNothing(int procedure) {
    ByteBuf whole = Unpooled.buffer();
    CALLS.get(procedure).encode(whole);
    for (int length = 0; length < whole.writerIndex(); length += 4) {
      ByteBuf cut = whole.slice(0, length);
      assertThat(wire.refusal(VaaiNas.VERSION, procedure, out -> out.writeBytes(cut)))
          .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    }
    ByteBuf longer = whole.duplicate().writeInt(0);
    assertThat(wire.refusal(VaaiNas.VERSION, procedure, out -> out.writeBytes(longer)))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    assertThat(operations.calls()).isEmpty();
  }

  @Test
  void tenThousandRandomCallsAreAnsweredOrRefusedAndTheServerLives() {
    long seed = 20261123;
    Random random = new Random(seed);
    operations.willAnswer(VaaiReply.failed(VaaiStatus.INVAL, ""));
    for (int round = 0; round < 10_000; round++) {
      byte[] noise = new byte[random.nextInt(30) * 4];
      random.nextBytes(noise);
      int procedure = 1 + random.nextInt(8);
      try {
        assertThat(wire.reply(VaaiNas.VERSION, procedure, out -> out.writeBytes(noise)))
            .isEqualTo("0000001600000000");
      } catch (RpcException refused) {
        assertThat(refused.failure())
            .as("seed %d round %d", seed, round)
            .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
      }
    }
    assertThat(wire.reply(VaaiNas.VERSION, VaaiNas.PROC_NULL, out -> {})).isEmpty();
  }

  @Test
  void unknownProceduresAndVersionsAreRefused() {
    assertThat(wire.refusal(VaaiNas.VERSION, 9, out -> {}))
        .isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(wire.refusal(VaaiNas.VERSION, -1, out -> {}))
        .isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(wire.refusal(2, VaaiNas.PROC_NULL, out -> {}))
        .isEqualTo(RpcFailure.PROGRAM_MISMATCH);
  }

  @ParameterizedTest
  @MethodSource("procedures")
  void anAnswerThatComesLaterIsSentLater(int procedure) throws Exception {
    CompletableFuture<VaaiReply<?>> later = new CompletableFuture<>();
    operations.willAnswer(later);
    CompletableFuture<String> reply =
        CompletableFuture.supplyAsync(() -> wire.reply(procedure, CALLS.get(procedure)));
    awaitCalls(1);
    assertThat(reply).isNotDone();
    VaaiReply<?> answer = VaaiReply.ok(ANSWERS.get(procedure));
    later.complete(answer);
    assertThat(VaaiWire.await(reply)).isEqualTo(VaaiWire.bytes(answer));
  }

  @Test
  void aDefectIsASystemErrorAtOnceOrLater() throws Exception {
    VaaiMessage call = CALLS.get(VaaiNas.PROC_CLONE);
    operations.willAnswer(CompletableFuture.failedFuture(new IllegalStateException("a test")));
    assertThat(wire.refusal(VaaiNas.VERSION, VaaiNas.PROC_CLONE, call::encode))
        .isEqualTo(RpcFailure.SYSTEM_ERROR);

    CompletableFuture<VaaiReply<?>> later = new CompletableFuture<>();
    operations.willAnswer(later);
    CompletableFuture<RpcFailure> refusal =
        CompletableFuture.supplyAsync(
            () -> wire.refusal(VaaiNas.VERSION, VaaiNas.PROC_CLONE, call::encode));
    awaitCalls(2);
    later.completeExceptionally(new IllegalStateException("a test"));
    assertThat(VaaiWire.await(refusal)).isEqualTo(RpcFailure.SYSTEM_ERROR);
  }

  private void awaitCalls(int count) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (operations.calls().size() < count) {
      assertThat(System.nanoTime()).as("waiting for a call").isLessThan(deadlineNanos);
      Thread.sleep(1);
    }
  }
}
