/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import java.io.DataInputStream;
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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server of ONC RPC and cuts connections when the answer to a call
 * has come back from the server: executed, and its reply lost. One connection at a time, call by
 * call, each in one fragment.
 */
public final class CuttingProxy implements AutoCloseable {
  private static final int XID_INDEX = 4;
  private static final int PROGRAM_INDEX = 16;
  private static final int PROCEDURE_INDEX = 24;
  private static final int NFS = 100003;

  /** Which answers are lost. Asked on the proxy's thread. */
  @FunctionalInterface
  public interface Cut {
    /**
     * Whether the answer to a call is lost.
     *
     * @param connection which one, from 1
     * @param call which of its calls, from 1
     * @param record the call with its record mark
     */
    boolean cuts(int connection, int call, ByteBuffer record);
  }

  private final InetSocketAddress server;
  private final Cut cut;
  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Integer> cutXids = new ArrayList<>();
  private final List<Integer> repeatedXids = new ArrayList<>();
  private final Thread thread;

  private CuttingProxy(InetSocketAddress server, Cut cut) throws IOException {
    this.server = server;
    this.cut = cut;
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    thread = new Thread(this::serve, "cutting-proxy");
    thread.start();
  }

  /** Loses the answer to the second call of the first connection. */
  public static CuttingProxy ofSecondCall(InetSocketAddress server) throws IOException {
    return new CuttingProxy(server, (connection, call, record) -> connection == 1 && call == 2);
  }

  /** Loses the answer to the first call of each of these procedures of NFS. */
  public static CuttingProxy ofFirstCalls(InetSocketAddress server, Set<Integer> procedures)
      throws IOException {
    Set<Integer> left = new HashSet<>(procedures);
    return new CuttingProxy(
        server,
        (connection, call, record) ->
            record.getInt(PROGRAM_INDEX) == NFS && left.remove(record.getInt(PROCEDURE_INDEX)));
  }

  /** Where the client is to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Connections so far. */
  public int connections() {
    return connections.get();
  }

  /** The xids of the calls whose answers were lost; once closed. */
  public List<Integer> cutXids() {
    return cutXids;
  }

  /** Those of them that came again; once closed. */
  public List<Integer> repeatedXids() {
    return repeatedXids;
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept();
          Socket upstream = new Socket(server.getAddress(), server.getPort())) {
        relay(client, upstream, connections.incrementAndGet());
      } catch (IOException e) {
        // the listener was closed, or the client is done with this connection
      }
    }
  }

  private void relay(Socket client, Socket upstream, int connection) throws IOException {
    DataInputStream calls = new DataInputStream(client.getInputStream());
    DataInputStream replies = new DataInputStream(upstream.getInputStream());
    for (int call = 1; ; call++) {
      byte[] bytes = record(calls);
      ByteBuffer record = ByteBuffer.wrap(bytes);
      int xid = record.getInt(XID_INDEX);
      if (cutXids.contains(xid)) {
        repeatedXids.add(xid);
      }
      upstream.getOutputStream().write(bytes);
      byte[] reply = record(replies);
      if (cut.cuts(connection, call, record)) {
        cutXids.add(xid);
        return;
      }
      client.getOutputStream().write(reply);
    }
  }

  private static byte[] record(DataInputStream in) throws IOException {
    int mark = in.readInt();
    byte[] record = new byte[Integer.BYTES + (mark & Integer.MAX_VALUE)];
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
