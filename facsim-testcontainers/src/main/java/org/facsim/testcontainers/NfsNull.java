/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * One NULL of NFSv3 over TCP (RFC 1813 section 3.3.0, in a record of RFC 5531 section 11). A
 * connection alone proves nothing behind a published port: Docker's proxy accepts it whoever
 * listens in the container.
 */
final class NfsNull {
  private static final int XID = 0x46414353;
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int NFS = 100003;
  private static final int NFS_V3 = 3;
  private static final int RPC_VERSION = 2;
  private static final int REPLY = 1;

  /** xid, CALL, RPC version, program, version, procedure; credential and verifier are AUTH_NONE. */
  private static final int[] CALL = {XID, 0, RPC_VERSION, NFS, NFS_V3, 0, 0, 0, 0, 0};

  private NfsNull() {}

  /**
   * @throws IOException if NFS does not answer within the limit, with the reason
   */
  static void call(InetSocketAddress server, Duration limit) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, Math.toIntExact(limit.toMillis()));
      socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(LAST_FRAGMENT | CALL.length * Integer.BYTES);
      for (int word : CALL) {
        out.writeInt(word);
      }
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readInt(); // the record mark
      if (in.readInt() != XID || in.readInt() != REPLY || in.readInt() != 0) {
        throw new IOException(server + " answers, and not as NFS does");
      }
    }
  }
}
