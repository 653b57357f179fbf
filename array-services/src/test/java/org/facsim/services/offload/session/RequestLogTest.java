/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.facsim.array.Caller;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.OffloadLab;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.ReservedSpace;
import org.junit.jupiter.api.Test;

/** At most once. */
final class RequestLogTest {
  private static final FileRef FILE = FileRef.byPath("a");

  private final RequestLog log = new RequestLog(3);
  private final AtomicInteger executions = new AtomicInteger();

  private CompletableFuture<ReservedSpace> send(long requestId) {
    return send(requestId, request(requestId, Caller.ROOT), answer());
  }

  private CompletableFuture<ReservedSpace> send(
      long requestId, RequestLog.Request request, CompletableFuture<ReservedSpace> answer) {
    return log.once(
        requestId,
        request,
        () -> {
          executions.incrementAndGet();
          return answer;
        });
  }

  private static RequestLog.Request request(long argument, Caller caller) {
    return new RequestLog.Request(
        new ReserveRequest(new SessionId(0, 0), 1, FILE, ReserveMode.LAZY_ZEROED, argument),
        caller);
  }

  private CompletableFuture<ReservedSpace> answer() {
    return CompletableFuture.completedFuture(new ReservedSpace(1000 + executions.get()));
  }

  @Test
  void aRetransmissionGetsTheFirstAnswer() {
    ReservedSpace first = send(7).join();
    assertThat(send(7).join()).isSameAs(first);
    assertThat(send(8).join()).isNotEqualTo(first);
    assertThat(send(7).join()).isSameAs(first);
    assertThat(executions).hasValue(2);
  }

  @Test
  void aRetransmissionThatOvertakesTheAnswerWaitsForIt() {
    CompletableFuture<ReservedSpace> later = new CompletableFuture<>();
    var first = send(7, request(7, Caller.ROOT), later);
    var second = send(7);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    later.complete(new ReservedSpace(5));
    assertThat(first.join()).isEqualTo(new ReservedSpace(5));
    assertThat(second.join()).isSameAs(first.join());
    assertThat(executions).hasValue(1);
  }

  /** As when direct memory ends in the middle of it. */
  @Test
  void aRequestThatEndsWithAnErrorIsAnsweredAndKeepsNothingBusy() {
    CompletableFuture<ReservedSpace> answer =
        log.once(
            7,
            request(7, Caller.ROOT),
            () -> {
              throw new LinkageError("on purpose");
            });
    assertThat(answer).isCompletedExceptionally();
    assertThat(send(7)).isSameAs(answer);
    assertThat(log.isIdle()).isTrue();
    assertThat(executions).hasValue(0);
  }

  @Test
  void failuresAreRememberedToo() {
    CompletableFuture<ReservedSpace> busy =
        CompletableFuture.failedFuture(new OffloadFailure(OffloadError.BUSY, "later"));
    for (CompletableFuture<ReservedSpace> answer :
        List.of(send(7, request(7, Caller.ROOT), busy), send(7))) {
      assertThat(OffloadLab.refusalOf(answer).error()).isEqualTo(OffloadError.BUSY);
    }
    assertThat(executions).hasValue(1);
  }

  @Test
  void anIdUsedForAnotherCallOrByAnotherUserIsRefused() {
    send(7).join();
    assertRefused(OffloadError.REQUEST_REUSED, 7, request(8, Caller.ROOT));
    assertRefused(OffloadError.REQUEST_REUSED, 7, request(7, new Caller(1000, 1000, List.of())));
    assertThat(executions).hasValue(1);
  }

  /** Each differs from the first in one thing. */
  @Test
  void everyPartOfARequestTellsItFromOthers() {
    SessionId session = new SessionId(1, 2);
    FileRef entry = FileRef.byEntry(new byte[] {1, 2}, "ab");
    CloneRequest clone = CloneRequest.within(session, 1, FILE, entry, CloneOptions.NONE);
    List<SessionRequest> requests =
        List.of(
            clone,
            CloneRequest.within(new SessionId(2, 2), 1, FILE, entry, CloneOptions.NONE),
            CloneRequest.within(session, 2, FILE, entry, CloneOptions.NONE),
            CloneRequest.within(session, 1, FileRef.byPath("b"), entry, CloneOptions.NONE),
            CloneRequest.within(
                session, 1, FileRef.byHandle(new byte[] {'a'}), entry, CloneOptions.NONE),
            CloneRequest.within(
                session, 1, FILE, FileRef.byEntry(new byte[] {1}, "\u0002ab"), CloneOptions.NONE),
            CloneRequest.within(session, 1, FILE, entry, CloneOptions.of(CloneOption.LAZY)),
            CloneRequest.within(session, 1, FILE, entry, CloneOptions.of(CloneOption.GUARDED)),
            CloneRequest.within(session, 1, FILE, entry, new CloneOptions(Set.of(), "bit 16")),
            new CloneRequest(session, 1, CloneOptions.NONE, Optional.of(session), FILE, entry),
            new ReserveRequest(session, 1, FILE, ReserveMode.LAZY_ZEROED, 0),
            new ReserveRequest(session, 1, FILE, ReserveMode.EAGER_ZEROED, 0),
            new ReserveRequest(session, 1, FILE, ReserveMode.LAZY_ZEROED, 1));
    Set<String> fingerprints = new HashSet<>();
    for (SessionRequest each : requests) {
      for (Caller caller : List.of(Caller.ROOT, new Caller(0, 0, List.of(7L)))) {
        byte[] fingerprint = new RequestLog.Request(each, caller).fingerprint();
        assertThat(fingerprint).isEqualTo(new RequestLog.Request(each, caller).fingerprint());
        assertThat(fingerprints.add(HexFormat.of().formatHex(fingerprint))).isTrue();
      }
    }
  }

