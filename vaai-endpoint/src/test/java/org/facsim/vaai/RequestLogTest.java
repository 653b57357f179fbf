/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.facsim.array.Caller;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.VaaiFailure;
import org.junit.jupiter.api.Test;

/** At most once. */
final class RequestLogTest {
  private final RequestLog log = new RequestLog(3);
  private final AtomicInteger executions = new AtomicInteger();

  private CompletableFuture<VaaiReply<ReservedSpace>> send(long requestId) {
    return send(requestId, request(requestId, Caller.ROOT), answer());
  }

  private CompletableFuture<VaaiReply<ReservedSpace>> send(
      long requestId,
      RequestLog.Request request,
      CompletableFuture<VaaiReply<ReservedSpace>> answer) {
    return log.once(
        requestId,
        request,
        () -> {
          executions.incrementAndGet();
          return answer;
        });
  }

  private static RequestLog.Request request(long argument, Caller caller) {
    return new RequestLog.Request(new JobCall(new SessionId(0, 0), argument), caller);
  }

  private CompletableFuture<VaaiReply<ReservedSpace>> answer() {
    return CompletableFuture.completedFuture(
        VaaiReply.ok(new ReservedSpace(1000 + executions.get())));
  }

  @Test
  void aRetransmissionGetsTheFirstAnswer() {
    VaaiReply<ReservedSpace> first = send(7).join();
    assertThat(send(7).join()).isSameAs(first);
    assertThat(send(8).join()).isNotEqualTo(first);
    assertThat(send(7).join()).isSameAs(first);
    assertThat(executions).hasValue(2);
  }

  @Test
  void aRetransmissionThatOvertakesTheAnswerWaitsForIt() {
    CompletableFuture<VaaiReply<ReservedSpace>> later = new CompletableFuture<>();
    var first = send(7, request(7, Caller.ROOT), later);
    var second = send(7);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    later.complete(VaaiReply.ok(new ReservedSpace(5)));
    assertThat(first.join()).isEqualTo(VaaiReply.ok(new ReservedSpace(5)));
    assertThat(second.join()).isSameAs(first.join());
    assertThat(executions).hasValue(1);
  }

  /** As when direct memory ends in the middle of it. */
  @Test
  void aRequestThatEndsWithAnErrorIsAnsweredAndKeepsNothingBusy() {
    CompletableFuture<VaaiReply<ReservedSpace>> answer =
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
    VaaiReply<ReservedSpace> busy = VaaiReply.failed(VaaiStatus.BUSY, "later");
    assertThat(send(7, request(7, Caller.ROOT), CompletableFuture.completedFuture(busy)).join())
        .isSameAs(busy);
    assertThat(send(7).join()).isSameAs(busy);
    assertThat(executions).hasValue(1);
  }

  @Test
  void anIdUsedForAnotherCallOrByAnotherUserIsRefused() {
    send(7).join();
    assertRefused(VaaiStatus.REQUEST, 7, request(8, Caller.ROOT));
    assertRefused(VaaiStatus.REQUEST, 7, request(7, new Caller(1000, 1000, List.of())));
    assertThat(executions).hasValue(1);
  }

  @Test
  void whatIsForgottenIsRefusedAndNeverRunsAgain() {
    for (long id = 10; id < 15; id++) {
      send(id).join();
    }
    assertThat(executions).hasValue(5);
    assertRefused(VaaiStatus.REQUEST, 10, request(10, Caller.ROOT));
    assertRefused(VaaiStatus.REQUEST, 11, request(11, Caller.ROOT));
    assertRefused(
        VaaiStatus.REQUEST, 9, request(9, Caller.ROOT)); // never seen, but cannot be told apart
    send(12).join();
    assertThat(executions).hasValue(5);
  }

  @Test
  void idsAreUnsigned() {
    for (long id = -5; id < 0; id++) {
      send(id).join();
    }
    assertRefused(VaaiStatus.REQUEST, 1, request(1, Caller.ROOT));
    assertRefused(VaaiStatus.REQUEST, -5, request(-5, Caller.ROOT));
    send(-2).join();
    assertThat(executions).hasValue(5);
  }

  @Test
  void unansweredRequestsAreNeverForgotten() {
    CompletableFuture<VaaiReply<ReservedSpace>> never = new CompletableFuture<>();
    for (long id = 1; id <= 3; id++) {
      assertThat(send(id, request(id, Caller.ROOT), never)).isNotDone();
    }
    assertRefused(VaaiStatus.BUSY, 4, request(4, Caller.ROOT));
    never.complete(VaaiReply.ok(new ReservedSpace(0)));
    send(4).join();
    assertThat(executions).hasValue(4);
  }

  @Test
  void whatIsForgottenAtARestoreRunsAnewAndWhatRunsMeanwhileIsNotRemembered() {
    CompletableFuture<VaaiReply<ReservedSpace>> later = new CompletableFuture<>();
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
    later.complete(VaaiReply.ok(new ReservedSpace(5)));
    assertThat(running.join().value()).isEqualTo(new ReservedSpace(5));
    VaaiReply<ReservedSpace> again = send(20).join();
    assertThat(again.value()).isNotEqualTo(new ReservedSpace(5));
    assertThat(send(20).join()).isSameAs(again);
    assertThat(executions).hasValue(9);
    assertThat(log.isIdle()).isTrue();
  }

  @Test
  void aDefectIsRememberedAndNotRunAgain() {
    for (int attempt = 0; attempt < 2; attempt++) {
      CompletableFuture<VaaiReply<ReservedSpace>> answer =
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

  private void assertRefused(VaaiStatus status, long requestId, RequestLog.Request request) {
    assertThatThrownBy(() -> send(requestId, request, answer()).join())
        .isInstanceOfSatisfying(
            VaaiFailure.class, failure -> assertThat(failure.status()).isEqualTo(status));
  }
}
