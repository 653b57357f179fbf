/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault rules, which two administrators may change at the same time. */
class FaultRoutesTest {
  private static final String FAULTS = "/api/v1/faults";
  private static final String RULE =
      "{\"rules\": [{\"match\": {\"doors\": [\"nfs\"]}, \"act\": {\"delay\": \"1ms\"}}]}";

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

  private HttpResponse<String> ask(String method, String path, String body, String tag)
      throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + door + path))
                .header("Content-Type", "application/json")
                .header("If-Match", tag)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private String tag() throws Exception {
    return new ApiClient(array).ask("GET", FAULTS, null).headers().firstValue("ETag").orElseThrow();
  }

  private JsonNode lastEvent() throws Exception {
    JsonNode items =
        new ApiClient(array).send("GET", "/api/v1/events?type=FaultsChanged", null, 200);
    return items.path("items").path(items.path("items").size() - 1);
  }

  @Test
  void aPresetIsAChangeOfTheRulesThatOthersHearOf() throws Exception {
    ApiClient client = new ApiClient(array);
    JsonNode added = client.send("POST", "/api/v1/fault-presets/apd", "{\"parameters\": {}}", 200);
    assertThat(lastEvent().path("change").path("rules").asInt())
        .isEqualTo(added.path("count").asInt())
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /api/v1/faults | 201",
        "DELETE | /api/v1/faults/1 | 200",
        "DELETE | /api/v1/faults | 200",
        "POST | /api/v1/fault-presets/apd | 200",
      })
  void aChangeOfRulesThatSomebodyElseChangedMeanwhileIsRefused(
      String method, String path, int status) throws Exception {
    String seen = tag();
    var unused = new ApiClient(array).send("POST", FAULTS, RULE, 201);
    String body = !method.equals("POST") ? "" : path.equals(FAULTS) ? RULE : "{\"parameters\": {}}";
    HttpResponse<String> refused = ask(method, path, body, seen);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(412);
    assertThat(new ObjectMapper().readTree(refused.body()).path("detail").asText())
        .contains("somebody else changed it");
    assertThat(array.faults().list()).as("as it was").hasSize(1);
    assertThat(ask(method, path, body, tag()).statusCode()).isEqualTo(status);
  }
}
