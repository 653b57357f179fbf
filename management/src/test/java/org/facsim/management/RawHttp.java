/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A connection on which a test sends whatever bytes it likes. */
final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawHttp(InetSocketAddress door) throws IOException {
    socket.connect(door, TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = socket.getInputStream();
  }

  /** What came back: the head with its lines, and the body by its length. */
  record Reply(String head, String body) {
    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    Optional<String> header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }
  }

  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** A request with these header lines and no body. */
  RawHttp send(String requestLine, String... headers) throws IOException {
    return send(requestLine + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
  }

  Reply receive() throws IOException {
    return receive(true);
  }

  /**
   * Waits for an answer.
   *
   * @param hasBody false for the answer to a HEAD
   */
  Reply receive(boolean hasBody) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after '" + head + "'");
      }
      head.append((char) next);
    }
    Reply reply = new Reply(head.toString().strip(), "");
    int length = hasBody ? reply.header("content-length").map(Integer::parseInt).orElse(0) : 0;
    return new Reply(reply.head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  /** How the door has ended a connection. */
  enum End {
    CLOSED,
    RESET
  }

  /** Waits for the end of the connection, before which nothing may come. */
  End awaitEnd() throws IOException {
    try {
      int next = in.read();
      if (next >= 0) {
        throw new IOException("got " + next + " instead of the end");
      }
      return End.CLOSED;
    } catch (SocketException e) {
      return End.RESET;
    }
  }

  /** Whether nothing comes for a time, not even the end of the connection. */
  boolean isSilentFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      var unused = in.read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** Whether the door has closed it. */
  boolean isClosedByDoor() {
    try {
      socket.setSoTimeout(1);
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
