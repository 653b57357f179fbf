/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * WRITE and READ of one file, byte by byte as RFC 1813 has them, for a server that looks at no
 * handle.
 */
final class RawNfs implements AutoCloseable {
  private static final int HANDLE_BYTES = 32;
  private static final int LAST_FRAGMENT = 1 << 31;
  private static final int NFS_PROGRAM = 100003;
  private static final int READ = 6;
  private static final int WRITE = 7;

  private final Socket socket;
  private final DataInputStream in;
  private int xid;

  RawNfs(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Sends both calls at once, cut in two at a random place; returns what READ returned. */
  byte[] writeThenRead(long offsetBytes, byte[] data, Random random) throws IOException {
    ByteBuffer calls = ByteBuffer.allocate(2 * 256 + data.length);
    int start = begin(calls, WRITE, offsetBytes);
    calls.putInt(data.length).putInt(0).putInt(data.length).put(data);
    end(calls, start);
    start = begin(calls, READ, offsetBytes);
    calls.putInt(data.length);
    end(calls, start);
    int cut = random.nextInt(calls.position());
    OutputStream out = socket.getOutputStream();
    out.write(calls.array(), 0, cut);
    out.write(calls.array(), cut, calls.position() - cut);
    reply();
    byte[] read = reply();
    return Arrays.copyOfRange(read, read.length - data.length, read.length);
  }

  private int begin(ByteBuffer call, int procedure, long offsetBytes) {
    int start = call.position();
    call.putInt(0).putInt(++xid).putInt(0).putInt(2).putInt(NFS_PROGRAM).putInt(3);
    call.putInt(procedure).putLong(0).putLong(0);
    call.putInt(HANDLE_BYTES).put(new byte[HANDLE_BYTES]).putLong(offsetBytes);
    return start;
  }

  private static void end(ByteBuffer call, int start) {
    call.putInt(start, LAST_FRAGMENT | call.position() - start - 4);
  }

  private byte[] reply() throws IOException {
    byte[] reply = new byte[in.readInt() & ~LAST_FRAGMENT];
    in.readFully(reply);
    return reply;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
