/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;

/** A socket that sends records as they are given, right or wrong, and takes what comes back. */
final class RawRpc implements AutoCloseable {
  /** No answer for so long is a hang. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final InetSocketAddress server;
  private Socket socket;
  private DataInputStream in;
  private int connections;

  RawRpc(InetSocketAddress server) {
    this.server = server;
  }

  /** How often it had to connect. */
  int connections() {
    return connections;
  }

  /**
   * Sends one record in one fragment.
   *
   * @return the reply; empty if the server ended the connection instead
   * @throws java.net.SocketTimeoutException if it did neither
   */
  Optional<ByteBuf> exchange(byte[] record) throws IOException {
    try {
      send(record);
      byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(reply);
      return Optional.of(Unpooled.wrappedBuffer(reply));
    } catch (EOFException | SocketException closed) {
      close();
      return Optional.empty();
    }
  }

  /** Sends one record in one fragment and waits for nothing. */
  void send(byte[] record) throws IOException {
    if (socket == null) {
      socket = new Socket(server.getAddress(), server.getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new DataInputStream(socket.getInputStream());
      connections++;
    }
    byte[] marked = new byte[4 + record.length];
    Unpooled.wrappedBuffer(marked).setInt(0, 0x8000_0000 | record.length);
    System.arraycopy(record, 0, marked, 4, record.length);
    socket.getOutputStream().write(marked);
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
