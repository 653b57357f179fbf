/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.net.InetSocketAddress;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.nfs.Protections;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.CallProtection;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.state.Delegations;

/**
 * What is known of a COMPOUND before its operations run: who calls, over which version, and the
 * array behind the door.
 */
abstract class CompoundFacts {
  private static final NfsVersion[] VERSIONS = {NfsVersion.V4_0, NfsVersion.V4_1, NfsVersion.V4_2};

  private final Nfs4Program door;
  private final RpcCall rpc;
  private int minorVersion;

  CompoundFacts(Nfs4Program door, RpcCall rpc) {
    this.door = door;
    this.rpc = rpc;
  }

  final void setMinorVersion(int newMinorVersion) {
    minorVersion = newMinorVersion;
  }

  // ---------------------------------------------------------------- who calls, and how

  /** 0 to 2. */
  public final int minorVersion() {
    return minorVersion;
  }

  /** The version of NFS, of which an export says whether it admits it. */
  public final NfsVersion version() {
    return VERSIONS[minorVersion];
  }

  /** Address and port. */
  public final InetSocketAddress client() {
    return rpc.client();
  }

  /** The local address that the client called. */
  public final InetSocketAddress server() {
    return rpc.server();
  }

  /** Who the call says it is made for; never null. */
  public final Credential credential() {
    return rpc.credential();
  }

  /** How the call is protected, of which an export says whether it admits it. */
  public final CallProtection protection() {
    return Protections.of(rpc);
  }

  /** The connection: its number, its end, and by {@link CallOrigin#peer} the way back. */
  public final CallOrigin origin() {
    return rpc.origin();
  }

  public final int xid() {
    return rpc.xid();
  }

  /** The bytes of the RPC record of the request, without the mark. */
  public abstract int requestBytes();

  /** How many operations the COMPOUND has. */
  public abstract int operationCount();

  /** The place of the operation that runs, from 0 on. */
  public abstract int operationIndex();

  /** Whether no operation follows. */
  public final boolean isLastOperation() {
    return operationIndex() == operationCount() - 1;
  }

  final RpcCall rpc() {
    return rpc;
  }

  final Nfs4Program door() {
    return door;
  }

  // ---------------------------------------------------------------- the array behind

  public final StorageArray array() {
    return door.parts().array();
  }

  /** Array, exports, grants and delegations. */
  public final Nfs4Parts parts() {
    return door.parts();
  }

  public final Delegations delegations() {
    return door.parts().delegations();
  }

  /** The caller that the call claims, before squashing; null if it claims none. */
  public final Caller claimed() {
    return door.claims().of(rpc.credential());
  }

  // ---------------------------------------------------------------- stable storage, transfers

  /** Whether everything in the group is on stable storage already. */
  public final boolean isDurable(long transactionGroup) {
    return door.durability().isDurable(transactionGroup);
  }

  /** The verifier of answers to WRITE and COMMIT. */
  public final long writeVerifier() {
    return door.parts().array().writeVerifier();
  }

  /** Data begins to be read or written; {@link #wrote} or {@link #read} are told the result. */
  public final long transferStartNanos() {
    return door.parts().transfers().startNanos();
  }

  /** A WRITE brought data into a file. */
  public final void wrote(Inode file, int bytes, long startNanos) {
    door.parts().transfers().wrote(file, client().getAddress(), bytes, startNanos);
  }

  /** A READ got data of a file. */
  public final void read(Inode file, int bytes, long startNanos) {
    door.parts().transfers().read(file, client().getAddress(), bytes, startNanos);
  }
}
