/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP door over a real socket, in front of a whole array. */
class HttpDoorTest {
  private static final int MIB = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private FacsimArray array;
  private Volume volume;

  private record Answer(int status, String contentType, String body) {
    JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (java.io.IOException e) {
        throw new AssertionError("no JSON: " + body, e);
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("ds", 64L * MIB)
            .volume("other", 64L * MIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .seed(7)
            .start();
    volume = array.storage().volume("ds").orElseThrow();
    makeFile(volume, "base.vmdk", 4 * MIB);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private static Inode makeFile(Volume volume, String name, int bytes) {
    Inode file =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of(name),
                new Volume.CreateMode.Unchecked(),
                AttributeChanges.NONE)
            .inode();
    ByteBuffer data = ByteBuffer.allocate(bytes);
    for (int i = 0; i < bytes; i += Integer.BYTES) {
      data.putInt(i, i * 31);
    }
    for (int at = 0; at < bytes; at += MIB) {
      volume.files().write(Caller.ROOT, file, at, data.slice(at, MIB));
    }
    return file;
  }

  private Answer send(String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://"
                        + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                        + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!method.equals("GET") && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
  }

  private String session(String export) throws Exception {
    Answer answer = send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"" + export + "\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("session").asText();
  }

  private static String clone(long requestId, String to) {
    return """
    {"requestId": %d, "source": {"path": "base.vmdk"}, "destination": {"path": "%s"},
     "flags": ["LAZY"]}\
    """
        .formatted(requestId, to);
  }

  private static String guardedClone(long requestId, String to) {
    return clone(requestId, to).replace("[\"LAZY\"]", "[\"LAZY\", \"GUARDED\"]");
  }

  // ---------------------------------------------------------------- VAAI

  @Test
  void aSessionNamesRootAndLimits() throws Exception {
    Answer answer = send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.json().path("session").asText()).matches("[0-9a-f]{32}");
    assertThat(answer.json().path("root").asText())
        .isEqualTo(HexFormat.of().formatHex(volume.root().handle().toBytes()));
    assertThat(answer.json().path("limits").path("cloneBlockBytes").asInt()).isEqualTo(4096);
  }

