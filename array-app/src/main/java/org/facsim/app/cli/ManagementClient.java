/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/**
 * Calls a running array through its HTTP port. A problem document becomes the one line of an error.
 */
final class ManagementClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int FIRST_FAILURE = 300;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String base;
  private final HttpCredentials credentials;

  /**
   * @param address {@code host:port} or {@code https://host:port}, already checked
   */
  ManagementClient(String address, HttpCredentials credentials) {
    this.base = address.startsWith("https://") ? address : "http://" + address;
    this.credentials = credentials;
  }

  /**
   * For what {@link HttpAnswer} cannot ask. It begins threads, loads certificates, and delays the
   * end of the program by 300 ms, because the JVM waits that long for threads in system calls.
   */
  private HttpClient modernClient() {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    credentials.fingerprint().ifPresent(expected -> client.sslContext(expected.context()));
    return client.build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    credentials.authorization().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  JsonNode get(String path) throws CommandFailedException, InterruptedException {
    return send("GET", path, null);
  }

  JsonNode post(String path, JsonNode body) throws CommandFailedException, InterruptedException {
    return send("POST", path, body);
  }

  JsonNode patch(String path, JsonNode body) throws CommandFailedException, InterruptedException {
    return send("PATCH", path, body);
  }

  JsonNode put(String path, JsonNode body) throws CommandFailedException, InterruptedException {
    return send("PUT", path, body);
  }

  JsonNode delete(String path) throws CommandFailedException, InterruptedException {
    return send("DELETE", path, null);
  }

  /** Escapes any text as one segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode send(String method, String path, JsonNode body)
      throws CommandFailedException, InterruptedException {
    try {
      HttpAnswer got =
          method.equals("PATCH")
              ? sendWith(modernClient(), method, path, body)
              : HttpAnswer.to(
                  method,
                  URI.create(base + path).toURL(),
                  body == null ? null : MAPPER.writeValueAsBytes(body),
                  credentials,
                  CONNECT_TIMEOUT,
                  TIMEOUT);
      JsonNode answer = parse(got.body());
      if (got.status() >= FIRST_FAILURE) {
        throw failure(method, path, got.status(), answer);
      }
      return answer;
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  private HttpAnswer sendWith(HttpClient client, String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(MAPPER.writeValueAsString(body)))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    return new HttpAnswer(response.statusCode(), response.body());
  }

  private CommandFailedException failure(String method, String path, int status, JsonNode answer) {
    String detail = answer.path("detail").asText();
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      detail =
          detail.replaceFirst(
              "allowed: .*", "allowed: FACSIM_TOKEN in the environment, or --token-file FILE");
    }
    return new CommandFailedException(
        detail.isEmpty() ? method + " " + path + ": HTTP " + status : CommandWords.of(detail),
        status);
  }

  private CommandFailedException noAnswer(IOException e) {
    if (e instanceof SSLHandshakeException) { // it answers, and is not trusted
      return new CommandFailedException(
          base
              + ": "
              + (isOfJava(e)
                  ? "its certificate is none that Java trusts; --http-fingerprint SHA256 trusts the"
                      + " one that the array's start shows"
                  : inWords(e) + "; allowed: the one that --http-fingerprint says"),
          e);
    }
    return new CommandFailedException(
        "no answer from "
            + base
            + ": "
            + inWords(e)
            + "; is 'facsim serve --http-port' running there?",
        e);
  }

  /** Whether Java's own list of authorities decided, and not a fingerprint. */
  private static boolean isOfJava(Throwable e) {
    return e instanceof CertPathBuilderException
        || e instanceof CertPathValidatorException
        || (e.getCause() != null && isOfJava(e.getCause()));
  }

  /**
   * Reads an answer that may be long, or never end.
   *
   * @param lastEvent the number of the last event that is known; null for none
   * @return to be closed
   */
  InputStream open(String path, Long lastEvent)
      throws CommandFailedException, InterruptedException {
    try {
      HttpRequest.Builder request = request(path);
      if (lastEvent != null) {
        request.header("Last-Event-ID", lastEvent.toString());
      }
      HttpResponse<InputStream> response =
          modernClient().send(request.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() >= FIRST_FAILURE) {
        try (InputStream body = response.body()) {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          throw failure("GET", path, response.statusCode(), parse(text));
        }
      }
      return response.body();
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  /** A message that helps the user, without names of Java classes. */
  private static String inWords(IOException e) {
    if (e instanceof HttpConnectTimeoutException || e instanceof HttpAnswer.NoConnectionException) {
      return "nothing there takes connections within " + CONNECT_TIMEOUT.toSeconds() + " s";
    } else if (e instanceof HttpTimeoutException || e instanceof SocketTimeoutException) {
      return "connected, but none within " + TIMEOUT.toSeconds() + " s";
    }
    Throwable cause = e;
    while (cause != null) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "no address is known for this name";
      }
      if (cause.getMessage() != null && !(cause.getCause() instanceof IOException)) {
        String message = cause.getMessage();
        return message.contains("received no bytes") || message.contains("end of file")
            ? "the connection was closed without one"
            : lowerFirst(message);
      }
      cause = cause.getCause();
    }
    return e instanceof ConnectException ? "connection refused" : "the connection broke";
  }

  /** Begins in the middle of a sentence, unless the first word is an abbreviation. */
  private static String lowerFirst(String message) {
    return message.length() > 1 && Character.isUpperCase(message.charAt(1))
        ? message
        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private JsonNode parse(String text) throws CommandFailedException {
    try {
      return text.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(base + " did not answer with JSON", e);
    }
  }
}
