/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and machines over HTTP whose names an address cannot have as they are. */
class FileNamesTest {
  private static final String FILES = "/api/v1/volumes/ds/files/";

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

  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> ask(String method, String path, String type, String body)
      throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + door + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String path) throws Exception {
    return ask("PUT", path, "application/octet-stream", "displayName = \"x\"\n");
  }

  private JsonNode send(String method, String path, int status) throws Exception {
    return new ApiClient(array).send(method, path, null, status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Windows 7 \u00fc",
        "<script>alert(1)<script>",
        "100%",
        "%41",
        "a+b",
        "?q#f",
        "\ud83d\ude00",
        "\u202egnp"
      })
  void aNameIsWhatItsEscapesStandFor(String name) throws Exception {
    String named = new ObjectMapper().writeValueAsString(Map.of("path", name));
    new ApiClient(array).send("POST", "/api/v1/volumes/ds/directories", named, 201);

    HttpResponse<String> made = put(FILES + escaped(name) + "/" + escaped(name + ".vmx"));

    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    JsonNode listed = send("GET", "/api/v1/volumes/ds/files", 200).path("items");
    assertThat(listed.findValuesAsText("name"))
        .as("nothing was made beside it")
        .containsExactly(name);
    assertThat(send("GET", "/api/v1/vms/ds/" + escaped(name), 200).findValuesAsText("path"))
        .contains(name);
    send("DELETE", FILES + escaped(name) + "?recursive=true", 204);
    assertThat(send("GET", "/api/v1/volumes/ds/files", 200).path("items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "..%2f..%2fx", "a%00b", "a/%252e%252e/..%2fb"})
  void whatNoNameHasIsRefused(String path) throws Exception {
    HttpResponse<String> answer = put(FILES + path);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(send("GET", "/api/v1/volumes/ds/files", 200).path("items")).isEmpty();
  }

  @Test
  void noAnswerOfTheArrayMayRunOrBeFramed() throws Exception {
    put(FILES + "page.html");
    for (String path :
        new String[] {"/api/v1/array", "/nothing", "/metrics", FILES + "page.html"}) {
      HttpResponse<String> answer = ask("GET", path, "application/json", "");
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .as(path)
          .hasValue("default-src 'none'; frame-ancestors 'none'");
    }
    assertThat(
            ask("GET", "/", "application/json", "").headers().allValues("Content-Security-Policy"))
        .as("the console's page has its own, and no second one")
        .containsExactly(ConsoleRoutes.CONTENT_SECURITY_POLICY);
  }
}
