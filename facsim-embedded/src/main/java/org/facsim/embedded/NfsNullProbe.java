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
 * Calls NFSv3 procedure 0 (NULL) over a plain socket. An answer proves that transport, dispatcher
 * and program work. It does not use our own RPC client on purpose, so that a fault in code that
 * both sides share is found.
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
   * @param server the address on which the server listens; a wildcard is probed at the loopback
   *     address
   * @param timeout the limit for connecting, and again for each part of the answer
   * @throws IOException if there is no answer in time, or it is not the one of RFC 1813
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

  /** One record: xid, CALL, RPC version, program, version, procedure, AUTH_NONE twice. */
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
