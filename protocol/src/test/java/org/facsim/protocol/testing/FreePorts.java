/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Port numbers for tests that need one number for TCP and UDP, or the same number again after a
 * restart.
 *
 * <p>A number from binding port 0 does not do for that: it is free for one kind only, and as soon
 * as its socket is closed, the system may give it to a connection of another process. The numbers
 * here are below the range from which systems choose on their own (Linux: from 32768, others: from
 * 49152), and are free for both kinds when they are chosen. Another process can still ask for one
 * of them by number, so the attempt that uses it is repeated with another number.
 */
public final class FreePorts {
  private static final int LOWEST = 10_000;
  private static final int BELOW = 32_768;
  private static final int MAX_ATTEMPTS = 10;

  private FreePorts() {}

  /**
   * Uses a number.
   *
   * @param <T> what comes of it
   * @param <E> what it may throw besides
   */
  @FunctionalInterface
  public interface Attempt<T, E extends Exception> {
    /**
     * Opens its sockets at a number.
     *
     * @throws IOException if it fails; because the number has been taken if this, or a cause of it,
     *     is a {@link BindException}. An {@link UncheckedIOException} does as well.
     */
    T at(int port) throws E, IOException;
  }

  /**
   * Makes an attempt with a number that is free for TCP and UDP at every address, and again with
   * another one if it has been taken meanwhile; at most {@value #MAX_ATTEMPTS} times.
   */
  public static <T, E extends Exception> T attempt(Attempt<T, E> attempt) throws E, IOException {
    for (int made = 1; ; made++) {
      try {
        return attempt.at(next());
      } catch (IOException | UncheckedIOException e) {
        if (made == MAX_ATTEMPTS || !saysTaken(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean saysTaken(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a number of the loopback address at which nothing answers: as long as the socket is open,
   * connections to it are refused, and nobody else can listen there.
   */
  public static Socket withoutListener() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return bound;
  }

  private static int next() throws IOException {
    for (int made = 1; ; made++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW);
      try (ServerSocket stream = new ServerSocket(port);
          DatagramSocket datagrams = new DatagramSocket(stream.getLocalPort())) {
        return datagrams.getLocalPort();
      } catch (BindException e) {
        if (made == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
