/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Another address of a server on this machine, which can die while the server lives. */
final class Forwarder implements AutoCloseable {
  private final int serverPort;
  private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong bytes = new AtomicLong();

  Forwarder(int serverPort) throws IOException {
    this.serverPort = serverPort;
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "forwarder");
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
  }

  /** How much has come from clients. */
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        start(() -> copy(client, server, bytes));
        start(() -> copy(server, client, new AtomicLong()));
      } catch (IOException e) {
        // it was closed
      }
    }
  }

  private static void copy(Socket from, Socket to, AtomicLong counted) {
    byte[] piece = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        out.write(piece, 0, read);
        counted.addAndGet(read);
      }
    } catch (IOException e) {
      // one of the ends was closed
    }
  }

  @Override
  public void close() throws IOException {
    die();
  }

  /** Nobody is answered here any more. */
  void die() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
