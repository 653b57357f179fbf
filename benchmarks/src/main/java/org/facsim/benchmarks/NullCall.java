/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** The smallest NFS client: one NFSv3 NULL call with AUTH_NONE, by hand (RFC 5531, RFC 1813). */
final class NullCall {
  private static final int LAST_FRAGMENT = 1 << 31;
  private static final int TRANSACTION_ID = 0x4e554c4c;
  private static final int RPC_VERSION = 2;
  private static final int NFS_PROGRAM = 100_003;
  private static final int NFS_VERSION = 3;
  private static final int CALL_WORDS = 10;
  private static final int REPLY_WORDS = 6;
  private static final long RETRY_MILLIS = 2;

  private NullCall() {}

  /** Tries until the call is answered. */
  static void awaitReply(int port, Process server) throws IOException, InterruptedException {
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        call(socket);
        return;
      } catch (ConnectException e) {
        if (!server.isAlive()) {
          throw new IOException("the server ended with exit code " + server.exitValue(), e);
        }
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  private static void call(Socket socket) throws IOException {
    ByteBuffer call = ByteBuffer.allocate((CALL_WORDS + 1) * Integer.BYTES);
    call.putInt(LAST_FRAGMENT | CALL_WORDS * Integer.BYTES);
    call.putInt(TRANSACTION_ID).putInt(0).putInt(RPC_VERSION); // CALL
    call.putInt(NFS_PROGRAM).putInt(NFS_VERSION).putInt(0); // NULL
    call.putInt(0).putInt(0).putInt(0).putInt(0); // credential and verifier: AUTH_NONE, empty
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.write(call.array());
    out.flush();

    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteBuffer reply = ByteBuffer.allocate((REPLY_WORDS + 1) * Integer.BYTES);
    in.readFully(reply.array());
    boolean answered =
        reply.getInt() == (LAST_FRAGMENT | REPLY_WORDS * Integer.BYTES)
            && reply.getInt() == TRANSACTION_ID
            && reply.getInt() == 1 // REPLY
            && reply.getInt() == 0 // MSG_ACCEPTED
            && reply.getLong() == 0 // an empty verifier
            && reply.getInt() == 0; // SUCCESS
    if (!answered) {
      throw new IOException("not a successful reply to NULL");
    }
  }
}