  /** Long ones are told apart by a hash of all of it, so that none takes much. */
  @Test
  void aLongRequestTakesFewBytesAndIsToldFromOnesThatDifferAtTheirEnds() {
    SessionId session = new SessionId(1, 2);
    Set<String> fingerprints = new HashSet<>();
    for (String path : List.of("a".repeat(1024), "a".repeat(1023), "a".repeat(1023) + "b")) {
      for (String destination : List.of("c".repeat(1024), "c".repeat(1023) + "d")) {
        CloneRequest clone =
            CloneRequest.within(
                session,
                1,
                FileRef.byPath(path),
                FileRef.byPath(destination),
                CloneOptions.of(CloneOption.LAZY));
        byte[] fingerprint = new RequestLog.Request(clone, Caller.ROOT).fingerprint();
        assertThat(fingerprint).hasSizeLessThanOrEqualTo(Fingerprint.MAX_VERBATIM_BYTES);
        assertThat(fingerprints.add(HexFormat.of().formatHex(fingerprint))).isTrue();
      }
    }
  }

  @Test
  void whatIsForgottenIsRefusedAndNeverRunsAgain() {
    for (long id = 10; id < 15; id++) {
      send(id).join();
    }
    assertThat(executions).hasValue(5);
    assertRefused(OffloadError.REQUEST_REUSED, 10, request(10, Caller.ROOT));
    assertRefused(OffloadError.REQUEST_REUSED, 11, request(11, Caller.ROOT));
    assertRefused(
        OffloadError.REQUEST_REUSED,
        9,
        request(9, Caller.ROOT)); // never seen, but cannot be told apart
    send(12).join();
    assertThat(executions).hasValue(5);
  }

  @Test
  void idsAreUnsigned() {
    for (long id = -5; id < 0; id++) {
      send(id).join();
    }
    assertRefused(OffloadError.REQUEST_REUSED, 1, request(1, Caller.ROOT));
    assertRefused(OffloadError.REQUEST_REUSED, -5, request(-5, Caller.ROOT));
    send(-2).join();
    assertThat(executions).hasValue(5);
  }

  @Test
  void unansweredRequestsAreNeverForgotten() {
    CompletableFuture<ReservedSpace> never = new CompletableFuture<>();
    for (long id = 1; id <= 3; id++) {
      assertThat(send(id, request(id, Caller.ROOT), never)).isNotDone();
    }
    assertRefused(OffloadError.BUSY, 4, request(4, Caller.ROOT));
    never.complete(new ReservedSpace(0));
    send(4).join();
    assertThat(executions).hasValue(4);
  }

  @Test
  void whatIsForgottenAtARestoreRunsAnewAndWhatRunsMeanwhileIsNotRemembered() {
    CompletableFuture<ReservedSpace> later = new CompletableFuture<>();
    for (long id = 10; id < 15; id++) {
      send(id).join();
    }
    var running = send(20, request(20, Caller.ROOT), later);
    assertThat(log.isIdle()).isFalse();

    log.forgetAll();

    assertThat(log.isIdle()).isTrue();
    send(14).join();
    send(1).join();
    assertThat(executions).as("14 and 1 ran").hasValue(8);
    later.complete(new ReservedSpace(5));
    assertThat(running.join()).isEqualTo(new ReservedSpace(5));
    ReservedSpace again = send(20).join();
    assertThat(again).isNotEqualTo(new ReservedSpace(5));
    assertThat(send(20).join()).isSameAs(again);
    assertThat(executions).hasValue(9);
    assertThat(log.isIdle()).isTrue();
  }

  @Test
  void aDefectIsRememberedAndNotRunAgain() {
    for (int attempt = 0; attempt < 2; attempt++) {
      CompletableFuture<ReservedSpace> answer =
          log.once(
              7,
              request(7, Caller.ROOT),
              () -> {
                executions.incrementAndGet();
                throw new IllegalStateException("a test");
              });
      assertThat(answer).isCompletedExceptionally();
    }
    assertThat(executions).hasValue(1);
  }

  @Test
  void twoThreadsWithOneRequestRunItOnce() throws Exception {
    RequestLog wide = new RequestLog(10_000);
    int rounds = 5_000;
    CountDownLatch ready = new CountDownLatch(2);
    List<Thread> threads =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          ready.countDown();
                          for (int id = 0; id < rounds; id++) {
                            wide.once(
                                    id,
                                    request(id, Caller.ROOT),
                                    () -> {
                                      executions.incrementAndGet();
                                      return answer();
                                    })
                                .join();
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    assertThat(executions).hasValue(rounds);
  }

  private void assertRefused(OffloadError error, long requestId, RequestLog.Request request) {
    assertThatThrownBy(() -> send(requestId, request, answer()).join())
        .isInstanceOfSatisfying(
            OffloadFailure.class, failure -> assertThat(failure.error()).isEqualTo(error));
  }
}
