/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The journal over HTTP: asked, verified, exported and followed. */
class JournalRoutesTest {
  private static final String JOURNAL = "/api/v1/journal";

  private FacsimArray array;
  private RpcClient rpc;
  private Nfs3Handle root;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .journal(1000)
            .management(HttpManagement.onPort(0))
            .start();
    rpc = RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join();
    root = new Mount3Client(rpc).mount("/ds").join().handle();
  }

  @AfterEach
  void stop() {
    rpc.close();
    array.close();
  }

  private void getattr() {
    new Nfs3Client(rpc).getAttributes(new GetAttr3.Args(root)).join();
  }

  private JsonNode send(String method, String path, String body, int status) throws Exception {
    return new ApiClient(array).send(method, path, body, status);
  }

  /** Sessions and jobs have names of their own, so requests are found by a pattern. */
  @Test
  void requestsOverHttpAreFoundByAPattern() throws Exception {
    send("GET", "/api/v1/volumes/ds", null, 200);
    String query = "?procedure=GET%20/api/v1/volumes/*";
    JsonNode page = send("GET", JOURNAL + "/calls" + query, null, 200);
    assertThat(page.path("items").findValuesAsText("procedure"))
        .containsExactly("GET /api/v1/volumes/ds");
    assertThat(
            send("GET", JOURNAL + "/calls?procedure=POST%20/api/v1/volumes/*", null, 200)
                .path("items"))
        .isEmpty();
  }

  /** The journal does not tell of those who ask it. */
  @Test
  void callsAreListedAndForgotten() throws Exception {
    getattr();
    send("GET", "/api/v1/array", null, 200);
    JsonNode page = send("GET", JOURNAL + "/calls", null, 200);
    assertThat(page.path("complete").asBoolean()).isTrue();
    assertThat(page.path("items").findValuesAsText("procedure"))
        .containsExactly("MNT", "GETATTR", "GET /api/v1/array");
    assertThat(page.path("items").get(1).path("path").asText()).isEqualTo("/ds");
    send("DELETE", JOURNAL + "/calls", null, 204);
    assertThat(send("GET", JOURNAL + "/calls", null, 200).path("items")).isEmpty();
  }

  @Test
  void aVerdictNamesTheNearestCall() throws Exception {
    getattr();
    String wanted =
        "{\"calls\": {\"procedure\": \"GETATTR\", \"path\": \"/ds/x\"}, \"exactly\": 1}";
    JsonNode verdict = send("POST", JOURNAL + "/verifications", wanted, 200);
    assertThat(verdict.path("outcome").asText()).isEqualTo("DOES_NOT_HOLD");
    JsonNode nearest = verdict.path("nearest").get(0);
    assertThat(nearest.path("call").path("procedure").asText()).isEqualTo("GETATTR");
    assertThat(nearest.path("misses").get(0).asText()).isEqualTo("path is /ds, not /ds/x");
    JsonNode refused =
        send(
            "POST",
            JOURNAL + "/verifications",
            "{\"calls\": {\"procedure\": \"GETATR\"}, \"exactly\": 0}",
            400);
    assertThat(refused.path("detail").asText()).contains("GETATR").contains("GETATTR");
  }

  private HttpResponse<java.io.InputStream> open(String path, String lastEvent) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                "http://"
                    + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                    + path));
    if (lastEvent != null) {
      request.header("Last-Event-ID", lastEvent);
    }
    return HttpClient.newHttpClient()
        .send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofInputStream());
  }

  /** Reads events until there are so many; returns their lines of one kind. */
  private static List<String> read(
      HttpResponse<java.io.InputStream> stream, String field, int count) throws IOException {
    List<String> found = new ArrayList<>();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    while (found.size() < count) {
      String line = in.readLine();
      assertThat(line).as("the stream has ended").isNotNull();
      if (line.startsWith(field + ": ")) {
        found.add(line.substring(field.length() + 2));
      }
    }
    return found;
  }

  @Test
  void aFollowerHearsEveryCallAndCatchesUpAfterItsConnectionBroke() throws Exception {
    HttpResponse<java.io.InputStream> stream = open(JOURNAL + "/stream?procedure=GETATTR", null);
    List<String> ids;
    try (var body = stream.body()) {
      assertThat(body).isNotNull();
      getattr();
      getattr();
      ids = read(stream, "id", 2);
    }
    getattr();
    getattr();
    getattr();
    HttpResponse<java.io.InputStream> again =
        open(JOURNAL + "/stream?procedure=GETATTR", ids.get(1));
    try (var body = again.body()) {
      assertThat(body).isNotNull();
      List<String> calls = read(again, "data", 3);
      JsonNode first = new ObjectMapper().readTree(calls.get(0));
      assertThat(first.path("sequence").asLong()).isEqualTo(Long.parseLong(ids.get(1)) + 1);
      assertThat(first.path("status").asText()).isEqualTo("OK");
    }
  }

  /** The array went on meanwhile: the ring has other calls now. */
  @Test
  void aFollowerThatWasAwayTooLongIsToldOfTheGap() throws Exception {
    array.journal().resize(100);
    long known = array.journal().status().lastSequence();
    getattr();
    for (int i = 0; i < 300; i++) {
      getattr();
    }
    HttpResponse<java.io.InputStream> stream = open(JOURNAL + "/stream", "" + (known + 1));
    try (var body = stream.body()) {
      assertThat(body).isNotNull();
      assertThat(read(stream, "event", 2)).containsExactly("gap", "call");
    }
  }

  /** As the console's page follows, whatever load there is. */
  @Test
  void aFollowerThatWantsFewIsToldOfTheRestByAGap() throws Exception {
    array.journal().resize(10_000);
    HttpResponse<java.io.InputStream> stream =
        open(JOURNAL + "/stream?most=8&procedure=GETATTR", null);
    try (var body = stream.body()) {
      assertThat(body).isNotNull();
      for (int i = 0; i < 200; i++) {
        getattr();
      }
      List<String> told = read(stream, "event", 3);
      assertThat(told).startsWith("call", "call");
      while (!told.get(told.size() - 1).equals("gap")) {
        told = read(stream, "event", 1);
      }
    }
  }

  /**
   * More calls than a look may take: those are left out, and the next one is heard all the same.
   */
  @Test
  void aFollowerGoesOnBehindCallsThatItDidNotLookAt() throws Exception {
    array.journal().resize(20_000);
    long known = array.journal().status().lastSequence();
    Nfs3Client nfs = new Nfs3Client(rpc);
    for (int sent = 0; sent <= JournalStreams.MOST_LOOKED_AT; sent += 500) {
      IntStream.range(0, 500)
          .mapToObj(i -> nfs.getAttributes(new GetAttr3.Args(root)))
          .toList()
          .forEach(CompletableFuture::join);
    }
    HttpResponse<java.io.InputStream> stream =
        open(JOURNAL + "/stream?most=200&procedure=LOOKUP", Long.toString(known + 1));
    try (var body = stream.body()) {
      assertThat(body).isNotNull();
      assertThat(read(stream, "event", 1)).containsExactly("gap");
      nfs.lookup(new Lookup3.Args(root, Name3.of("none"))).join();
      assertThat(read(stream, "event", 1)).containsExactly("call");
    }
  }

  @Test
  void anExportHasEveryCallInItsLine() throws Exception {
    for (int i = 0; i < 500; i++) {
      getattr();
    }
    try (var body = open(JOURNAL + "/export?format=jsonl&procedure=GETATTR", null).body()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.lines()).hasSize(500).allMatch(line -> line.contains("\"path\":\"/ds\""));
    }
    try (var body = open(JOURNAL + "/export?format=pcapng", null).body()) {
      assertThat(body.readAllBytes()).hasSizeGreaterThan(501 * 2 * 60);
    }
  }

  /** Nobody waits for a follower when the array stops. */
  @Test
  void theDoorClosesWhileSomebodyFollows() throws Exception {
    HttpResponse<java.io.InputStream> stream = open(JOURNAL + "/stream", null);
    long begin = System.nanoTime();
    array.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    stream.body().close();
  }

  /** An answer that nobody reads is never over. */
  @Test
  void theDoorClosesWhileAFollowerAndAnExportAreNotRead() throws Exception {
    array.journal().resize(20_000);
    Nfs3Client nfs = new Nfs3Client(rpc);
    Name3 name = Name3.of("n".repeat(200));
    for (int i = 0; i < 120; i++) {
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (int j = 0; j < 100; j++) {
        calls.add(nfs.lookup(new Lookup3.Args(root, name)));
      }
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
    }
    try (Socket follower = unread("/stream?after=1");
        Socket export = unread("/export?format=jsonl")) {
      assertThat(follower.getInputStream().read()).isEqualTo('H');
      assertThat(export.getInputStream().read()).isEqualTo('H');
      Thread.sleep(1500); // until nothing more fits the sockets
      long begin = System.nanoTime();
      array.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }
  }

  private Socket unread(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(2048);
    socket.connect(array.managementAddress().orElseThrow());
    String request = "GET " + JOURNAL + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
