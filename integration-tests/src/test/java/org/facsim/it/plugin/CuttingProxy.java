/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and an array and breaks the first connection when the second call's
 * answer has come back from the array: executed, and its reply lost.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int REPLIES_OF_FIRST = 1;

  private final ServerSocket listener;
  private final int arrayPort;
  private final AtomicInteger connections = new AtomicInteger();
  private final Thread thread;

  CuttingProxy(int arrayPort) throws IOException {
    this.arrayPort = arrayPort;
    listener = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    thread = new Thread(this::serve, "cutting-proxy");
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  private void serve() {
    try {
      while (true) {
        try (Socket client = listener.accept();
            Socket array = new Socket(InetAddress.getLoopbackAddress(), arrayPort)) {
          relay(client, array, connections.incrementAndGet() == 1);
        } catch (java.io.EOFException closed) {
          // the client is done with this connection
        }
      }
    } catch (IOException closed) {
      // the listener was closed
    }
  }

  /** Record by record: libtirpc sends small calls in one fragment. */
  private static void relay(Socket client, Socket array, boolean cut) throws IOException {
    DataInputStream calls = new DataInputStream(client.getInputStream());
    DataInputStream replies = new DataInputStream(array.getInputStream());
    for (int exchanged = 0; ; exchanged++) {
      array.getOutputStream().write(record(calls));
      byte[] reply = record(replies);
      if (cut && exchanged == REPLIES_OF_FIRST) {
        return;
      }
      client.getOutputStream().write(reply);
    }
  }

  private static byte[] record(DataInputStream in) throws IOException {
    int mark = in.readInt();
    byte[] record = new byte[4 + (mark & Integer.MAX_VALUE)];
    for (int i = 0; i < 4; i++) {
      record[i] = (byte) (mark >> (24 - 8 * i));
    }
    in.readFully(record, 4, record.length - 4);
    return record;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
