/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.libnfs;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stands between a client and an NFS server. The first call of each of some procedures is executed,
 * and the connection cut with its answer on the way. One connection at a time, call by call.
 */
final class AnswerCuttingProxy implements AutoCloseable {
  private static final int LAST_FRAGMENT_MASK = 0x7fff_ffff;
  private static final int XID_INDEX = 4;
  private static final int PROGRAM_INDEX = 16;
  private static final int PROCEDURE_INDEX = 24;
  private static final int NFS = 100003;

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Integer> toCut;
  private final List<Integer> cutXids = new ArrayList<>();
  private final List<Integer> repeatedXids = new ArrayList<>();
  private final Thread thread;

  AnswerCuttingProxy(InetSocketAddress server, Set<Integer> procedures) throws IOException {
    this.server = server;
    toCut = new HashSet<>(procedures);
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    thread = new Thread(this::serve, "answer-cutting-proxy");
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The xids of the calls whose answers were cut off; once closed. */
  List<Integer> cutXids() {
    return cutXids;
  }

  /** Those of them that came again. */
  List<Integer> repeatedXids() {
    return repeatedXids;
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept();
          Socket upstream = new Socket(server.getAddress(), server.getPort())) {
        relay(client, upstream);
      } catch (EOFException e) {
        // the client is done with this connection
      } catch (IOException e) {
        // the listener was closed, or an end of the connection
      }
    }
  }

  private void relay(Socket client, Socket upstream) throws IOException {
    DataInputStream calls = new DataInputStream(client.getInputStream());
    DataInputStream replies = new DataInputStream(upstream.getInputStream());
    while (true) {
      byte[] call = record(calls);
      ByteBuffer words = ByteBuffer.wrap(call);
      int xid = words.getInt(XID_INDEX);
      if (cutXids.contains(xid)) {
        repeatedXids.add(xid);
      }
      upstream.getOutputStream().write(call);
      byte[] reply = record(replies);
      if (words.getInt(PROGRAM_INDEX) == NFS && toCut.remove(words.getInt(PROCEDURE_INDEX))) {
        cutXids.add(xid);
        return;
      }
      client.getOutputStream().write(reply);
    }
  }

  private static byte[] record(DataInputStream in) throws IOException {
    int mark = in.readInt();
    byte[] record = new byte[Integer.BYTES + (mark & LAST_FRAGMENT_MASK)];
    ByteBuffer.wrap(record).putInt(mark);
    in.readFully(record, Integer.BYTES, record.length - Integer.BYTES);
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
