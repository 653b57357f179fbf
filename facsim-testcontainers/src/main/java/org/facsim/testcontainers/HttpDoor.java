/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The array's HTTP door, asked with the JDK's client. JSON is read by the Jackson that
 * Testcontainers carries under a name of its own; its types stay inside this package, so that no
 * user depends on them.
 */
final class HttpDoor {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int FIRST_REFUSAL = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI root;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  HttpDoor(URI root, String token) {
    this.root = root;
    this.token = token;
  }

  JsonNode get(String path) {
    return ask("GET", path, null);
  }

  /** With conditions that are texts or numbers. */
  JsonNode get(String path, Map<String, ?> query) {
    StringBuilder asked = new StringBuilder(path);
    query.forEach(
        (name, value) ->
            asked
                .append(asked.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(encode(String.valueOf(value))));
    return get(asked.toString());
  }

  JsonNode post(String path, Map<String, ?> body) {
    return ask("POST", path, body);
  }

  JsonNode put(String path, Map<String, ?> body) {
    return ask("PUT", path, body);
  }

  JsonNode delete(String path) {
    return ask("DELETE", path, Map.of());
  }

  /** A text as one part of a path or query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode ask(String method, String path, Map<String, ?> body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(root.resolve(path))
              .timeout(ANSWER_LIMIT)
              .header("Authorization", "Bearer " + token);
      if (body == null) {
        request.method(method, BodyPublishers.noBody());
      } else {
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
      }
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() >= FIRST_REFUSAL) {
        throw new RefusedException(answer.statusCode(), method + " " + path, detail(answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("%s %s%s".formatted(method, root, path), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " " + path + " was interrupted", e);
    }
  }

  /** What a problem document says, or the body as it is if it is none. */
  private static String detail(String body) {
    try {
      return JSON.readTree(body).path("detail").asText(body);
    } catch (IOException e) {
      return body;
    }
  }
}
