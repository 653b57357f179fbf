/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks an array what an open page of the web console asks: it follows {@code /api/v1/changes}, and
 * gets what changed of the machines whenever it is told that they did. With the journal's page it
 * also follows {@code /api/v1/journal/stream} as that page does. It draws nothing, because browsers
 * seldom run on the machine of the array.
 */
final class OpenConsole implements AutoCloseable {
  private static final String CHANGES = "/api/v1/changes?topics=events,vms,rates";
  private static final String JOURNAL = "/api/v1/journal/stream?most=200";
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
  private static final int TIMEOUT_MILLIS = 30_000;

  private final String base;
  private final List<Socket> followed = new ArrayList<>();
  private volatile boolean isClosed;
  private long version;

  private OpenConsole(String base) {
    this.base = base;
  }

  /**
   * Opens a page, as soon as the array has begun to tell it what changes.
   *
   * @param base of the array's HTTP door, {@code http://127.0.0.1:8080}
   */
  static OpenConsole open(String base, boolean isJournalFollowed) throws IOException {
    OpenConsole console = new OpenConsole(base);
    console.follow(CHANGES);
    if (isJournalFollowed) {
      console.follow(JOURNAL);
    }
    return console;
  }

  /** Reads from the socket itself, because a reader of the JDK's client cannot be interrupted. */
  private void follow(String path) throws IOException {
    URI address = URI.create(base);
    Socket socket = new Socket(address.getHost(), address.getPort());
    followed.add(socket);
    socket
        .getOutputStream()
        .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String status = lines.readLine();
    if (status == null || !status.contains(" 200 ")) {
      throw new IOException(path + ": " + status);
    }
    Thread reader = new Thread(() -> read(lines), "console" + path);
    reader.setDaemon(true);
    reader.start();
  }

  private static HttpURLConnection connection(String address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }

  /** The lengths of chunks stand between the lines, and look like none of these. */
  private void read(BufferedReader lines) {
    try (lines) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line;
        } else if (line.startsWith("data: ") && event.equals("event: vms")) {
          machines();
        }
      }
    } catch (IOException e) {
      if (!isClosed) {
        throw new IllegalStateException("the console lost its connection", e);
      }
    }
  }

  private void machines() throws IOException {
    String since = version == 0 ? "" : "&since=" + version;
    try (InputStream in = connection(base + "/api/v1/vms?limit=20000" + since).getInputStream()) {
      Matcher found = VERSION.matcher(new String(in.readAllBytes(), UTF_8));
      if (found.find()) {
        version = Long.parseLong(found.group(1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    for (Socket each : followed) {
      each.close();
    }
  }

  /** Sends something to the array. */
  static void send(String method, String address, String type, String body) throws IOException {
    HttpURLConnection connection = connection(address);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Content-Type", type);
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(UTF_8));
    if (connection.getResponseCode() >= HttpURLConnection.HTTP_MULT_CHOICE) {
      throw new IOException(method + " " + address + ": " + connection.getResponseMessage());
    }
    try (InputStream in = connection.getInputStream()) {
      var unused = in.readAllBytes(); // so that the connection serves the next one, too
    }
  }
}
