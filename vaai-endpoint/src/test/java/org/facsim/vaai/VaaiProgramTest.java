/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.FileRange;
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
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularity;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.UnmappedSpace;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiRange;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.session.CloneRequest;
import org.facsim.services.offload.session.ReserveRequest;
import org.facsim.services.offload.session.SessionStart;
import org.facsim.services.offload.session.StartedSession;
import org.facsim.services.offload.session.UnmapRequest;
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
      Map.ofEntries(
          Map.entry(
              VaaiNas.PROC_SESSION_START, new SessionStartCall(1, 3, "/datastore1", "host", 0)),
          Map.entry(VaaiNas.PROC_SESSION_END, new SessionEndCall(SESSION)),
          Map.entry(VaaiNas.PROC_SUPPORT, new SupportCall(SESSION, VaaiPrimitive.FULL_CLONE)),
          Map.entry(
              VaaiNas.PROC_CLONE,
              new CloneCall(
                  SESSION,
                  3,
                  CloneFlags.OTHER_VOLUME,
                  Optional.of(new SessionId(5, 6)),
                  FILE,
                  VaaiFile.byEntry(new byte[32], "b.vmdk"))),
          Map.entry(VaaiNas.PROC_CLONE_STATUS, new JobCall(SESSION, 4)),
          Map.entry(VaaiNas.PROC_CLONE_ABORT, new JobCall(SESSION, 4)),
          Map.entry(
              VaaiNas.PROC_RESERVE,
              new ReserveCall(SESSION, 5, FILE, ReserveMode.LAZY_ZEROED, 4096)),
          Map.entry(VaaiNas.PROC_STATX, new StatxCall(SESSION, VaaiFile.byHandle(new byte[32]))),
          Map.entry(VaaiNas.PROC_UNMAP_GRANULARITY, new UnmapGranularityCall(SESSION, FILE)),
          Map.entry(
              VaaiNas.PROC_UNMAP,
              new UnmapCall(
                  SESSION, 6, FILE, List.of(new VaaiRange(4096, 8192), new VaaiRange(0, -1)))));

  private static final org.facsim.services.offload.session.SessionId ASKED_SESSION =
      new org.facsim.services.offload.session.SessionId(1, 2);
  private static final FileRef ASKED_FILE = FileRef.byPath("vm/a.vmdk");

  /** What the array is asked for by each of these. */
  private static final Map<Integer, List<?>> ASKED =
      Map.ofEntries(
          Map.entry(
              VaaiNas.PROC_SESSION_START,
              List.of("start", new SessionStart("/datastore1", "host", 3, 0))),
          Map.entry(VaaiNas.PROC_SESSION_END, List.of("end", ASKED_SESSION)),
          Map.entry(VaaiNas.PROC_SUPPORT, List.of("support", ASKED_SESSION, Primitive.FULL_CLONE)),
          Map.entry(
              VaaiNas.PROC_CLONE,
              List.of(
                  "clone",
                  new CloneRequest(
                      ASKED_SESSION,
                      3,
                      CloneOptions.of(CloneOption.OTHER_VOLUME),
                      Optional.of(new org.facsim.services.offload.session.SessionId(5, 6)),
                      ASKED_FILE,
                      FileRef.byEntry(new byte[32], "b.vmdk")))),
          Map.entry(VaaiNas.PROC_CLONE_STATUS, List.of("status", ASKED_SESSION, 4L)),
          Map.entry(VaaiNas.PROC_CLONE_ABORT, List.of("abort", ASKED_SESSION, 4L)),
          Map.entry(
              VaaiNas.PROC_RESERVE,
              List.of(
                  "reserve",
                  new ReserveRequest(
                      ASKED_SESSION,
                      5,
                      ASKED_FILE,
                      org.facsim.services.offload.ReserveMode.LAZY_ZEROED,
                      4096))),
          Map.entry(
              VaaiNas.PROC_STATX,
              List.of("statistics", ASKED_SESSION, FileRef.byHandle(new byte[32]))),
          Map.entry(
              VaaiNas.PROC_UNMAP_GRANULARITY, List.of("granularity", ASKED_SESSION, ASKED_FILE)),
          Map.entry(
              VaaiNas.PROC_UNMAP,
              List.of(
                  "unmap",
                  new UnmapRequest(
                      ASKED_SESSION,
                      6,
                      ASKED_FILE,
                      List.of(new FileRange(4096, 8192), new FileRange(0, -1))))));

  private static final FileHandle HANDLE = new FileHandle(1, 2, 3, 4);

  private static final JobSnapshot JOB_NOW =
      new JobSnapshot(
          4,
          org.facsim.services.offload.JobState.RUNNING,
          Optional.empty(),
          "running",
          9,
          5,
          3,
          2,
          Optional.of(HANDLE));

  /** What the array says to each. */
  private static final Map<Integer, CompletableFuture<?>> OUTCOMES =
      Map.ofEntries(
          Map.entry(
              VaaiNas.PROC_SESSION_START,
              completedFuture(
                  new StartedSession(
                      ASKED_SESSION,
                      HANDLE,
                      10,
                      new org.facsim.services.offload.session.SessionLimits(1, 2, 3, 4, 5, 6)))),
          Map.entry(VaaiNas.PROC_SESSION_END, completedFuture(null)),
          Map.entry(
              VaaiNas.PROC_SUPPORT,
              completedFuture(new Support(true, EnumSet.of(CloneOption.GUARDED), ""))),
          Map.entry(VaaiNas.PROC_CLONE, completedFuture(JOB_NOW)),
          Map.entry(VaaiNas.PROC_CLONE_STATUS, completedFuture(JOB_NOW)),
          Map.entry(VaaiNas.PROC_CLONE_ABORT, completedFuture(JOB_NOW)),
          Map.entry(
              VaaiNas.PROC_RESERVE,
              completedFuture(new org.facsim.services.offload.ReservedSpace(4096))),
          Map.entry(VaaiNas.PROC_STATX, completedFuture(new SpaceUse(6, 5, 2, 3, 1, 4))),
          Map.entry(
              VaaiNas.PROC_UNMAP_GRANULARITY,
              completedFuture(new org.facsim.services.offload.UnmapGranularity(1 << 20, 256))),
          Map.entry(
              VaaiNas.PROC_UNMAP,
              completedFuture(new org.facsim.services.offload.UnmappedSpace(8, 4, 2))));

  private static final CloneJob JOB =
      new CloneJob(
          4, JobState.RUNNING, VaaiStatus.OK, "running", 9, 5, 3, 2, Opaque.of(HANDLE.toBytes()));

  /** And what that is on the wire. */
  private static final Map<Integer, VaaiMessage> ANSWERS =
      Map.ofEntries(
          Map.entry(
              VaaiNas.PROC_SESSION_START,
              new SessionGrant(
                  SESSION, Opaque.of(HANDLE.toBytes()), 10, new SessionLimits(1, 2, 3, 4, 5, 6))),
          Map.entry(VaaiNas.PROC_SESSION_END, new SessionEnded()),
          Map.entry(VaaiNas.PROC_SUPPORT, new SupportAnswer(true, CloneFlags.GUARDED, "")),
          Map.entry(VaaiNas.PROC_CLONE, JOB),
          Map.entry(VaaiNas.PROC_CLONE_STATUS, JOB),
          Map.entry(VaaiNas.PROC_CLONE_ABORT, JOB),
          Map.entry(VaaiNas.PROC_RESERVE, new ReservedSpace(4096)),
          Map.entry(VaaiNas.PROC_STATX, new ExtendedStatistics(6, 5, 2, 3, 1, 4)),
          Map.entry(VaaiNas.PROC_UNMAP_GRANULARITY, new UnmapGranularity(1 << 20, 256)),
          Map.entry(VaaiNas.PROC_UNMAP, new UnmappedSpace(8, 4, 2)));

  private final ScriptedSessions sessions = new ScriptedSessions();
  private VaaiWire wire;

  @BeforeEach
  void start() {
    wire = new VaaiWire(sessions);
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
    sessions.willAnswer(OUTCOMES.get(procedure));
    assertThat(wire.reply(procedure, CALLS.get(procedure)))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(ANSWERS.get(procedure))));
    assertThat(sessions.calls()).isEqualTo(List.of(ASKED.get(procedure)));
    assertThat(sessions.lastRequester().claimed()).contains(Caller.ROOT);
    assertThat(sessions.lastRequester().client()).isEqualTo(wire.client().localAddress());
  }

  @ParameterizedTest
  @EnumSource
  void everyFailureIsItsNumberAndItsReasonForEveryCall(OffloadError error) {
    sessions.willAnswer(refusal(error, "why"));
    String number = "%08x".formatted(VaaiStatuses.of(error).code());
    String expected = number + "00000003" + "77687900";
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
      assertThat(wire.refusal(VaaiWire.versionOf(procedure), procedure, out -> out.writeBytes(cut)))
          .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    }
    ByteBuf longer = whole.duplicate().writeInt(0);
    assertThat(
            wire.refusal(VaaiWire.versionOf(procedure), procedure, out -> out.writeBytes(longer)))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    assertThat(sessions.calls()).isEmpty();
  }

  @Test
  void tenThousandRandomCallsAreAnsweredOrRefusedAndTheServerLives() {
    long seed = 20261123;
    Random random = new Random(seed);
    sessions.willAnswer(refusal(OffloadError.INVALID_ARGUMENT, ""));
    for (int round = 0; round < 10_000; round++) {
      byte[] noise = new byte[random.nextInt(30) * 4];
      random.nextBytes(noise);
      int procedure = 1 + random.nextInt(10);
      try {
        assertThat(wire.reply(VaaiNas.VERSION_2, procedure, out -> out.writeBytes(noise)))
            .matches(answer -> answer.equals("0000001600000000") || isAboutTheVersion(answer));
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
    assertThat(wire.refusal(VaaiNas.VERSION, 10, out -> {}))
        .isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(wire.refusal(VaaiNas.VERSION_2, 11, out -> {}))
        .isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(wire.refusal(VaaiNas.VERSION, -1, out -> {}))
        .isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(wire.refusal(0, VaaiNas.PROC_NULL, out -> {}))
        .isEqualTo(RpcFailure.PROGRAM_MISMATCH);
    assertThat(wire.refusal(3, VaaiNas.PROC_NULL, out -> {}))
        .isEqualTo(RpcFailure.PROGRAM_MISMATCH);
  }

  @ParameterizedTest
  @MethodSource("procedures")
  void anAnswerThatComesLaterIsSentLater(int procedure) throws Exception {
    CompletableFuture<Object> later = new CompletableFuture<>();
    sessions.willAnswer(later);
    CompletableFuture<String> reply =
        CompletableFuture.supplyAsync(() -> wire.reply(procedure, CALLS.get(procedure)));
    awaitCalls(1);
    assertThat(reply).isNotDone();
    later.complete(OUTCOMES.get(procedure).join());
    assertThat(VaaiWire.await(reply))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(ANSWERS.get(procedure))));
  }

  @Test
  void aDefectIsASystemErrorAtOnceOrLater() throws Exception {
    VaaiMessage call = CALLS.get(VaaiNas.PROC_CLONE);
    sessions.willAnswer(CompletableFuture.failedFuture(new IllegalStateException("a test")));
    assertThat(wire.refusal(VaaiNas.VERSION, VaaiNas.PROC_CLONE, call::encode))
        .isEqualTo(RpcFailure.SYSTEM_ERROR);

    CompletableFuture<Object> later = new CompletableFuture<>();
    sessions.willAnswer(later);
    CompletableFuture<RpcFailure> refusal =
        CompletableFuture.supplyAsync(
            () -> wire.refusal(VaaiNas.VERSION, VaaiNas.PROC_CLONE, call::encode));
    awaitCalls(2);
    later.completeExceptionally(new IllegalStateException("a test"));
    assertThat(VaaiWire.await(refusal)).isEqualTo(RpcFailure.SYSTEM_ERROR);
  }

  @Test
  void aRefusalThatComesLaterIsSentLater() throws Exception {
    CompletableFuture<Object> later = new CompletableFuture<>();
    sessions.willAnswer(later);
    VaaiMessage call = CALLS.get(VaaiNas.PROC_RESERVE);
    CompletableFuture<String> reply =
        CompletableFuture.supplyAsync(() -> wire.reply(VaaiNas.PROC_RESERVE, call));
    awaitCalls(1);
    later.completeExceptionally(new OffloadFailure(OffloadError.NO_SPACE, "full"));
    assertThat(VaaiWire.await(reply))
        .isEqualTo(VaaiWire.bytes(VaaiReply.failed(VaaiStatus.NOSPC, "full")));
  }

  @Test
  void everyStatusButOkIsThatOfOneOutcome() {
    Set<VaaiStatus> told = EnumSet.of(VaaiStatus.OK);
    for (OffloadError error : OffloadError.values()) {
      assertThat(told.add(VaaiStatuses.of(error))).as("%s is told apart", error).isTrue();
    }
    assertThat(told).containsExactlyInAnyOrder(VaaiStatus.values());
  }

  /** Told by the door itself, which alone knows its own version. */
  @Test
  void anotherVersionOfTheProtocolReachesNothing() {
    SessionStartCall call = new SessionStartCall(2, 3, "/datastore1", "host", 0);
    assertThat(wire.reply(VaaiNas.PROC_SESSION_START, call))
        .isEqualTo(
            VaaiWire.bytes(VaaiReply.failed(VaaiStatus.VERSION, "protocol version 2, served: 1")));
    assertThat(sessions.calls()).isEmpty();
  }

  /** Version 2 is version 1 and more: whoever speaks it needs no other. */
  @ParameterizedTest
  @MethodSource("procedures")
  void version2HasEveryCall(int procedure) {
    sessions.willAnswer(OUTCOMES.get(procedure));
    VaaiMessage call =
        procedure == VaaiNas.PROC_SESSION_START
            ? new SessionStartCall(VaaiNas.PROTOCOL_VERSION_2, 3, "/datastore1", "host", 0)
            : CALLS.get(procedure);
    assertThat(wire.reply(VaaiNas.VERSION_2, procedure, call::encode))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(ANSWERS.get(procedure))));
    assertThat(sessions.calls()).isEqualTo(List.of(ASKED.get(procedure)));
  }

  @Test
  void aSessionOfVersion2NamesVersion2() {
    SessionStartCall call = new SessionStartCall(1, 3, "/datastore1", "host", 0);
    assertThat(wire.reply(VaaiNas.VERSION_2, VaaiNas.PROC_SESSION_START, call::encode))
        .isEqualTo(
            VaaiWire.bytes(VaaiReply.failed(VaaiStatus.VERSION, "protocol version 1, served: 2")));
    assertThat(sessions.calls()).isEmpty();
  }

  @Test
  void version1DoesNotKnowThePrimitiveOfVersion2() {
    SupportCall call = new SupportCall(SESSION, VaaiPrimitive.UNMAP_RANGES);
    sessions.willAnswer(completedFuture(null));
    assertThat(wire.reply(VaaiNas.PROC_SUPPORT, call))
        .isEqualTo(
            VaaiWire.bytes(VaaiReply.ok(new SupportAnswer(false, 0, "primitive 6 is unknown"))));
    sessions.willAnswer(completedFuture(new Support(true, EnumSet.noneOf(CloneOption.class), "")));
    assertThat(wire.reply(VaaiNas.VERSION_2, VaaiNas.PROC_SUPPORT, call::encode))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(new SupportAnswer(true, 0, ""))));
    assertThat(sessions.calls())
        .isEqualTo(
            List.of(
                List.of("renew", ASKED_SESSION),
                List.of("support", ASKED_SESSION, Primitive.UNMAP)));
  }

  @Test
  void moreRangesThanAreAllowedAreGarbage() {
    ByteBuf call = Unpooled.buffer();
    new UnmapCall(SESSION, 6, FILE, List.of()).encode(call);
    call.setInt(call.writerIndex() - 4, VaaiNas.MAX_RANGES + 1);
    call.writeZero((VaaiNas.MAX_RANGES + 1) * 16);
    assertThat(
            wire.refusal(
                VaaiNas.VERSION_2, VaaiNas.PROC_UNMAP, out -> out.writeBytes(call.slice())))
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    assertThat(sessions.calls()).isEmpty();
  }

  @Test
  void aPrimitiveOfALaterVersionIsNotSupportedAndRenewsTheSession() {
    sessions.willAnswer(completedFuture(null));
    assertThat(wire.reply(VaaiNas.PROC_SUPPORT, new SupportCall(SESSION, 99)))
        .isEqualTo(
            VaaiWire.bytes(VaaiReply.ok(new SupportAnswer(false, 0, "primitive 99 is unknown"))));
    assertThat(sessions.calls()).isEqualTo(List.of(List.of("renew", ASKED_SESSION)));
  }

  /** A clone is asked for with them, so that it is refused in its turn. */
  @Test
  void flagsThatNobodyKnowsAreNamedAsTheyCame() {
    sessions.willAnswer(completedFuture(JOB_NOW));
    wire.reply(
        VaaiNas.PROC_CLONE, CloneCall.within(SESSION, 1, FILE, FILE, 0x80000010 | CloneFlags.LAZY));
    assertThat(sessions.calls())
        .isEqualTo(
            List.of(
                List.of(
                    "clone",
                    CloneRequest.within(
                        ASKED_SESSION,
                        1,
                        ASKED_FILE,
                        ASKED_FILE,
                        new CloneOptions(
                            EnumSet.of(CloneOption.LAZY), "clone flags 0x80000010")))));
  }

  private static CompletableFuture<?> refusal(OffloadError error, String reason) {
    return CompletableFuture.failedFuture(new OffloadFailure(error, reason));
  }

  private static boolean isAboutTheVersion(String answer) {
    return answer.startsWith("%08x".formatted(VaaiStatus.VERSION.code()));
  }

  private void awaitCalls(int count) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (sessions.calls().size() < count) {
      assertThat(System.nanoTime()).as("waiting for a call").isLessThan(deadlineNanos);
      Thread.sleep(1);
    }
  }
}
