/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.nfs.Claims;
import org.facsim.nfs.Protections;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.CallProtection;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.access.WrongSecurityException;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;

/**
 * One call of NLM: its caller and its file. It keeps nothing of the RPC call, which may be answered
 * before this call is done.
 */
final class NlmCall {
  private static final int READ_OR_WRITE = Volume.ACCESS_READ | Volume.ACCESS_MODIFY;

  private final Grants grants;
  private final InetSocketAddress client;
  private final InetAddress server;
  private final Credential credential;
  private final CallProtection protection;

  /** What links of the call chain know of this call; null without a link. */
  private final CallRecord record;

  NlmCall(Grants grants, RpcCall rpc) {
    this.grants = grants;
    this.client = rpc.client();
    this.server = serverOf(rpc);
    this.credential = rpc.credential();
    this.protection = Protections.of(rpc);
    this.record = CallRecord.of(rpc.attachment());
  }

  /** Tells the links of the call chain, if there are any, what the call brings. */
  NlmCall brings(Object args) {
    if (record != null) {
      record.brings(args, null, null);
    }
    return this;
  }

  /** The answer, whose status its transport does not find: links are told it. */
  <R extends NlmReply> R answers(R reply) {
    if (record != null) {
      record.says(reply.status().code());
    }
    return reply;
  }

  /** The local address that a client called, and from which it expects calls; null if unknown. */
  static InetAddress serverOf(RpcCall rpc) {
    InetAddress address = rpc.server().getAddress();
    return address.isAnyLocalAddress() ? null : address;
  }

  /** See {@link #serverOf}. */
  InetAddress server() {
    return server;
  }

  NlmHost host(String callerName) {
    return new NlmHost(callerName, client.getAddress());
  }

  LockOwner owner(NlmLock lock) {
    return new LockOwner(host(lock.callerName()), new NlmOwner(lock.svid(), lock.ownerHandle()));
  }

  static LockMode mode(boolean exclusive) {
    return exclusive ? LockMode.EXCLUSIVE : LockMode.SHARED;
  }

  /**
   * The byte range of a lock.
   *
   * @throws ArrayException FILE_TOO_LARGE if no file can have these bytes
   */
  static ByteRange range(NlmLock lock) {
    long first = lock.offsetBytes();
    long length = lock.lengthBytes();
    if (first < 0 || length < 0 || (length > 0 && first > Long.MAX_VALUE - (length - 1))) {
      throw new ArrayException(ArrayError.FILE_TOO_LARGE, "lock beyond 2^63 bytes");
    }
    return new ByteRange(first, length == 0 ? ByteRange.END : first + length - 1);
  }

  /** The file of a handle, without a check of the caller: enough to give up a lock. */
  Inode file(Nfs3Handle handle) {
    Inode file = regular(grants.find(toArray(handle)));
    if (record != null) {
      record.operation(file, null, Claims.of(credential));
    }
    return file;
  }

  /**
   * The file, if the export's terms and the file's permissions let the caller lock it. Its owner
   * may, and so may every caller that may read or write it.
   *
   * @param toChange whether the lock is one of a caller that will write
   * @throws ArrayException BAD_HANDLE, STALE, ACCESS_DENIED, READ_ONLY
   */
  Inode fileToLock(Nfs3Handle handle, boolean toChange) {
    Grant grant = granted(handle);
    if (toChange) {
      grant.toChange();
    }
    Inode file = regular(grant.file());
    Caller caller = grant.caller();
    if (caller.uid() != file.attributes().uid()
        && file.volume().attributes().access(caller, file, READ_OR_WRITE) == 0) {
      throw new ArrayException(ArrayError.ACCESS_DENIED, "not for this user");
    }
    if (record != null) {
      record.operation(grant);
    }
    return file;
  }

  private Grant granted(Nfs3Handle handle) {
    try {
      return grants.toFile(
          toArray(handle), client, Claims.of(credential), NfsVersion.V3, protection);
    } catch (WrongSecurityException weak) { // NLM has no status for it
      throw new ArrayException(ArrayError.ACCESS_DENIED, weak.getMessage());
    }
  }

  private static FileHandle toArray(Nfs3Handle handle) {
    return FileHandle.readFrom(ByteBuffer.wrap(handle.toBytes()));
  }

  private static Inode regular(Inode file) {
    if (file.attributes().type() != FileType.REGULAR) {
      throw new ArrayException(ArrayError.WRONG_TYPE, "only regular files are locked");
    }
    return file;
  }
}
