/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.retransmission;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.List;
import java.util.zip.CRC32C;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.CallOrigins;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.state.RememberedCall;

/**
 * What the duplicate request cache remembers of a call: what makes two calls the same, and the
 * results.
 */
final class GuardedCall extends RememberedCall<GuardedCall, byte[]> {
  /** What an entry takes on the heap, without its results and its machine name. */
  static final int ENTRY_BYTES = 208;

  /** Stands for no uid, because a uid has 32 bits. */
  private static final long NOBODY = -1;

  private static final Credential.Sys ANONYMOUS =
      new Credential.Sys(0, "", NOBODY, NOBODY, List.of());

  private final CallOrigins origins;
  private final InetAddress client;

  /** Of the credential; empty without one. */
  private final String machineName;

  private final long uid;
  private final long gid;
  private final long originId;
  private final int xid;
  private final int version;
  private final int procedure;
  private final int argumentBytes;

  /** CRC-32C of the arguments. */
  private final int checksum;

  /** Null once the call is entered, because it may keep a connection in memory. */
  private CallOrigin origin;

  /** How many duplicates wait for the results. */
  private int waiting;

  GuardedCall(RpcCall call, CallOrigins origins) {
    ByteBuf arguments = call.arguments();
    Credential.Sys caller = callerOf(call.credential());
    this.origins = origins;
    client = call.client().getAddress();
    machineName = caller.machineName();
    uid = caller.uid();
    gid = caller.gid();
    origin = call.origin();
    originId = origin.id();
    xid = call.xid();
    version = call.version();
    procedure = call.procedure();
    argumentBytes = arguments.readableBytes();
    checksum = checksumOf(arguments);
  }

  /** Whom the call is from. A principal of Kerberos stands where the name of a machine does. */
  private static Credential.Sys callerOf(Credential credential) {
    if (credential instanceof Credential.Gss gss) {
      return new Credential.Sys(0, gss.principal(), NOBODY, NOBODY, List.of());
    }
    return credential instanceof Credential.Sys sys ? sys : ANONYMOUS;
  }

  private static int checksumOf(ByteBuf arguments) {
    int lengthBytes = arguments.readableBytes();
    CRC32C checksum = new CRC32C();
    checksum.update(
        arguments.nioBufferCount() == 1
            ? arguments.internalNioBuffer(arguments.readerIndex(), lengthBytes)
            : arguments.nioBuffer(arguments.readerIndex(), lengthBytes));
    return (int) checksum.getValue();
  }

  /** The call is in the table, or is known not to be needed there. */
  void entered() {
    origin = null;
  }

  /** Counts one more duplicate that waits; false if as many wait as may. */
  synchronized boolean mayWait(int most) {
    if (waiting == most) {
      return false;
    }
    waiting++;
    return true;
  }

  /** The memory of the entry without its results. */
  int entryBytes() {
    return ENTRY_BYTES + machineName.length();
  }

  @Override
  protected Object client() {
    return client;
  }

  @Override
  protected long originId() {
    return originId;
  }

  @Override
  protected boolean mayRepeat(long earlierOriginId) {
    return origins.mayBeRepeated(earlierOriginId, origin);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GuardedCall call
        && xid == call.xid
        && checksum == call.checksum
        && procedure == call.procedure
        && argumentBytes == call.argumentBytes
        && version == call.version
        && uid == call.uid
        && gid == call.gid
        && client.equals(call.client)
        && machineName.equals(call.machineName);
  }

  /**
   * A hash of the fields in which nearly all calls differ; cheap, because every guarded call
   * computes it.
   */
  @Override
  public int hashCode() {
    int hash = (xid ^ checksum * 31) * 0x9e3779b9;
    return hash ^ hash >>> 15;
  }
}