  @Test
  void aCloneSharesBlocksAndIsCounted() throws Exception {
    long before = volume.space().ofVolume().physicalUsedBytes();
    String session = session("/ds");
    Answer answer =
        send("POST", "/vaai/v1/sessions/" + session + "/clones", clone(1, "clone.vmdk"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(answer.json().path("done").asBoolean()).isTrue();
    assertThat(answer.json().path("sharedBytes").asLong()).isEqualTo(4L * MIB);
    assertThat(answer.json().path("copiedBytes").asLong()).isZero();
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(before);

    JsonNode counted = send("GET", "/api/v1/statistics/vaai", null).json().path("items").get(0);
    assertThat(counted.path("volume").asText()).isEqualTo("ds");
    assertThat(counted.path("counters").path("fastCloneSuccess").asLong()).isEqualTo(1);
    assertThat(counted.path("counters").path("bytesSaved").asLong()).isEqualTo(4L * MIB);
    assertThat(counted.path("latencies").path("fastClone").path("count").asLong()).isEqualTo(1);
    assertThat(send("GET", "/metrics", null).body())
        .contains("facsim_vaai_fastCloneSuccess_total{client=\"127.0.0.1\",volume=\"ds\"} 1.0")
        .contains("facsim_volume_size_bytes{volume=\"ds\"} 6.7108864E7");

    assertThat(send("DELETE", "/api/v1/statistics/vaai", null).status()).isEqualTo(204);
    assertThat(send("GET", "/api/v1/statistics/vaai", null).json().path("items")).isEmpty();
    assertThat(send("GET", "/metrics", null).body())
        .doesNotContain("facsim_vaai_fastCloneSuccess_total{")
        .contains("facsim_volume_size_bytes{volume=\"ds\"} 6.7108864E7");
  }

  @Test
  void everyMetricHasAHelpText() throws Exception {
    session("/ds");
    NfsNullProbe.await(array.nfsAddress(), Duration.ofSeconds(10));
    String metrics = send("GET", "/metrics", null).body();
    assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE")))
        .allSatisfy(
            type -> {
              String name = type.split(" ", -1)[2];
              assertThat(metrics).containsPattern("(?m)^# HELP " + name + " \\S");
            });
    assertThat(metrics).containsPattern("facsim_rpc_calls_total\\{.*procedure=\"NULL\"");
  }

  @Test
  void theSameRequestAgainRunsNothingTwice() throws Exception {
    String clones = "/vaai/v1/sessions/" + session("/ds") + "/clones";
    Answer first = send("POST", clones, clone(9, "once.vmdk"));
    Answer again = send("POST", clones, clone(9, "once.vmdk"));
    assertThat(again).isEqualTo(first);
    Answer other = send("POST", clones, clone(9, "twice.vmdk"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("vaaiStatus").asText()).isEqualTo("REQUEST");
    assertThat(volume.names().lookup(Caller.ROOT, volume.root(), Name.of("once.vmdk"))).isNotNull();
  }

  @Test
  void reservesAndTellsTheSpaceOfAFile() throws Exception {
    String session = "/vaai/v1/sessions/" + session("/ds");
    makeFile(volume, "thick.vmdk", MIB);
    Answer reserved =
        send(
            "POST",
            session + "/reservations",
            """
            {"requestId": 1, "file": {"path": "thick.vmdk"}, "mode": "LAZY_ZEROED",
             "sizeBytes": 2097152}\
            """);
    assertThat(reserved.body()).isEqualTo("{\"reservedBytes\":2097152}");
    Answer space = send("POST", session + "/statistics", "{\"file\": {\"path\": \"thick.vmdk\"}}");
    assertThat(space.json().path("totalBytes").asLong()).isEqualTo(2L * MIB);
    assertThat(space.json().path("uniqueBytes").asLong()).isEqualTo(MIB);
    assertThat(space.json().path("reservedBytes").asLong()).isEqualTo(MIB);
  }

  @Test
  void unmapsWhatNobodySharesAndTheRestOfTheCloneStays() throws Exception {
    String session = "/vaai/v1/sessions/" + session("/ds");
    send("POST", session + "/clones", clone(1, "sibling.vmdk"));
    Answer granularity =
        send("POST", session + "/unmap-granularity", "{\"file\": {\"path\": \"base.vmdk\"}}");
    assertThat(granularity.body()).isEqualTo("{\"granularityBytes\":4096,\"maxRanges\":256}");
    String unmap =
        """
        {"requestId": %d, "file": {"path": "%s"},
         "ranges": [{"offsetBytes": 4096, "lengthBytes": 8192}, {"offsetBytes": 0, "lengthBytes": 1}]}\
        """;
    Answer shared = send("POST", session + "/unmaps", unmap.formatted(2, "base.vmdk"));
    assertThat(shared.body())
        .isEqualTo("{\"unmappedBytes\":8192,\"freedBytes\":0,\"releasedBytes\":0}");
    Answer last = send("POST", session + "/unmaps", unmap.formatted(3, "sibling.vmdk"));
    assertThat(last.body())
        .isEqualTo("{\"unmappedBytes\":8192,\"freedBytes\":8192,\"releasedBytes\":0}");
    assertThat(send("POST", session + "/unmaps", unmap.formatted(3, "sibling.vmdk")))
        .isEqualTo(last);
    Answer refused =
        send("POST", session + "/unmaps", unmap.formatted(4, "base.vmdk").replace("8192", "-1"));
    assertThat(refused.json().path("vaaiStatus").asText()).isEqualTo("INVAL");
    assertThat(refused.json().path("detail").asText())
        .isEqualTo(
            "range 0: 18446744073709551615 bytes at 4096; allowed: 1 byte and more, within the"
                + " file's 4194304 bytes");
    Answer missing =
        send(
            "POST",
            session + "/unmaps",
            "{\"requestId\": 5, \"file\": {\"path\": \"base.vmdk\"}, \"ranges\": [{}]}");
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.json().path("detail").asText())
        .isEqualTo("field 'ranges[0].offsetBytes' is missing");
  }

  @Test
  void supportFollowsTheProfileAsSoonAsItIsSet() throws Exception {
    String support = "/vaai/v1/sessions/" + session("/ds") + "/support/";
    assertThat(send("GET", support + "FULL_CLONE", null).json().path("supported").asBoolean())
        .isTrue();
    Answer set =
        send(
            "PUT",
            "/api/v1/volumes/ds/profile",
            "{\"profile\": \"sharing\", \"fields\": {\"full-clone\": \"unsupported\"}}");
    assertThat(set.json().path("fields").path("full-clone").asText()).isEqualTo("unsupported");
    Answer no = send("GET", support + "FULL_CLONE", null);
    assertThat(no.json().path("supported").asBoolean()).isFalse();
    assertThat(no.json().path("reason").asText()).isNotEmpty();
    assertThat(send("DELETE", "/api/v1/volumes/ds/profile", null).status()).isEqualTo(204);
    assertThat(send("GET", support + "FULL_CLONE", null).json().path("supported").asBoolean())
        .isTrue();
  }

  @Test
  void fieldsOfAProfileAreTypedAndGoInAsTheyCameOut() throws Exception {
    String profile = "/api/v1/volumes/ds/profile";
    Answer set =
        send(
            "PUT",
            profile,
            """
            {"profile": "copying", "fields": {"copy-bytes-per-second": "200MiB",
             "fast-clone": false, "cloning-snapshots": true, "max-clone-depth": 7, "dialects": ["http", "vaai-nas"]}}\
            """);
    assertThat(set.status()).as(set.body()).isEqualTo(200);
    JsonNode fields = set.json().path("fields");
    assertThat(fields.path("copy-bytes-per-second").toString()).isEqualTo("209715200");
    assertThat(fields.path("fast-clone").toString()).isEqualTo("false");
    assertThat(fields.path("max-clone-depth").toString()).isEqualTo("7");
    assertThat(fields.path("dialects").toString()).isEqualTo("[\"vaai-nas\",\"http\"]");
    Answer again = send("PUT", profile, "{\"profile\": \"sharing\", \"fields\": " + fields + "}");
    assertThat(again.json().path("fields")).isEqualTo(fields);
    assertThat(send("GET", profile, null).json()).isEqualTo(again.json());
    for (JsonNode named : send("GET", "/api/v1/profiles", null).json().path("items")) {
      String body = "{\"profile\": \"sharing\", \"fields\": " + named.path("fields") + "}";
      assertThat(send("PUT", profile, body).json().path("fields")).isEqualTo(named.path("fields"));
    }
  }

  @Test
  void permissionsAreThoseOfTheClaimedUser() throws Exception {
    String session = session("/ds");
    Answer answer =
        send(
            "POST",
            "/vaai/v1/sessions/" + session + "/clones",
            clone(1, "denied.vmdk"),
            "Facsim-Uid",
            "1000",
            "Facsim-Gid",
            "1000");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("vaaiStatus").asText()).isEqualTo("ACCESS");
  }

  /** Sends a clone and cuts the connection once the array has counted it; no answer is read. */
  private void sendAndCut(String path, String body) throws Exception {
    InetSocketAddress door = array.managementAddress().orElseThrow();
    try (Socket socket = new Socket(door.getAddress(), door.getPort())) {
      String request =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(path, body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (fastClones() == 0) {
        assertThat(System.nanoTime()).as("no clone").isLessThan(deadlineNanos);
        Thread.sleep(1);
      }
      socket.setSoLinger(true, 0);
    }
  }

  private long fastClones() {
    return array.offload().statistics().total("ds", OffloadCounter.FAST_CLONE_SUCCESS);
  }

  @Test
  void aGuardedCloneWhoseAnswerWasLostIsNotToldThatItsDestinationExists() throws Exception {
    String clones = "/vaai/v1/sessions/" + session("/ds") + "/clones";
    sendAndCut(clones, guardedClone(5, "once.vmdk"));
    Answer again = send("POST", clones, guardedClone(5, "once.vmdk"));
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(fastClones()).isEqualTo(1);
    assertThat(send("POST", clones, guardedClone(6, "once.vmdk")).status()).isEqualTo(409);
  }

  @Test
  void anotherUsersCloneIsNotAborted() throws Exception {
    String clones = "/vaai/v1/sessions/" + session("/ds") + "/clones";
    String job = send("POST", clones, clone(1, "mine.vmdk")).json().path("jobId").asText();
    Answer refused = send("DELETE", clones + "/" + job, null, "Facsim-Uid", "1000");
    assertThat(refused.status()).as(refused.body()).isEqualTo(403);
    assertThat(refused.json().path("vaaiStatus").asText()).isEqualTo("PERM");
    assertThat(send("DELETE", clones + "/" + job, null).status()).isEqualTo(200);
  }

  @Test
  void anEndedSessionIsGone() throws Exception {
    String session = "/vaai/v1/sessions/" + session("/ds");
    assertThat(send("DELETE", session, null).status()).isEqualTo(204);
    Answer gone = send("GET", session + "/support/FULL_CLONE", null);
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.json().path("vaaiStatus").asText()).isEqualTo("SESSION");
  }

  // ---------------------------------------------------------------- named states

  @Test
  void aStateBringsBackWhatWasThere() throws Exception {
    assertThat(send("POST", "/api/v1/states", "{\"name\": \"clean\"}").status()).isEqualTo(201);
    volume.names().remove(Caller.ROOT, volume.root(), Name.of("base.vmdk"));
    assertThat(send("POST", "/api/v1/states/clean/restore", null).status()).isEqualTo(204);
    Volume restored = array.storage().volume("ds").orElseThrow();
    assertThat(restored.names().lookup(Caller.ROOT, restored.root(), Name.of("base.vmdk")))
        .isNotNull();
    JsonNode state = send("GET", "/api/v1/states", null).json().path("items").get(0);
    assertThat(state.path("name").asText()).isEqualTo("clean");
    assertThat(state.path("isCurrent").asBoolean()).isTrue();
    Answer twice = send("POST", "/api/v1/states", "{\"name\": \"clean\"}");
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.json().path("arrayError").asText()).isEqualTo("EXISTS");
    assertThat(send("DELETE", "/api/v1/states/clean", null).status()).isEqualTo(204);
    assertThat(send("DELETE", "/api/v1/states/clean", null).status()).isEqualTo(404);
  }

