/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What GET says of a volume's profile, PUT takes, changed or not. */
class ProfileRoundTripTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private HttpResponse<String> send(String method, String body) throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + door + "/api/v1/volumes/ds/profile"))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private ObjectNode get() throws Exception {
    HttpResponse<String> answer = send("GET", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    return (ObjectNode) MAPPER.readTree(answer.body());
  }

  private JsonNode put(String body) throws Exception {
    HttpResponse<String> answer = send("PUT", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode now = MAPPER.readTree(answer.body());
    assertThat(get()).isEqualTo(now);
    return now;
  }

  @Test
  void everyProfileThatIsReadCanBeSentBackAsItIs() throws Exception {
    for (ArrayProfile each : NamedProfiles.all()) {
      array.offload().profiles().set("ds", each);
      ObjectNode read = get();
      array.offload().profiles().reset("ds");
      assertThat(put(read.toString())).isEqualTo(read);
      assertThat(array.offload().profiles().of("ds")).isEqualTo(each);
    }
  }

  @Test
  void aChangedProfileCanBeSentBackAndKeepsItsName() throws Exception {
    JsonNode changed = put("{\"profile\": \"sharing\", \"fields\": {\"fast-clone\": false}}");
    assertThat(changed.path("name").asText()).isEqualTo("sharing-changed");
    assertThat(put(changed.toString())).isEqualTo(changed);
  }

  @Test
  void theNameOfAProfileThatShipsStandsForItsFields() throws Exception {
    ObjectNode sharing = get();
    sharing.withObject("fields").put("fast-clone", false);
    JsonNode changed = put(sharing.toString());
    assertThat(changed.path("name").asText()).isEqualTo("sharing-changed");
    assertThat(changed.path("description").asText())
        .isEqualTo(NamedProfiles.SHARING.description() + ", changed");
    assertThat(changed.path("fields")).isEqualTo(sharing.path("fields"));
    JsonNode same = put("{\"profile\": \"copying\", \"fields\": {\"max-queued-clones\": 16}}");
    assertThat(same.path("name").asText()).as("nothing differs").isEqualTo("copying");
  }

  @Test
  void aProfileIsCalledWhatTheCallerSays() throws Exception {
    JsonNode ours =
        put(
            """
            {"profile": "copying", "name": "our array", "description": "slow",
             "fields": {"copy-bytes-per-second": "1MiB"}}\
            """);
    assertThat(ours.path("name").asText()).isEqualTo("our array");
    assertThat(ours.path("description").asText()).isEqualTo("slow");
    assertThat(put(ours.toString())).isEqualTo(ours);
  }

  @Test
  void aNameOfSeveralLinesOrFieldsThatAreMissingAreRefused() throws Exception {
    ObjectNode read = get();
    read.withObject("fields").remove("when-busy");
    HttpResponse<String> incomplete = send("PUT", read.toString());
    assertThat(incomplete.statusCode()).isEqualTo(400);
    assertThat(incomplete.body()).contains("'profile' is missing", "'fields': when-busy; allowed");
    HttpResponse<String> lines = send("PUT", "{\"profile\": \"off\", \"name\": \"a\\nb\"}");
    assertThat(lines.statusCode()).isEqualTo(400);
    assertThat(lines.body()).contains("field 'name'", "allowed: one line of 1 to 64");
    assertThat(get().path("name").asText()).isEqualTo("sharing");
  }
}
