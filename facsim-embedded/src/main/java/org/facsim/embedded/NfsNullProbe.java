/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Asks an NFS server for nothing, NFSv3 procedure 0, over a plain socket: an answer proves that
 * transport, dispatcher and program are up. Written without our own RPC client on purpose, so that
 * a fault that both sides share cannot hide.
 */
public final class NfsNullProbe {
  private static final int XID = 0xFAC51;
  private static final int NFS_PROGRAM = 100003;
  private static final int NFS_VERSION = 3;
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int RPC_VERSION = 2;

  /** xid, REPLY, MSG_ACCEPTED, verifier AUTH_NONE of length 0, SUCCESS; RFC 5531 section 9. */
  private static final int[] EXPECTED_REPLY = {XID, 1, 0, 0, 0, 0};

  private NfsNullProbe() {}

  /**
   * Makes one call and waits for its answer.
   *
   * @param server the address that the server listens on; a wildcard is probed by loopback
   * @param timeout for the connection, and again for each part of the answer
   * @throws IOException if there is no answer in time, or another one than RFC 1813 asks for
   */
  public static void await(InetSocketAddress server, Duration timeout) throws IOException {
    InetAddress address = server.getAddress();
    if (address.isAnyLocalAddress()) {
      address = InetAddress.getLoopbackAddress();
    }
    int timeoutMillis = Math.toIntExact(timeout.toMillis());
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(timeoutMillis);
      socket.connect(new InetSocketAddress(address, server.getPort()), timeoutMillis);
      socket.getOutputStream().write(call());
      check(new DataInputStream(socket.getInputStream()));
    }
  }

  /** One record: xid, CALL, RPC version, program, version, procedure, two times AUTH_NONE. */
  private static byte[] call() {
    int[] words = {XID, 0, RPC_VERSION, NFS_PROGRAM, NFS_VERSION, 0, 0, 0, 0, 0};
    ByteBuffer record = ByteBuffer.allocate(4 + 4 * words.length);
    record.putInt(LAST_FRAGMENT | 4 * words.length);
    for (int word : words) {
      record.putInt(word);
    }
    return record.array();
  }

  private static void check(DataInputStream reply) throws IOException {
    int mark = reply.readInt();
    if (mark != (LAST_FRAGMENT | 4 * EXPECTED_REPLY.length)) {
      throw new IOException("NULL was answered with record mark 0x" + Integer.toHexString(mark));
    }
    for (int expected : EXPECTED_REPLY) {
      int word = reply.readInt();
      if (word != expected) {
        throw new IOException("NULL was answered with " + word + " where " + expected + " belongs");
      }
    }
  }
}