  // ---------------------------------------------------------------- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "POST | /vaai/v1/sessions | | 400 | the body is empty",
        "POST | /vaai/v1/sessions | { | 400 | line 1 column",
        "POST | /vaai/v1/sessions | [] | 400 | the body is not the JSON wanted: it has another type;"
            + " allowed: a JSON object",
        "POST | /vaai/v1/sessions | {} | 400 | field 'exportPath' is missing",
        "POST | /vaai/v1/sessions | {\"path\": 1} | 400 | field 'path' is unknown; allowed:"
            + " clientName",
        "POST | /vaai/v1/sessions | {\"exportPath\": \"/nowhere\"} | 404 | /nowhere",
        "POST | /vaai/v1/sessions | {\"exportPath\": \"/ds\", \"timeoutSeconds\": \"x\"} | 400 |"
            + " field 'timeoutSeconds'",
        "GET | /vaai/v1/sessions/xyz/support/FULL_CLONE | | 404 | not 32 hexadecimal digits",
        "GET | /vaai/v1/sessions/00000000000000000000000000000000/support/NONE | | 400 | allowed:"
            + " FULL_CLONE",
        "GET | /vaai/v1/sessions/00000000000000000000000000000000/clones/x | | 404 | job 'x'",
        "GET | /vaai/v1/sessions/00000000000000000000000000000000/clones/1 | | 404 |",
        "PUT | /api/v1/volumes/none/profile | {\"profile\": \"sharing\"} | 404 | there are: ds,"
            + " other",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"fast\"} | 400 | allowed: sharing",
        "PUT | /api/v1/volumes/ds/profile | {\"name\": \"sharing\"} | 400 | 'profile' is missing",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"off\", \"name\": \"\"} | 400 | 1 to 64",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\": {\"x\": \"1\"}}"
            + " | 400 | 'x' is unknown; allowed: availability",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"fast-clone\": \"true\"}} | 400 | 'fields.fast-clone'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"max-clone-depth\": \"3\"}} | 400 | 'fields.max-clone-depth'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"max-clone-depth\": 1.5}} | 400 | 'fields.max-clone-depth'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"max-clone-depth\": -1}} | 400 | max-clone-depth: '-1'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"full-clone\": null}} | 400 | 'fields.full-clone'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"dialects\": \"[http]\"}} | 400 | 'fields.dialects'",
        "PUT | /api/v1/volumes/ds/profile | {\"profile\": \"sharing\", \"fields\":"
            + " {\"copy-bytes-per-second\": \"fast\"}} | 400 | 'fast' is not a size",
        "POST | /api/v1/states | {\"name\": \"a/b\"} | 400 |",
        "POST | /api/v1/states/none/restore | | 404 | none",
        "GET | /nothing | | 404 | /openapi.yaml lists",
        "DELETE | /metrics | | 405 | allowed: GET, HEAD; /openapi.yaml lists",
        "POST | /api/v1/states | {\"name\": true} | 400 | field 'name' has another type; allowed:"
            + " a text",
        "POST | /api/v1/states | {\"name\": 7} | 400 | field 'name'",
        "POST | /api/v1/states | {\"name\": [\"a\"]} | 400 | field 'name'",
        "POST | /api/v1/states | {\"name\": \"a\", \"name\": \"b\"} | 400 | name",
        "POST | /api/v1/states/none/restore | {\"name\": \"x\"} | 400 | field 'name' is unknown;"
            + " allowed: none",
        "POST | /api/v1/states/none/restore | {} | 404 | none",
        "DELETE | /api/v1/states/none | [] | 400 | the body is not the JSON wanted",
        "POST | /vaai/v1/sessions | \"\" | 400 | the body is not the JSON wanted",
        "POST | /vaai/v1/sessions | {\"exportPath\": \"/ds\", \"timeoutSeconds\": \"\"} | 400 |"
            + " field 'timeoutSeconds'",
        "POST | /vaai/v1/sessions | {\"exportPath\": \"/ds\", \"timeoutSeconds\": 1.5} | 400 |"
            + " field 'timeoutSeconds'",
        "POST | /vaai/v1/sessions | {\"exportPath\": \"/ds\", \"timeoutSeconds\": true} | 400 |"
            + " field 'timeoutSeconds'",
        "POST | /vaai/v1/sessions/00000000000000000000000000000000/statistics | {\"file\": \"\"} |"
            + " 400 | field 'file'",
        "POST | /vaai/v1/sessions/00000000000000000000000000000000/statistics |"
            + " {\"file\": {\"path\": 5}} | 400 | field 'file.path'",
        "POST | /vaai/v1/sessions/00000000000000000000000000000000/clones |"
            + " {\"requestId\": 1, \"flags\": [true]} | 400 | field 'flags.[0]'",
      })
  void whatIsRefusedIsNamed(String method, String path, String body, int status, String detail)
      throws Exception {
    Answer answer = send(method, path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.json().path("title").asText()).isNotEmpty();
    assertThat(answer.json().path("detail").asText()).contains(detail == null ? "" : detail);
  }

  @Test
  void aBodyTooLargeAndAnotherMediaTypeAreRefused() throws Exception {
    Answer large = send("POST", "/vaai/v1/sessions", " ".repeat(65_537));
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.json().path("detail").asText()).isEqualTo("allowed: at most 65536 bytes");
    Answer other = send("POST", "/vaai/v1/sessions", "x", "Content-Type", "text/plain");
    assertThat(other.status()).isEqualTo(415);
  }
}
