/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;

/**
 * What an array answered to one request, which the JDK's old client sent: unlike the new one it has
 * no threads and loads no certificates, and a command is over in half the time (docs/adr/0046). It
 * knows no PATCH.
 *
 * @param status the status of HTTP
 * @param body the whole answer; empty if there is none
 */
record HttpAnswer(int status, String body) {
  static {
    // Once and no more: what was executed and whose answer was lost must not be executed again.
    System.setProperty("sun.net.http.retryPost", "false");
    System.setProperty("http.keepAlive", "false");
  }

  /** Nothing took the connection in time. */
  static final class NoConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    NoConnectionException(SocketTimeoutException cause) {
      super(cause);
    }
  }

  /**
   * Sends a request and reads the answer, whatever its status is.
   *
   * @param body null for none
   * @param credentials what it shows, and by what it knows the array
   * @throws NoConnectionException if nothing took the connection in {@code connectTimeout}
   * @throws SocketTimeoutException if no answer came in {@code timeout}
   * @throws IOException if the connection broke
   */
  static HttpAnswer to(
      String method,
      URL url,
      byte[] body,
      HttpCredentials credentials,
      Duration connectTimeout,
      Duration timeout)
      throws IOException {
    byte[] sent = body == null && method.equals("POST") ? new byte[0] : body;
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection encrypted) {
      credentials.fingerprint().ifPresent(expected -> trustOnly(expected, encrypted));
    }
    credentials
        .authorization()
        .ifPresent(value -> connection.setRequestProperty("Authorization", value));
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) connectTimeout.toMillis());
    connection.setReadTimeout((int) timeout.toMillis());
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Accept", "*/*");
    if (sent != null) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(sent.length);
    }
    try {
      connection.connect();
    } catch (SocketTimeoutException e) {
      throw new NoConnectionException(e);
    }
    if (sent != null) {
      try (OutputStream out = connection.getOutputStream()) {
        out.write(sent);
      }
    }
    int status = connection.getResponseCode();
    try (InputStream answer = answerOf(connection, status)) {
      return new HttpAnswer(status, new String(answer.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The certificate itself is known, so its name does not matter. */
  private static void trustOnly(Fingerprint expected, HttpsURLConnection connection) {
    connection.setSSLSocketFactory(expected.context().getSocketFactory());
    connection.setHostnameVerifier((name, session) -> true);
  }

  private static InputStream answerOf(HttpURLConnection connection, int status) throws IOException {
    InputStream refusal = connection.getErrorStream();
    if (refusal != null) {
      return refusal;
    }
    return status < HttpURLConnection.HTTP_BAD_REQUEST
        ? connection.getInputStream()
        : InputStream.nullInputStream();
  }
}
