/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;

class CallsTest {
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000);

  private final AtomicLong nowNanos = new AtomicLong();
  private final Calls calls = new Calls(nowNanos::get);
  private final List<String> heard = new ArrayList<>();

  private static Arrival arrival() {
    return new Arrival(
        Door.NFS, CLIENT, 7, 100_003, 3, 1, "GETATTR", 4, () -> ByteBuffer.wrap(new byte[4]));
  }

  private static Departure departure(long status) {
    return new Departure(status, 2, () -> ByteBuffer.wrap(new byte[2]));
  }

  /** Says what it heard, and answers as told. */
  private final class Link implements CallInterceptor {
    private final String name;
    private final ArrivalVerdict arrival;
    private final OperationVerdict operation;
    private final ReplyVerdict reply;

    Link(String name, ArrivalVerdict arrival, OperationVerdict operation, ReplyVerdict reply) {
      this.name = name;
      this.arrival = arrival;
      this.operation = operation;
      this.reply = reply;
    }

    @Override
    public ArrivalVerdict received(CallRecord call) {
      heard.add(name + " received");
      assertThat(call.request().remaining()).isEqualTo(4);
      return arrival;
    }

    @Override
    public OperationVerdict operation(CallRecord call) {
      heard.add(name + " operation");
      return operation;
    }

    @Override
    public ReplyVerdict answered(CallRecord call) {
      heard.add(name + " answered");
      assertThat(call.reply().remaining()).isEqualTo(2);
      return reply;
    }

    @Override
    public void ended(CallRecord call) {
      heard.add(name + " ended");
    }
  }

  private Link passing(String name) {
    return new Link(name, ArrivalVerdict.SERVE, OperationVerdict.PERFORM, ReplyVerdict.SEND);
  }

  @Test
  void allLinksHearOfEachPointInTheirOrder() {
    calls.install(passing("a"));
    calls.install(passing("b"));
    CallRecord call = calls.received(arrival());
    call.operation(null, null, null);
    call.operation(null, null, null); // waited, and is tried again
    nowNanos.set(5);
    assertThat(call.answered(departure(13))).isEqualTo(ReplyVerdict.SEND);
    nowNanos.set(9);
    call.ended();
    call.ended();
    assertThat(heard)
        .containsExactly(
            "a received",
            "b received",
            "a operation",
            "b operation",
            "a answered",
            "b answered",
            "a ended",
            "b ended");
    assertThat(call.status()).hasValue(13);
    assertThat(call.durationNanos()).isEqualTo(5);
    assertThat(call.toString()).startsWith("NFS GETATTR of 127.0.0.1, xid 00000007");
  }

  @Test
  void theFirstVerdictDecidesAndTheLinksBehindHearOfIt() {
    calls.install(passing("a"));
    calls.install(
        new Link(
            "b",
            ArrivalVerdict.noAnswer("b1"),
            OperationVerdict.refuse("b2", ArrayError.IO),
            ReplyVerdict.close("b3")));
    calls.install(
        new Link(
            "c",
            ArrivalVerdict.reset("c1"),
            OperationVerdict.refuse("c2", ArrayError.BUSY),
            ReplyVerdict.noAnswer("c3")));
    CallRecord call = calls.received(arrival());
    assertThat(call.arrivalVerdict().kind()).isEqualTo(ArrivalVerdict.Kind.NO_ANSWER);
    assertThat(call.faults()).containsExactly("b1");
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> call.operation(null, null, null))
        .matches(refused -> refused.error() == ArrayError.IO);
    assertThatExceptionOfType(ArrayException.class)
        .as("tried again")
        .isThrownBy(() -> call.operation(null, null, null));
    assertThat(call.operationVerdict().error()).isEqualTo(ArrayError.IO);
    assertThat(call.answered(departure(5)).kind()).isEqualTo(ReplyVerdict.Kind.CLOSE);
    assertThat(call.replyVerdict().label()).isEqualTo("b3");
    assertThat(call.faults()).containsExactly("b1", "b2", "b3");
    assertThat(heard).hasSize(9);
  }

  @Test
  void bytesAreThereAtTheirPointOnly() {
    calls.install(passing("a"));
    CallRecord call = calls.received(arrival());
    assertThatIllegalStateException().isThrownBy(call::request);
    call.answered(departure(0));
    assertThatIllegalStateException().isThrownBy(call::reply);
  }

  @Test
  void whatTheDoorSaysGoesBeforeWhatItsTransportReads() {
    calls.install(passing("a"));
    CallRecord call = calls.received(arrival());
    call.says(4);
    call.answered(departure(0));
    assertThat(call.status()).hasValue(4);
    CallRecord refused = calls.received(arrival());
    refused.says(4);
    refused.answered(departure(Departure.REFUSED));
    assertThat(refused.status()).hasValue(Departure.REFUSED);
  }

  @Test
  void aCallKeepsTheLinksThatItArrivedWith() {
    Calls.Installed a = calls.install(passing("a"));
    CallRecord call = calls.received(arrival());
    a.close();
    a.close();
    calls.install(passing("b"));
    call.operation(null, null, null);
    call.ended();
    assertThat(heard).containsExactly("a received", "a operation", "a ended");
  }

  @Test
  void oneLinkInstalledTwiceIsTakenOutOnce() {
    Link link = passing("a");
    Calls.Installed first = calls.install(link);
    calls.install(link);
    first.close();
    first.close();
    assertThat(calls.isWatched()).isTrue();
    calls.received(arrival());
    assertThat(heard).containsExactly("a received");
  }

  @Test
  void aLinkThatThrowsHarmsNobody() {
    calls.install(
        new CallInterceptor() {
          @Override
          public ArrivalVerdict received(CallRecord call) {
            throw new IllegalStateException("of a test");
          }

          @Override
          public OperationVerdict operation(CallRecord call) {
            throw new AssertionError("of a test");
          }

          @Override
          public ReplyVerdict answered(CallRecord call) {
            return null;
          }

          @Override
          public void ended(CallRecord call) {
            throw new IllegalArgumentException("of a test");
          }
        });
    calls.install(passing("b"));
    CallRecord call = calls.received(arrival());
    call.operation(null, null, null);
    assertThat(call.answered(departure(0))).isEqualTo(ReplyVerdict.SEND);
    call.ended();
    assertThat(heard).containsExactly("b received", "b operation", "b answered", "b ended");
    assertThat(calls.failureCount()).isEqualTo(4);
  }

  /** Each call hears both ends of itself or nothing, whoever comes and goes. */
  @Test
  void linksComeAndGoWhileCallsRun() throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    CallInterceptor counting =
        new CallInterceptor() {
          @Override
          public ArrivalVerdict received(CallRecord call) {
            begun.incrementAndGet();
            return ArrivalVerdict.SERVE;
          }

          @Override
          public void ended(CallRecord call) {
            ended.incrementAndGet();
          }
        };
    Thread caller =
        new Thread(
            () -> {
              while (!stop.get()) {
                calls.received(arrival()).ended();
              }
            });
    caller.start();
    for (int i = 0; i < 2000 || begun.get() == 0; i++) {
      Calls.Installed one = calls.install(counting);
      Calls.Installed two = calls.install(counting);
      one.close();
      two.close();
    }
    stop.set(true);
    caller.join();
    assertThat(calls.isWatched()).isFalse();
    assertThat(ended.get()).isEqualTo(begun.get()).isPositive();
  }
}
