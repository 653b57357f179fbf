/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.nfs.Claims;
import org.facsim.protocol.nfs3.Changed3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.PostOpFailure3;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.NfsVersion;

/**
 * One NFSv3 call on its way through a procedure: resolves handles, checks the export's terms for
 * each, and remembers what a failure reply or the durability of the answer needs.
 */
final class Nfs3Call {
  private final StorageArray array;
  private final ExportTable exports;
  private final Durability durability;
  private final RpcCall rpc;

  private Inode object;
  private Inode other;
  private ExportOptions terms;
  private Caller caller;
  private long transactionGroup;

  Nfs3Call(StorageArray array, ExportTable exports, Durability durability, RpcCall rpc) {
    this.array = array;
    this.exports = exports;
    this.durability = durability;
    this.rpc = rpc;
  }

  /** Appends bulk data to the reply that is being encoded: {@link RpcCall#appendData}. */
  ByteBuf appendData(ByteBuf data) {
    return rpc.appendData(data);
  }

  /** What WRITE and COMMIT answer with. */
  long writeVerifier() {
    return array.writeVerifier();
  }

  /** Whether everything in the group is on stable storage already. */
  boolean isDurable(long group) {
    return durability.isDurable(group);
  }

  /**
   * The object that the call is about.
   *
   * @throws ArrayException BAD_HANDLE, STALE, or ACCESS_DENIED if the export does not admit the
   *     client
   */
  Inode object(Nfs3Handle handle) {
    Inode resolved = resolve(handle);
    object = resolved;
    return resolved;
  }

  /** As {@link #object}, and READ_ONLY if the export is. */
  Inode objectToChange(Nfs3Handle handle) {
    Inode resolved = object(handle);
    requireWritable();
    return resolved;
  }

  /** The second object of RENAME and LINK, which they change; as {@link #objectToChange}. */
  Inode otherToChange(Nfs3Handle handle) {
    Inode resolved = resolve(handle);
    other = resolved;
    requireWritable();
    return resolved;
  }

  private Inode resolve(Nfs3Handle handle) {
    Inode inode = array.resolve(Handles3.toArray(handle));
    Export of = exports.ofVolume(inode.volume().id());
    if (of == null) {
      throw new ArrayException(ArrayError.STALE, "volume is not exported");
    }
    ExportOptions found = of.termsFor(rpc.client());
    if (found == null || !found.versions().contains(NfsVersion.V3)) {
      throw new ArrayException(ArrayError.ACCESS_DENIED, of.path() + " is not for this client");
    }
    terms = found;
    return inode;
  }

  private void requireWritable() {
    if (terms.readOnly()) {
      throw new ArrayException(ArrayError.READ_ONLY, "exported read-only to this client");
    }
  }

  /** The terms for this client on the export of the object that was resolved last. */
  ExportOptions terms() {
    return terms;
  }

  /** On whose behalf the call runs, after squashing by the export of the object. */
  Caller caller() {
    if (caller == null) {
      caller = terms.squash(Claims.of(rpc.credential()));
    }
    return caller;
  }

  /** Answers that an object was made. */
  Made3 made(Volume.Created made) {
    dependsOn(made.directory());
    return new Made3.Ok(
        Handles3.of(made.inode()),
        Attributes3.of(made.attributes()),
        Attributes3.wcc(made.directory()));
  }

  /** Answers that an object, or a directory, was changed. */
  Changed3 changed(Mutation mutation) {
    dependsOn(mutation);
    return Changed3.ok(Attributes3.wcc(mutation));
  }

  /** The call did this, and its answer must not leave before it is durable. */
  void dependsOn(Mutation mutation) {
    rpc.tookEffect(mutation.restoreCount());
    dependsOn(mutation.transactionGroup());
  }

  /** The answer must not leave before this transaction group is durable. */
  void dependsOn(long group) {
    transactionGroup = Math.max(transactionGroup, group);
  }

  /** The group that the answer waits for; 0 if it depends on none. */
  long transactionGroup() {
    return transactionGroup;
  }

  /** For a failure reply: attributes of the object, or null if it was not resolved. */
  Fattr3 objectAttributes() {
    return object == null ? null : Attributes3.of(object.attributes());
  }

  /** Answers that an object was not made. */
  Made3 notMade(Nfs3Status status) {
    return new Made3.Fail(status, objectWcc());
  }

  /** Answers that an object, or a directory, was not changed. */
  Changed3 notChanged(Nfs3Status status) {
    return new Changed3(status, objectWcc());
  }

  /** Answers a question about an object that failed. */
  PostOpFailure3 failed(Nfs3Status status) {
    return new PostOpFailure3(status, objectAttributes());
  }

  WccData objectWcc() {
    return object == null ? WccData.NONE : new WccData(null, objectAttributes());
  }

  WccData otherWcc() {
    return other == null ? WccData.NONE : new WccData(null, Attributes3.of(other.attributes()));
  }
}
