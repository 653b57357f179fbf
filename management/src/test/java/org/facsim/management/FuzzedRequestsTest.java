/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.DescribedOperations.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is sent to an operation, the answer is never 500, and what is refused is refused with a
 * problem document. Bodies are made of the described fields with values that do not belong there:
 * other types, deep nesting, huge numbers, damaged text.
 */
class FuzzedRequestsTest {
  private static final int ROUNDS = 6;
  private static final List<String> PARAMETERS =
      List.of(
          "ds",
          "x",
          "0",
          "-1",
          "99999999999999999999999",
          "%00",
          "%F0%9F%92%A9",
          "a%2Fb",
          "%20",
          "..%2f..",
          "'\\''".replace("\\", ""),
          "a".repeat(300),
          "vm1%2Fvm1.vmx");
  private static final List<String> QUERIES =
      List.of(
          "",
          "?limit=-1",
          "?limit=x&after=99999999999999999999",
          "?x=1",
          "?path=%00",
          "?a=%2F..%2F",
          "?since=-5",
          "?sort=,",
          "?format=x",
          "?cells=4097",
          "?topics=",
          "?path=/ds/f&job=1",
          "?limit=1&limit=2",
          "?offset=2147483648",
          "?a=f&offset=9223372036854775807");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final JsonNode document = document();

  private static JsonNode document() {
    try (var in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20261130})
  void noBodyIsAnsweredWith500(long seed) throws Exception {
    Random random = new Random(seed);
    try (FacsimArray array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .journal(1000)
            .management(HttpManagement.onPort(0).withLab(new FakeLab()))
            .start()) {
      array.files().write("/ds/f", new byte[5000]);
      String door = "http://" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
      for (int round = 0; round < ROUNDS; round++) {
        for (Operation operation : DescribedOperations.all()) {
          if (!isLeftOut(operation)) {
            ask(door, operation, random, seed);
          }
        }
      }
    }
  }

  /** A power failure or takeover would end the test, and a sleeping command delay it. */
  private static boolean isLeftOut(Operation operation) {
    return operation.template().contains("fault-presets/");
  }

  private void ask(String door, Operation operation, Random random, long seed) throws Exception {
    String parameter = PARAMETERS.get(random.nextInt(PARAMETERS.size()));
    String path = operation.path(parameter.replace("'", "%27"));
    boolean isGet = operation.method().equals("GET");
    String query = isGet || random.nextInt(4) == 0 ? pick(QUERIES, random) : "";
    byte[] body = isGet ? new byte[0] : body(operation, random);
    String type =
        operation.template().endsWith("/files/{path}") && operation.method().equals("PUT")
            ? "application/octet-stream"
            : "application/json";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(door + path + query))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", type)
            .method(operation.method(), BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<java.io.InputStream>> answer =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    HttpResponse<java.io.InputStream> response = answer.get();
    String what =
        "seed "
            + seed
            + ": "
            + operation
            + " "
            + path
            + query
            + " "
            + new String(body, StandardCharsets.UTF_8);
    try (java.io.InputStream in = response.body()) {
      if (response.statusCode() < 400) {
        return; // some of them have no end
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(response.statusCode()).as("%s: %s", what, text).isNotEqualTo(500);
      assertThat(response.headers().firstValue("Content-Type"))
          .as(what)
          .hasValue("application/problem+json");
      assertThat(mapper.readTree(text).path("detail").asText()).as(what).isNotEmpty();
    }
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  // ---------------------------------------------------------------- bodies

  private byte[] body(Operation operation, Random random) throws Exception {
    JsonNode schema =
        document
            .path("paths")
            .path(operation.template())
            .path(operation.method().toLowerCase(java.util.Locale.ROOT))
            .at("/requestBody/content/application~1json/schema");
    byte[] text = mapper.writeValueAsBytes(value(schema, random, 0));
    switch (random.nextInt(6)) {
      case 0 -> {
        for (int i = 0; i < 3 && text.length > 0; i++) {
          text[random.nextInt(text.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 -> text = garbage(random).get().getBytes(StandardCharsets.UTF_8);
      default -> {}
    }
    return text;
  }

  private static Supplier<String> garbage(Random random) {
    return pick(
        List.of(
            () -> "",
            () -> "null",
            () -> "[".repeat(30_000),
            () -> "{\"a\":".repeat(10_000),
            () -> "1e999999999",
            () -> "9".repeat(2000),
            () -> "\"" + "x".repeat(60_000) + "\"",
            () -> "{\"name\":\"\\ud800\"}",
            () -> "\u0000\u0000",
            () -> "{\"name\":\"a\",\"name\":\"b\"}",
            () -> "true",
            () -> "[{}]"),
        random);
  }

  /** A value as described, or one that is not. */
  private JsonNode value(JsonNode reference, Random random, int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    JsonNode schema = reference;
    while (schema.has("$ref")) {
      schema = document.at(schema.path("$ref").asText().substring(1));
    }
    if (random.nextInt(8) == 0 || depth > 6) {
      return strange(random);
    }
    if (schema.has("oneOf")) {
      return value(schema.path("oneOf").get(0), random, depth + 1);
    }
    switch (schema.path("type").asText()) {
      case "object" -> {
        ObjectNode object = make.objectNode();
        for (var property : schema.path("properties").properties()) {
          if (random.nextInt(4) != 0) {
            object.set(property.getKey(), value(property.getValue(), random, depth + 1));
          }
        }
        return object;
      }
      case "array" -> {
        return make.arrayNode().add(value(schema.path("items"), random, depth + 1));
      }
      case "integer", "number" -> {
        return make.numberNode(pick(List.of(0L, 1L, -1L, 4096L, 1048576L, Long.MAX_VALUE), random));
      }
      case "boolean" -> {
        return make.booleanNode(random.nextBoolean());
      }
      default -> {
        return schema.has("enum")
            ? pick(List.of(schema.path("enum").get(0), make.textNode("?")), random)
            : make.textNode(
                pick(List.of("ds", "f", "a/b", "", "..", "\u0000", "1", "x".repeat(300)), random));
      }
    }
  }

  private JsonNode strange(Random random) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return pick(
            List.<Supplier<JsonNode>>of(
                make::nullNode,
                () -> make.numberNode(new java.math.BigInteger("9".repeat(50))),
                () -> make.numberNode(-0.5),
                () -> make.numberNode(1e300),
                () -> make.textNode("\u0000\uffff"),
                make::arrayNode,
                make::objectNode,
                () -> make.arrayNode().add(make.arrayNode().add(make.nullNode())),
                () -> make.booleanNode(true),
                () -> make.numberNode(Long.MIN_VALUE)),
            random)
        .get();
  }
}
