/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.time.Duration;

/** Asks a running array over its HTTP port; a problem document becomes the one line of an error. */
final class ManagementClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int FIRST_FAILURE = 300;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param address {@code host:port}, as the ready line names it
   */
  ManagementClient(String address) {
    this.address = address;
  }

  JsonNode get(String path) throws CommandFailedException, InterruptedException {
    return send("GET", path, null);
  }

  JsonNode post(String path, JsonNode body) throws CommandFailedException, InterruptedException {
    return send("POST", path, body);
  }

  JsonNode delete(String path) throws CommandFailedException, InterruptedException {
    return send("DELETE", path, null);
  }

  /** One segment of a path, whatever stands in it. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode send(String method, String path, JsonNode body)
      throws CommandFailedException, InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + address + path))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(MAPPER.writeValueAsString(body)))
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      JsonNode answer = parse(response.body());
      if (response.statusCode() >= FIRST_FAILURE) {
        String detail = answer.path("detail").asText();
        throw new CommandFailedException(
            detail.isEmpty() ? method + " " + path + ": HTTP " + response.statusCode() : detail,
            null);
      }
      return answer;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "'" + address + "' is not an address; allowed: HOST:PORT, as the ready line has it", e);
    } catch (IOException e) {
      throw new CommandFailedException(
          "no answer from http://"
              + address
              + ": "
              + e.getClass().getSimpleName()
              + (e.getMessage() == null ? "" : " " + e.getMessage())
              + "; is 'facsim serve --http-port' running there?",
          e);
    }
  }

  private JsonNode parse(String text) throws CommandFailedException {
    try {
      return text.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandFailedException("http://" + address + " did not answer with JSON", e);
    }
  }
}
