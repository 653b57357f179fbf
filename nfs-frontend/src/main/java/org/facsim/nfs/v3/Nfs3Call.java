/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.WriteRoom;
import org.facsim.nfs.BulkWrites;
import org.facsim.protocol.nfs3.Changed3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.PostOpFailure3;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.Grant;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.state.Intent;

/**
 * One NFSv3 call while a procedure runs: what it was granted for each object that it names, and
 * what a failure reply and the durability of the answer need.
 */
final class Nfs3Call {
  private final Nfs3Program door;
  private final RpcCall rpc;

  /** What links of the call chain know of this call; null without a link. */
  private final CallRecord record;

  private boolean namesTwoObjects;
  private Grant object;
  private Grant other;
  private long transactionGroup;

  Nfs3Call(Nfs3Program door, RpcCall rpc) {
    this.door = door;
    this.rpc = rpc;
    this.record = CallRecord.of(rpc.attachment());
  }

  /** Tells the links of the call chain, if there are any, what the call brings. */
  <A> Nfs3Call brings(Procedure3<A> procedure, A args) {
    if (record != null && record.wantsNames()) {
      namesTwoObjects = procedure.namesTwoObjects();
      record.brings(args, textOf(procedure.nameIn(args)), textOf(procedure.otherNameIn(args)));
    }
    return this;
  }

  private static String textOf(Name3 name) {
    return name == null ? null : name.toString();
  }

  /** The operation point of the call chain: the call is granted everything that it names. */
  private void granted() {
    if (record == null) {
      return;
    }
    if (other != null) {
      record.operation(object, other);
    } else if (!namesTwoObjects) {
      record.operation(object);
    }
  }

  /** How a link of the call chain has the call performed. */
  Alteration alteration() {
    return record == null ? Alteration.NONE : record.alteration();
  }

  /** The attributes that the answer shows. */
  Fattr3 attributes(Inode inode) {
    return attributes(inode.attributes());
  }

  /** The same of attributes that were taken before. */
  Fattr3 attributes(FileAttributes truth) {
    Fattr3 said = Attributes3.of(truth);
    return isTruthful() ? said : FalseAttributes3.of(said, record.alteration().attributes());
  }

  /** The attributes around a change that the answer shows. */
  WccData wcc(Mutation mutation) {
    WccData said = Attributes3.wcc(mutation);
    return isTruthful() ? said : FalseAttributes3.of(said, record.alteration().attributes());
  }

  /** The same, of attributes of an object before and after. */
  WccData wcc(WccAttr before, FileAttributes after) {
    WccData said = new WccData(before, Attributes3.of(after));
    return isTruthful() ? said : FalseAttributes3.of(said, record.alteration().attributes());
  }

  /** The file id that a listing shows. */
  long fileId(Inode inode) {
    return isTruthful()
        ? inode.fileId()
        : record.alteration().attributes().fileId().applyTo(inode.fileId());
  }

  @SuppressWarnings("ReferenceEquality") // nearly always the one that changes nothing
  private boolean isTruthful() {
    return record == null || record.alteration().attributes() == FalseAttributes.NONE;
  }

  /** Where the data was received, the last of the arguments; null if it lies with the others. */
  WriteRoom roomOf(int lengthBytes) {
    return BulkWrites.roomOf(rpc, lengthBytes);
  }

  /** Appends bulk data to the reply that is being encoded: {@link RpcCall#appendData}. */
  ByteBuf appendData(ByteBuf data) {
    return rpc.appendData(data);
  }

  /** Data begins to be read or written; {@link #wrote} or {@link #read} are told the result. */
  long transferStartNanos() {
    return door.transfers().startNanos();
  }

  /** A WRITE brought data into a file. */
  void wrote(Inode file, int bytes, long startNanos) {
    door.transfers().wrote(file, rpc.client().getAddress(), bytes, startNanos);
  }

  /** A READ got data of a file. */
  void read(Inode file, int bytes, long startNanos) {
    door.transfers().read(file, rpc.client().getAddress(), bytes, startNanos);
  }

  /** The write verifier of answers to WRITE and COMMIT. */
  long writeVerifier() {
    return door.writeVerifier();
  }

  /** Whether everything in the group is on stable storage already. */
  boolean isDurable(long group) {
    return door.isDurable(group);
  }

  /**
   * The object that the call is about.
   *
   * @throws ArrayException BAD_HANDLE, STALE, or ACCESS_DENIED if the export does not admit the
   *     client
   */
  Inode object(Nfs3Handle handle) {
    object = door.grant(handle, rpc);
    granted();
    return object.file();
  }

  /** Like {@link #object}, and throws READ_ONLY if the export is read-only. */
  Inode objectToChange(Nfs3Handle handle) {
    object = door.grant(handle, rpc);
    object.toChange();
    granted();
    return recalled(object.file(), Intent.CHANGE);
  }

  /**
   * Like {@link #object}, for calls that read its data or attributes that depend on the data.
   *
   * @throws org.facsim.services.state.RecallUnderWay if a client may have newer data; the methods
   *     for objects to be changed throw it, too
   */
  Inode objectToLookAt(Nfs3Handle handle) {
    return recalled(object(handle), Intent.LOOK);
  }

  /** The file of a name, if there is one, is about to be removed, renamed or truncated. */
  void aboutToChange(Inode directory, Name name) {
    if (!door.delegations().isEmpty()) {
      Inode file;
      try {
        file = directory.volume().names().lookup(caller(), directory, name);
      } catch (ArrayException none) {
        return; // the change itself will report what is wrong
      }
      recalled(file, Intent.CHANGE);
    }
  }

  private Inode recalled(Inode file, Intent intent) {
    door.delegations().require(file, intent, null);
    return file;
  }

  /** The second object of RENAME and LINK, which they change; like {@link #objectToChange}. */
  Inode otherToChange(Nfs3Handle handle) {
    other = door.grant(handle, rpc);
    other.toChange();
    granted();
    return recalled(other.file(), Intent.CHANGE);
  }

  /** The terms for this client on the export of the object. */
  ExportOptions terms() {
    return object.terms();
  }

  /** The caller for whom the call runs, after squashing by the export of the object. */
  Caller caller() {
    return object.caller();
  }

  /** Answers that an object was made. */
  Made3 made(Volume.Created made) {
    dependsOn(made.directory());
    return new Made3.Ok(
        Handles3.of(made.inode()), attributes(made.attributes()), wcc(made.directory()));
  }

  /** Answers that an object, or a directory, was changed. */
  Changed3 changed(Mutation mutation) {
    dependsOn(mutation);
    return Changed3.ok(wcc(mutation));
  }

  /** Notes a change of the call; its answer must not leave before the change is durable. */
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
    return object == null ? null : attributes(object.file());
  }

  /** Answers that an object was not made. */
  Made3 notMade(Nfs3Status status) {
    return new Made3.Fail(status, objectWcc());
  }

  /** Answers that an object, or a directory, was not changed. */
  Changed3 notChanged(Nfs3Status status) {
    return new Changed3(status, objectWcc());
  }

  /** Answers a failed question about an object. */
  PostOpFailure3 failed(Nfs3Status status) {
    return new PostOpFailure3(status, objectAttributes());
  }

  WccData objectWcc() {
    return object == null ? WccData.NONE : new WccData(null, objectAttributes());
  }

  WccData otherWcc() {
    return other == null ? WccData.NONE : new WccData(null, attributes(other.file()));
  }
}
