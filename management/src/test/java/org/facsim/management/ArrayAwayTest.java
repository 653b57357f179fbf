/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the door answers while the array is away, and that it says so as described. */
class ArrayAwayTest {
  private static final String LAB = "/api/v1/lab";
  private static final int PATIENCE_SECONDS = 60;

  /** They need no array. All others that read are asked while it is away. */
  private static final Set<String> STAY =
      Set.of(
          "/api/v1/demo",
          "/api/v1/login",
          "/healthz",
          "/api/v1/events",
          "/api/v1/profiles",
          "/api/v1/faults",
          "/api/v1/fault-presets",
          "/api/v1/journal",
          "/api/v1/journal/calls",
          "/openapi.yaml");

  /** Two never end, one is no JSON, and two are about what is not made here. */
  private static final Set<String> NOT_ASKED =
      Set.of(
          "/api/v1/changes",
          "/api/v1/journal/stream",
          "/api/v1/journal/export",
          "/api/v1/faults/{fault}",
          "/api/v1/clones/{clone}");

  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<Runnable> comingBack = new CompletableFuture<>();
  private final CountDownLatch back = new CountDownLatch(1);
  private JsonNode document;
  private FacsimArray array;

  @BeforeEach
  void start() throws Exception {
    try (var in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      document = new YAMLMapper().readTree(in);
    }
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .absenceTimer((delay, comeBack) -> comingBack.complete(comeBack))
            .start();
    array.arrayFaults().whenBack(back::countDown);
    array.files().write("/ds/vm1/vm1-flat.vmdk", new byte[4096]);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + door + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void takeover() throws Exception {
    assertThat(
            send("POST", "/api/v1/fault-presets/takeover", "{\"parameters\": {\"for\": \"30s\"}}")
                .statusCode())
        .isEqualTo(200);
    comingBack.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void comeBack() throws Exception {
    comingBack.join().run();
    assertThat(back.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** The array is away, and the answer says so as it is described. */
  private JsonNode refused(String method, String path, String body) throws Exception {
    HttpResponse<String> answer = send(method, path, body);
    String what = method + " " + path + ": " + answer.body();
    assertThat(answer.statusCode()).as(what).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).as(what).contains("1");
    JsonNode problem = new ObjectMapper().readTree(answer.body());
    assertThat(problem.path("detail").asText()).as(what).startsWith("the array is away");
    JsonNode schema =
        document.at("/components/responses/Problem/content").path(Problem.CONTENT_TYPE);
    assertThat(DescribedSchema.problemsOf(document, schema.path("schema"), problem))
        .as(what)
        .isEmpty();
    return problem;
  }

  private List<String> reading() {
    TreeSet<String> reading = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              if (path.getValue().has("get")
                  && !path.getKey().startsWith("/vaai")
                  && !path.getKey().startsWith(LAB)) {
                reading.add(path.getKey());
              }
            });
    reading.removeAll(NOT_ASKED);
    assertThat(reading).hasSizeGreaterThan(15).containsAll(STAY);
    return List.copyOf(reading);
  }

  private static String real(String path) {
    String real = path.replace("{volume}", "ds");
    if (real.equals("/api/v1/explanation")) {
      return real + "?path=/ds/f";
    }
    if (real.endsWith("/sharing")) {
      return real + "?a=vm1/vm1-flat.vmdk";
    }
    return real.replace("vms/ds/{path}", "vms/ds/vm1").replace("{path}", "vm1/vm1-flat.vmdk");
  }

  @Test
  void whatNeedsTheArrayIsRefusedAndTheRestIsAnswered() throws Exception {
    takeover();
    for (String path : reading()) {
      if (STAY.contains(path)) {
        assertThat(send("GET", path, "").statusCode()).as(path).isEqualTo(200);
      } else {
        assertThat(refused("GET", real(path), "").path("arrayError").asText()).isEqualTo("BUSY");
      }
    }
    // hosts are there without the array; here there are none, whether it is away or not
    assertThat(send("GET", LAB, "").statusCode()).isEqualTo(404);
    refused("POST", "/api/v1/volumes", "{\"name\": \"new\", \"sizeBytes\": 67108864}");
    refused("PUT", "/api/v1/volumes/ds/exports", "{\"rules\": [\"*(ro)\"]}");
    refused("POST", "/api/v1/states", "{\"name\": \"s\"}");
    assertThat(
            refused("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}")
                .path("vaaiStatus")
                .asText())
        .isEqualTo("BUSY");
    comeBack();
    for (String path : reading()) {
      if (!path.equals("/api/v1/explanation")) { // nothing is known of any file
        assertThat(send("GET", real(path), "").statusCode()).as(path).isEqualTo(200);
      }
    }
    assertThat(new ObjectMapper().readTree(send("GET", "/api/v1/volumes", "").body()).path("items"))
        .hasSize(1);
    assertThat(send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}").statusCode())
        .isEqualTo(201);
  }

  private List<String> events(long after) throws Exception {
    JsonNode events =
        new ObjectMapper().readTree(send("GET", "/api/v1/events?after=" + after, "").body());
    JsonNode schema = document.at("/components/schemas/Events");
    assertThat(DescribedSchema.problemsOf(document, schema, events)).isEmpty();
    List<String> told = new ArrayList<>();
    for (JsonNode each : events.path("items")) {
      String type = each.path("type").asText();
      if (!type.equals("FaultsChanged")) { // the takeover comes by a rule, which counts
        told.add(type + ": " + each.path("change").path("reason").asText());
      }
    }
    return told;
  }

  @Test
  void eventsTellThatItWentAndThatItCameBack() throws Exception {
    long before = array.control().events().lastSequence();
    takeover();
    String went = "ArrayWentAway: a controller takes over";
    assertThat(events(before)).containsExactly(went);
    comeBack();
    assertThat(events(before)).containsExactly(went, "ArrayCameBack: a controller takes over");
  }
}
