/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.management.RawHttp.Reply;
import org.facsim.services.calls.Calls;
import org.facsim.services.control.Visits;
import org.facsim.services.offload.session.SessionCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The door at the end of what it may use: connections, threads, memory for answers, time. */
class HttpLimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String END_SESSION =
      "DELETE /vaai/v1/sessions/00000000000000000000000000000000 HTTP/1.1";
  private static final String[] HEADERS = {"Host: localhost", "Content-Type: application/json"};

  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean wasInterrupted = new AtomicBoolean();
  private final CapturedLog log = new CapturedLog();
  private final List<RawHttp> clients = new ArrayList<>();
  private HttpDoor door;

  @AfterEach
  void stop() throws Exception {
    mayEnd.countDown();
    for (RawHttp client : clients) {
      client.close();
    }
    door.close();
    log.close();
  }

  private void open(HttpDoorOptions options) throws Exception {
    door = HttpDoor.open(options, null, new Visits(), slowSessionEnds(), new Calls());
  }

  private static HttpDoorOptions options() {
    return HttpDoorOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** An end of a session waits as if for a volume's lock; nothing else is ever asked. */
  private SessionCalls slowSessionEnds() {
    return (SessionCalls)
        Proxy.newProxyInstance(
            HttpLimitsTest.class.getClassLoader(),
            new Class<?>[] {SessionCalls.class},
            (proxy, method, arguments) -> {
              running.incrementAndGet();
              try {
                mayEnd.await();
              } catch (InterruptedException e) {
                wasInterrupted.set(true);
              } finally {
                running.decrementAndGet();
              }
              return CompletableFuture.completedFuture(null);
            });
  }

  private RawHttp connect() throws Exception {
    RawHttp client = new RawHttp(door.address());
    clients.add(client);
    return client;
  }

  private static int statusOf(RawHttp client) throws Exception {
    return client.send("GET /openapi.yaml HTTP/1.1", "Host: localhost").receive().status();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadlineNanos);
      Thread.sleep(2);
    }
  }

  // ---------------------------------------------------------------- connections

  @Test
  void aNewConnectionTakesThePlaceOfTheOneThatWasIdleLongest() throws Exception {
    open(options().withConnections(8, 3));
    RawHttp first = connect();
    RawHttp second = connect();
    assertThat(statusOf(second)).isEqualTo(200);
    assertThat(statusOf(first)).isEqualTo(200);
    RawHttp third = connect();
    assertThat(statusOf(third)).isEqualTo(200);

    for (int i = 0; i < 20; i++) {
      RawHttp next = connect();
      assertThat(statusOf(next)).isEqualTo(200);
      assertThat(door.connectionCount()).isLessThanOrEqualTo(3);
    }
    await("all but the last three are closed", () -> first.isClosedByDoor());
    assertThat(second.isClosedByDoor()).isTrue();
    assertThat(third.isClosedByDoor()).isTrue();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void theLimitInAllHoldsForAddressesTogether() throws Exception {
    open(options().withConnections(2, 64));
    RawHttp first = connect();
    assertThat(statusOf(first)).isEqualTo(200);
    RawHttp second = connect();
    assertThat(statusOf(second)).isEqualTo(200);
    assertThat(statusOf(connect())).isEqualTo(200);
    await("the first one makes room", first::isClosedByDoor);
    assertThat(statusOf(second)).isEqualTo(200);
  }

  @Test
  void aConnectionWithARequestUnderWayIsNotClosedForANewOne() throws Exception {
    open(options().withConnections(8, 1));
    RawHttp busy = connect().send(END_SESSION, HEADERS);
    await("the request runs", () -> running.get() == 1);
    RawHttp refused = connect();
    await("nobody makes room", refused::isClosedByDoor);
    mayEnd.countDown();
    assertThat(busy.receive().status()).isEqualTo(204);
    assertThat(statusOf(busy)).isEqualTo(200);
  }

  @Test
  void aSilentConnectionEnds() throws Exception {
    open(options().withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(5)));
    RawHttp silent = connect();
    await("it ends", silent::isClosedByDoor);
    await("and is forgotten", () -> door.connectionCount() == 0);
    assertThat(log.lines()).isEmpty();
  }

  // ---------------------------------------------------------------- requests

  @Test
  void requestsThatFollowEachOtherWithoutWaitingAreAllAnsweredInOrder() throws Exception {
    open(options());
    int count = 2000;
    RawHttp client = connect();
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < count; i++) {
      requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    client.send(requests.toString());
    for (int i = 0; i < count; i++) {
      assertThat(client.receive().body()).contains("GET /" + i + ";");
    }
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aClientThatReadsNothingIsSoonReadFromNoMore() throws Exception {
    open(options());
    byte[] request =
        ("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(8000) + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    try (SocketChannel client = SocketChannel.open(door.address())) {
      client.configureBlocking(false);
      ByteBuffer bytes = ByteBuffer.wrap(request);
      long sentBytes = 0;
      long stuckSinceNanos = System.nanoTime();
      while (System.nanoTime() - stuckSinceNanos < TimeUnit.SECONDS.toNanos(2)) {
        int count = client.write(bytes);
        sentBytes += count;
        if (!bytes.hasRemaining()) {
          bytes.rewind();
        }
        if (count > 0) {
          stuckSinceNanos = System.nanoTime();
        } else {
          Thread.sleep(5);
        }
        // what both kernels hold, and some: its answers would take twice as much
        assertThat(sentBytes).isLessThan(32L << 20);
      }
      assertThat(statusOf(connect())).isEqualTo(200);
    }
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void whatWaitsDelaysNothingElseAndTooMuchOfItIsRefused() throws Exception {
    open(options().withConnections(256, 256));
    List<RawHttp> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(connect().send(END_SESSION, HEADERS));
    }
    await("three run", () -> running.get() == 3);
    assertThat(statusOf(connect())).isEqualTo(200);
    assertThat(connect().send("GET /none HTTP/1.1", HEADERS).receive().status()).isEqualTo(404);

    waiting.add(connect().send(END_SESSION, HEADERS));
    await("all threads wait", () -> running.get() == 4);
    for (int i = 0; i < 64; i++) {
      waiting.add(connect().send(END_SESSION, HEADERS));
    }
    await("the queue is full", () -> door.waitingCount() == 64);
    RawHttp another = connect().send("GET /openapi.yaml HTTP/1.1", HEADERS);
    Reply refused = another.receive();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).hasValue("1");
    assertThat(connect().send("GET /none HTTP/1.1", HEADERS).receive().status()).isEqualTo(404);
    mayEnd.countDown();
    for (RawHttp each : waiting) {
      assertThat(each.receive().status()).isEqualTo(204);
    }
    assertThat(statusOf(another)).isEqualTo(200);
    assertThat(log.lines()).isEmpty();
  }

  /** Whoever announces ten gigabytes need not send them to learn that they are too many. */
  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItHasArrived() throws Exception {
    open(options());
    RawHttp client =
        connect()
            .send(
                "POST /vaai/v1/sessions HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 10000000000");
    Reply refused = client.receive();
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.header("connection")).hasValue("close");
    await("its connection ends", client::isClosedByDoor);
    assertThat(statusOf(connect())).isEqualTo(200);
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aBodyWithoutAnAnnouncedLengthIsRefusedAsSoonAsItIsTooLarge() throws Exception {
    open(options());
    RawHttp client =
        connect()
            .send(
                "POST /vaai/v1/sessions HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked");
    String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
    for (int i = 0; i < 17; i++) {
      client.send(chunk);
    }
    assertThat(client.receive().status()).isEqualTo(413); // its end has not come
    await("its connection ends", client::isClosedByDoor);
    assertThat(log.lines()).isEmpty();
  }

  // ---------------------------------------------------------------- the end

  @Test
  void closingWaitsForWhatRunsAndInterruptsNothing() throws Exception {
    open(options());
    RawHttp idle = connect();
    RawHttp busy = connect().send(END_SESSION, HEADERS);
    await("the request runs", () -> running.get() == 1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(door::close);
    await("idle connections end at once", idle::isClosedByDoor);
    await("nobody gets in", this::isRefused);
    assertThat(closed).isNotDone();
    mayEnd.countDown();
    assertThat(busy.receive().status()).isEqualTo(204);
    assertThat(closed).succeedsWithin(PATIENCE);
    assertThat(wasInterrupted).isFalse();
    assertThat(log.lines()).isEmpty();
    door.close();
  }

  @Test
  void whoComesWhileItClosesIsNoLineInTheLog() throws Exception {
    for (int round = 0; round < 5; round++) {
      open(options().withConnections(512, 512));
      AtomicBoolean isClosed = new AtomicBoolean();
      CountDownLatch connected = new CountDownLatch(3);
      List<CompletableFuture<Void>> crowd = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        crowd.add(CompletableFuture.runAsync(() -> connectUntil(isClosed, connected)));
      }
      connected.await();
      door.close();
      isClosed.set(true);
      for (CompletableFuture<Void> each : crowd) {
        assertThat(each).succeedsWithin(PATIENCE);
      }
    }
    assertThat(log.lines()).isEmpty();
  }

  private void connectUntil(AtomicBoolean isClosed, CountDownLatch connected) {
    while (!isClosed.get()) {
      try (RawHttp client = new RawHttp(door.address())) {
        connected.countDown();
        client.send("GET /none HTTP/1.1", HEADERS).receive();
      } catch (java.io.IOException e) {
        // it has been closed, or is closing
      }
    }
  }

  private boolean isRefused() {
    try (RawHttp late = new RawHttp(door.address())) {
      return late.isClosedByDoor();
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void closingWaitsWithinABoundAndStillInterruptsNothing() throws Exception {
    open(options().withTimeouts(Duration.ofMinutes(1), Duration.ofMillis(200)));
    connect().send(END_SESSION, HEADERS);
    await("the request runs", () -> running.get() == 1);
    assertThat(CompletableFuture.runAsync(door::close)).succeedsWithin(PATIENCE);
    assertThat(running).hasValue(1);
    assertThat(wasInterrupted).isFalse();
    assertThat(log.lines()).contains("WARN 1 HTTP requests still run; they are not waited for");
  }
}
