/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.facsim.array.ArrayError;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links of the call chain over the HTTP door. */
class HttpCallsTest {
  private static final String SESSION = "{\"exportPath\": \"/ds\"}";

  /** Writes down what it hears, and says what it is told to say. */
  private static final class Link implements CallInterceptor {
    final List<String> heard = new CopyOnWriteArrayList<>();
    volatile ArrivalVerdict arrival = ArrivalVerdict.SERVE;
    volatile OperationVerdict operation = OperationVerdict.PERFORM;
    volatile ReplyVerdict reply = ReplyVerdict.SEND;

    @Override
    public ArrivalVerdict received(CallRecord call) {
      heard.add("received " + call.door() + " " + call.procedureName());
      return arrival;
    }

    @Override
    public OperationVerdict operation(CallRecord call) {
      heard.add("operation on " + call.volume().map(volume -> volume.name()).orElse("nothing"));
      return operation;
    }

    @Override
    public ReplyVerdict answered(CallRecord call) {
      heard.add("answered " + call.status().getAsLong());
      assertThat(call.reply().remaining()).isEqualTo((int) call.replyBytes());
      return reply;
    }

    @Override
    public void ended(CallRecord call) {
      heard.add("ended");
    }

    List<String> take() {
      long deadlineNanos = System.nanoTime() + 20_000_000_000L;
      while (!heard.contains("ended") && System.nanoTime() < deadlineNanos) {
        LockSupport.parkNanos(1_000_000);
      }
      List<String> taken = List.copyOf(heard);
      heard.clear();
      return taken;
    }
  }

  private final Link link = new Link();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .interceptor(link)
            .seed(7)
            .start();
    link.heard.clear();
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

  /** The status of the next answer, whose body is left in the socket. */
  private static String answer(Socket socket) throws IOException {
    byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    return new String(line, StandardCharsets.US_ASCII);
  }

  private String exchange(String method, String path, String body) throws IOException {
    try (Socket socket = connect()) {
      send(socket, method, path, body);
      return answer(socket);
    }
  }

  @Test
  void eachRequestMeetsEachPointOnce() throws IOException {
    assertThat(exchange("GET", "/api/v1/volumes/ds/profile", "")).endsWith("200");
    assertThat(link.take())
        .containsExactly(
            "received HTTP GET /api/v1/volumes/ds/profile",
            "operation on ds",
            "answered 200",
            "ended");
    assertThat(exchange("DELETE", "/api/v1/volumes/ds/profile", "")).endsWith("204");
    assertThat(link.take())
        .containsExactly(
            "received HTTP DELETE /api/v1/volumes/ds/profile",
            "operation on ds",
            "answered 204",
            "ended");
    assertThat(exchange("GET", "/metrics", "")).endsWith("200");
    assertThat(link.take())
        .containsExactly(
            "received HTTP GET /metrics", "operation on nothing", "answered 200", "ended");
  }

  /** The offload as JSON passes the point where it is granted something, as over RPC. */
  @Test
  void callsOfSessionsAreGrantedTheirVolume() throws IOException {
    assertThat(exchange("POST", "/vaai/v1/sessions", SESSION)).endsWith("201");
    assertThat(link.take())
        .containsExactly(
            "received HTTP POST /vaai/v1/sessions", "operation on ds", "answered 201", "ended");
    link.operation = OperationVerdict.refuse("rule", ArrayError.NO_SPACE);
    assertThat(exchange("POST", "/vaai/v1/sessions", SESSION)).endsWith("507");
    assertThat(link.take())
        .containsExactly(
            "received HTTP POST /vaai/v1/sessions", "operation on ds", "answered 507", "ended");
  }

  /** Unknown paths, methods, hosts and bodies are answered and have no operation. */
  @Test
  void whatIsRefusedBeforeItIsKnownHasNoOperation() throws IOException {
    assertThat(exchange("GET", "/nowhere", "")).endsWith("404");
    assertThat(link.take()).containsExactly("received HTTP GET /nowhere", "answered 404", "ended");
    assertThat(exchange("PUT", "/api/v1/states", "{}")).endsWith("405");
    assertThat(link.take()).contains("answered 405", "ended").hasSize(3);
    assertThat(exchange("POST", "/vaai/v1/sessions", "{")).endsWith("400");
    assertThat(link.take()).contains("answered 400", "ended").hasSize(3);
  }

  @Test
  void anErrorIsAnsweredInTheDoorsOwnWordsAndNothingChanges() throws IOException {
    link.operation = OperationVerdict.refuse("rule", ArrayError.READ_ONLY);
    assertThat(exchange("POST", "/api/v1/states", "{\"name\": \"one\"}")).endsWith("403");
    assertThat(link.take())
        .containsExactly(
            "received HTTP POST /api/v1/states", "operation on nothing", "answered 403", "ended");
    assertThat(array.storage().states()).isEmpty();
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> socket.getInputStream().read());
  }

  @Test
  void aRequestThatIsNotServedIsNotAnswered() throws IOException {
    link.arrival = ArrivalVerdict.noAnswer("rule");
    try (Socket socket = connect()) {
      send(socket, "POST", "/api/v1/states", "{\"name\": \"one\"}");
      assertThat(link.take()).containsExactly("received HTTP POST /api/v1/states", "ended");
      assertSilent(socket);
    }
    assertThat(array.storage().states()).isEmpty();
  }

  @Test
  void anAnswerIsLostAfterTheRequestWasPerformed() throws IOException {
    link.reply = ReplyVerdict.noAnswer("rule");
    try (Socket socket = connect()) {
      send(socket, "POST", "/api/v1/states", "{\"name\": \"one\"}");
      assertThat(link.take())
          .containsExactly(
              "received HTTP POST /api/v1/states", "operation on nothing", "answered 201", "ended");
      assertSilent(socket);
    }
    assertThat(array.storage().states()).hasSize(1);
  }

  @Test
  void aConnectionIsHungUpBeforeAndAfterTheRequest() throws IOException {
    link.arrival = ArrivalVerdict.close("rule");
    assertHungUp();
    assertThat(array.storage().states()).isEmpty();
    link.arrival = ArrivalVerdict.SERVE;
    link.reply = ReplyVerdict.close("rule");
    assertHungUp();
    assertThat(array.storage().states()).hasSize(1);
  }

  private void assertHungUp() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "POST", "/api/v1/states", "{\"name\": \"one\"}");
      int read;
      try {
        read = socket.getInputStream().read();
      } catch (SocketException reset) {
        read = -1;
      }
      assertThat(read).isEqualTo(-1);
    }
    assertThat(link.take()).contains("ended");
  }
}
