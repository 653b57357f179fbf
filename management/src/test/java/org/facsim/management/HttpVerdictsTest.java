/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Bandwidth;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.Gate;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every verdict of a link over HTTP. */
class HttpVerdictsTest {
  private static final Duration SHORT = Duration.ofMillis(80);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String PROFILE = "/api/v1/volumes/ds/profile";

  /** After which an unanswered connection is closed. */
  private static final Duration IDLE = Duration.ofSeconds(4);

  private static final class Link implements CallInterceptor {
    final AtomicInteger received = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    volatile ArrivalVerdict arrival = ArrivalVerdict.SERVE;
    volatile OperationVerdict operation = OperationVerdict.PERFORM;
    volatile ReplyVerdict reply = ReplyVerdict.SEND;

    @Override
    public ArrivalVerdict received(CallRecord call) {
      received.incrementAndGet();
      return arrival;
    }

    @Override
    public OperationVerdict operation(CallRecord call) {
      return operation;
    }

    @Override
    public ReplyVerdict answered(CallRecord call) {
      return reply;
    }

    @Override
    public void ended(CallRecord call) {
      ended.incrementAndGet();
    }
  }

  private final Link link = new Link();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    HttpDoorOptions options =
        HttpDoorOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withTimeouts(IDLE, Duration.ofSeconds(30));
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(new HttpManagement(options))
            .interceptor(link)
            .seed(7)
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = array.managementAddress().orElseThrow();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String method, String path, String body)
      throws IOException {
    String request =
        ("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n%s")
            .formatted(method, path, body.length(), body);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static void get(Socket socket) throws IOException {
    send(socket, "GET", PROFILE, "");
  }

  private record Answer(int status, int announcedBytes, String body) {}

  /** The next answer; its body is shorter than announced if the stream ends before. */
  private static Answer receive(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new java.io.EOFException(head.toString(StandardCharsets.US_ASCII));
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.US_ASCII);
    int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
    int announced =
        at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)).strip());
    byte[] body = in.readNBytes(announced);
    return new Answer(
        Integer.parseInt(text.substring(9, 12)),
        announced,
        new String(body, StandardCharsets.UTF_8));
  }

  private void assertServes(Socket socket) throws IOException {
    get(socket);
    assertThat(receive(socket).status()).isEqualTo(200);
  }

  private void assertAllEnded() {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (link.received.get() == 0 || link.ended.get() < link.received.get()) {
      assertThat(System.nanoTime() - deadlineNanos).isNegative();
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(link.ended.get()).isEqualTo(link.received.get()).isPositive();
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(60);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(20_000);
  }

  /** The JSON dialect of the offload answers likewise. */
  @Test
  void statusesAreChosenByNumber() throws IOException {
    for (String number : new String[] {"400", "418", "503", "599"}) {
      link.operation =
          OperationVerdict.status(
              "rule", array.calls().statuses().find(Door.HTTP, "GET " + PROFILE, number));
      try (Socket socket = connect()) {
        get(socket);
        Answer answer = receive(socket);
        assertThat(answer.status()).isEqualTo(Integer.parseInt(number));
        assertThat(answer.body()).contains("\"status\":" + number);
        send(socket, "POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}");
        assertThat(receive(socket).status()).isEqualTo(Integer.parseInt(number));
        link.operation = OperationVerdict.PERFORM;
        assertServes(socket);
      }
    }
    assertAllEnded();
  }

  private void assertEnds(boolean isReset) throws IOException {
    for (String path : new String[] {"/api/v1/states", "/vaai/v1/sessions"}) {
      try (Socket socket = connect()) {
        send(
            socket,
            "POST",
            path,
            path.startsWith("/api") ? "{\"name\": \"one\"}" : "{\"exportPath\": \"/ds\"}");
        if (isReset) {
          assertThatThrownBy(() -> socket.getInputStream().read())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("reset");
        } else {
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
      }
    }
    assertAllEnded();
  }

  @Test
  void connectionsAreClosedOrResetAtEachPoint() throws IOException {
    link.arrival = ArrivalVerdict.close("rule");
    assertEnds(false);
    link.arrival = ArrivalVerdict.reset("rule");
    assertEnds(true);
    link.arrival = ArrivalVerdict.SERVE;
    link.operation = OperationVerdict.close("rule");
    assertEnds(false);
    link.operation = OperationVerdict.reset("rule");
    assertEnds(true);
    link.operation = OperationVerdict.PERFORM;
    assertThat(array.storage().states()).isEmpty();
    link.reply = ReplyVerdict.close("rule");
    assertEnds(false);
    assertThat(array.storage().states()).hasSize(1);
    link.reply = ReplyVerdict.reset("rule");
    assertEnds(true);
  }

  /** An unanswered request does not hold its connection for ever, whatever the client sends on. */
  @Test
  void unansweredRequestsEndTheirConnectionsAfterATime() throws IOException {
    link.operation = OperationVerdict.noAnswer("rule");
    try (Socket socket = connect()) {
      get(socket);
      assertAllEnded();
      long startNanos = System.nanoTime();
      while (true) {
        socket.setSoTimeout(500);
        try {
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
          break;
        } catch (SocketTimeoutException silent) {
          socket.getOutputStream().write("GET".getBytes(StandardCharsets.US_ASCII), 0, 1);
          assertThat(System.nanoTime() - startNanos).isLessThan(20_000_000_000L);
        } catch (SocketException closed) {
          break;
        }
      }
    }
  }

  @Test
  void requestsAreDelayedHeldAndLimited() throws IOException {
    Gate gate = new Gate();
    for (String body : new String[] {"", "{\"name\": \"x\"}"}) {
      String method = body.isEmpty() ? "GET" : "POST";
      String path = body.isEmpty() ? PROFILE : "/api/v1/states";
      int status = body.isEmpty() ? 200 : 201;
      try (Socket socket = connect()) {
        link.arrival = ArrivalVerdict.delay("rule", SHORT);
        long startNanos = System.nanoTime();
        send(socket, method, path, body);
        assertThat(receive(socket).status()).isEqualTo(status);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
        link.arrival = ArrivalVerdict.hold("rule", gate);
        send(socket, method, path, body.replace("x", "y"));
        if (!gate.isOpen()) {
          assertSilent(socket);
          gate.open();
        }
        assertThat(receive(socket).status()).isEqualTo(status);
        for (ArrivalVerdict limit :
            new ArrivalVerdict[] {
              ArrivalVerdict.limit("rule", new Bandwidth(1024)),
              ArrivalVerdict.limitEachConnection("rule", 1024)
            }) {
          link.arrival = limit;
          startNanos = System.nanoTime();
          get(socket);
          Answer answer = receive(socket);
          assertThat(answer.status()).isEqualTo(200);
          assertThat(System.nanoTime() - startNanos)
              .isGreaterThanOrEqualTo(answer.announcedBytes() * 1_000_000_000L / 1024 - 1_000_000);
        }
      }
    }
    assertAllEnded();
  }

  @Test
  void aConnectionIsNotReadForATimeWhileOthersGoOn() throws IOException {
    Gate gate = new Gate();
    try (Socket socket = connect();
        Socket other = connect()) {
      link.arrival = ArrivalVerdict.stopReading("rule", gate);
      assertServes(socket);
      link.arrival = ArrivalVerdict.SERVE;
      int received = link.received.get();
      get(socket);
      assertServes(other);
      assertSilent(socket);
      assertThat(link.received.get()).isEqualTo(received + 1);
      gate.open();
      assertThat(receive(socket).status()).isEqualTo(200);
    }
    assertAllEnded();
  }

  @Test
  void answersAreDelayed() throws IOException {
    for (ReplyVerdict verdict :
        new ReplyVerdict[] {
          ReplyVerdict.delay("rule", SHORT), ReplyVerdict.behind("rule", 3, SHORT)
        }) {
      link.reply = verdict;
      try (Socket socket = connect()) {
        long startNanos = System.nanoTime();
        assertServes(socket);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertServes(socket);
      }
    }
    link.reply = ReplyVerdict.twice("rule");
    try (Socket socket = connect()) {
      assertServes(socket);
      assertServes(socket);
    }
    assertAllEnded();
  }

  @Test
  void aBodyIsCutWhereAShortReadIsMeant() throws IOException {
    link.operation = OperationVerdict.alter("rule", Alteration.atMost(7));
    try (Socket socket = connect()) {
      get(socket);
      Answer answer = receive(socket);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.announcedBytes()).isGreaterThan(7);
      assertThat(answer.body()).hasSize(7);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertAllEnded();
  }

  @Test
  void whatWaitsEndsWithItsConnectionAndWithTheDoor() throws IOException {
    Gate gate = new Gate();
    link.arrival = ArrivalVerdict.hold("rule", gate);
    try (Socket socket = connect()) {
      get(socket);
      assertSilent(socket);
      assertThat(gate.waitingCount()).isEqualTo(1);
    }
    assertAllEnded();
    assertThat(gate.waitingCount()).isZero();
    try (Socket held = connect();
        Socket delayed = connect();
        Socket lost = connect()) {
      get(held);
      assertSilent(held);
      link.arrival = ArrivalVerdict.delay("rule", LONG);
      get(delayed);
      assertSilent(delayed);
      link.arrival = ArrivalVerdict.noAnswer("rule");
      get(lost);
      assertSilent(lost);
      long startNanos = System.nanoTime();
      array.close();
      assertThat(System.nanoTime() - startNanos).isLessThan(20_000_000_000L);
    }
    assertAllEnded();
  }
}
