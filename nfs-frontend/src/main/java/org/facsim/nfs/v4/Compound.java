/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.WriteRoom;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Intent;
import org.facsim.services.state.LockClient;

/**
 * One COMPOUND while it runs: what its operations share. One thread after the other works on it,
 * never two at a time, so no operation keeps it beyond {@link Operation4#perform}.
 */
public abstract class Compound extends CompoundFiles {
  private SlotInUse slot;
  private LockClient lockClient;
  private Nfs4Status refusalOfRest;
  private Object note;
  private Object begun;
  private int begunIndex = -1;

  /** The client that may have newer attributes was asked; null if none is. */
  private CompletableFuture<FileAttributes> asked;

  Compound(Nfs4Program door, RpcCall rpc) {
    super(door, rpc);
  }

  // ---------------------------------------------------------------- the current file

  /**
   * The current directory.
   *
   * @param elsewhere what the operation answers at the pseudo-root
   * @throws Nfs4Exception NOFILEHANDLE, {@code elsewhere}, SYMLINK, NOTDIR
   */
  public final Inode directory(Nfs4Status elsewhere) {
    Inode directory = file(elsewhere);
    requireDirectory(directory);
    return directory;
  }

  /**
   * The current directory, in which a name is about to change; as {@link #fileToChange}.
   *
   * @throws Nfs4Exception NOFILEHANDLE, ROFS at the pseudo-root, SYMLINK, NOTDIR
   */
  public final Inode directoryToChange() {
    grant(Nfs4Status.ROFS).toChange();
    Inode directory = directory(Nfs4Status.ROFS);
    recalled(directory, Intent.CHANGE, lockClient());
    return directory;
  }

  /**
   * Requires that something is a directory.
   *
   * @throws Nfs4Exception SYMLINK, NOTDIR
   */
  public static void requireDirectory(Inode inode) {
    FileType type = inode.attributes().type();
    if (type != FileType.DIRECTORY) {
      throw new Nfs4Exception(
          type == FileType.SYMBOLIC_LINK ? Nfs4Status.SYMLINK : Nfs4Status.NOTDIR);
    }
  }

  /**
   * The current file, of any type, which must not be the pseudo-root. This is the operation point
   * of the call chain.
   *
   * @param elsewhere what the operation answers at the pseudo-root
   * @throws Nfs4Exception NOFILEHANDLE, {@code elsewhere}
   * @throws ArrayException if a link of the call chain refuses the operation
   */
  public final Inode file(Nfs4Status elsewhere) {
    Grant grant = grant(elsewhere);
    atOperationPoint(grant, null);
    return grant.file();
  }

  /**
   * Like {@link #file}, for an operation that looks at data or attributes that depend on the data.
   *
   * @throws org.facsim.services.state.RecallUnderWay if a client may have newer data
   */
  public final Inode fileToLookAt(Nfs4Status elsewhere) {
    Inode file = file(elsewhere);
    recalled(file, Intent.LOOK, lockClient());
    return file;
  }

  /**
   * Like {@link #file}, for an operation that changes it.
   *
   * @throws ArrayException READ_ONLY if the export is read-only for the client
   * @throws org.facsim.services.state.RecallUnderWay if a delegation conflicts
   */
  public final Inode fileToChange(Nfs4Status elsewhere) {
    grant(elsewhere).toChange();
    Inode file = file(elsewhere);
    recalled(file, Intent.CHANGE, lockClient());
    return file;
  }

  /**
   * The attributes of the current file for an operation that only looks at them. If another client
   * may have newer ones, it is asked, and the COMPOUND waits; if it does not answer, its delegation
   * is recalled.
   *
   * @throws org.facsim.services.state.RecallUnderWay if a client does not say what it has
   */
  public final FileAttributes attributesToLookAt(Inode file) {
    if (asked == null) {
      asked = door().parts().delegations().ask(file, lockClient());
    }
    if (asked != null) {
      CompletableFuture<FileAttributes> answer = asked;
      await(answer);
      asked = null;
      if (!answer.isCompletedExceptionally()) {
        return answer.join();
      }
    }
    recalled(file, Intent.LOOK, lockClient());
    return file.attributes();
  }

  /** Recalls delegations of a file that is not the current one; as {@link Delegations#require}. */
  public final void recalled(Inode file, Intent intent, LockClient asking) {
    door().parts().delegations().require(file, intent, asking);
  }

  /** The file of a name, if there is one, is about to be removed, replaced or truncated. */
  public final void aboutToChange(Inode directory, Name name) {
    if (!door().parts().delegations().isEmpty()) {
      Inode file;
      try {
        file = directory.volume().names().lookup(caller(), directory, name);
      } catch (ArrayException none) {
        return; // the change itself will report what is wrong
      }
      recalled(file, Intent.CHANGE, lockClient());
    }
  }

  /** Tells the links of the call chain what the operation brings, before its file is asked for. */
  public final void named(Name name, Name otherName) {
    brings(name, otherName);
  }

  /** The operation is about the saved file and the current one, both of which it changes. */
  public final void aboutBoth(Grant savedOne, Grant currentOne) {
    atOperationPoint(savedOne, currentOne);
  }

  /** How a link of the call chain has the operation performed. */
  public abstract Alteration alteration();

  /** The attributes that the answer shows: the truth, unless a link has the server lie. */
  @SuppressWarnings("ReferenceEquality") // nearly always the one that changes nothing
  public final FileAttributes seen(FileAttributes truth) {
    FalseAttributes lie = alteration().attributes();
    return lie == FalseAttributes.NONE ? truth : FalseAttributes4.of(truth, lie);
  }

  abstract void brings(Name name, Name otherName);

  abstract void atOperationPoint(Grant one, Grant other);

  /**
   * The grant of a file of this array for the caller of this COMPOUND; {@link Grants} throws.
   *
   * @throws ArrayException BAD_HANDLE, STALE, ACCESS_DENIED
   */
  public final Grant grantOf(FileHandle handle) {
    return door().grant(handle, rpc(), version());
  }

  // ---------------------------------------------------------------- stateids

  /** Reads and checks a stateid for an access to the current file. */
  public final Stateids.Use checkStateid(Stateid4 stateid, Inode file, Stateids.Access access) {
    return door().stateids().check(this, stateid, file, access);
  }

  // ---------------------------------------------------------------- session

  /** SEQUENCE has given the COMPOUND a slot; from here on, the slot limits the reply. */
  public void begin(SlotInUse newSlot) {
    slot = newSlot;
    lockClient = newSlot.client();
  }

  /** An operation of minor version 0 has said for which client the COMPOUND is. */
  public final void actsFor(LockClient client) {
    lockClient = client;
  }

  /** The slot; null in minor version 0, and outside of a session. */
  public final SlotInUse slot() {
    return slot;
  }

  /** The client whose own delegations do not conflict; null if it is not known. */
  public final LockClient lockClient() {
    return lockClient;
  }

  /**
   * SEQUENCE has found a retransmission: the whole answer is the one of the first call. To be
   * called as the last thing of the operation, which returns OK.
   *
   * @param results of the COMPOUND from its status on, as {@link SlotInUse#answered} had them
   */
  public abstract void answerFromMemory(byte[] results);

  /** From the next operation on, everything is answered with this status: RETRY_UNCACHED_REP. */
  public final void refuseRest(Nfs4Status status) {
    refusalOfRest = status;
  }

  final Nfs4Status refusalOfRest() {
    return refusalOfRest;
  }

  /**
   * What the operations of one package keep for later ones of the same COMPOUND; null at first.
   * There is one note: the package of sessions and opens has it.
   */
  public final Object note() {
    return note;
  }

  public final void note(Object newNote) {
    note = newNote;
  }

  /** What the operation that runs has begun before it waited; null if it has not waited. */
  public final Object begun() {
    return begunIndex == operationIndex() ? begun : null;
  }

  /** Keeps what the operation has begun until it is performed again. */
  public final void begun(Object unfinished) {
    begun = unfinished;
    begunIndex = operationIndex();
  }

  /**
   * Lets the COMPOUND wait, on no thread. When the future has completed, in whatever way, the
   * operation is performed again, from its first argument on, on another thread; it keeps what it
   * has done so far in {@link #begun(Object)} or {@link #note}. Goes on at once if the future has
   * completed.
   *
   * @param until always completes: nobody bounds the wait
   */
  public final void await(CompletableFuture<?> until) {
    if (!until.isDone()) {
      throw new Suspended(until);
    }
  }

  /**
   * Where data was received whose end is where the arguments are being read; null if it lies with
   * the other arguments.
   */
  public abstract WriteRoom roomOf(int lengthBytes);

  // ---------------------------------------------------------------- reply

  /**
   * How many bytes of results may still be appended to the reply, by the limits of the slot or of
   * this server.
   */
  public abstract int leftReplyBytes();

  /** The status of an operation whose results would have more than {@link #leftReplyBytes}. */
  public abstract Nfs4Status tooLong(int resultBytes);

  /**
   * Whether bulk data may be appended without a copy: only by the last operation, and only if the
   * reply neither waits nor is remembered.
   */
  public abstract boolean takesPinnedData();

  /**
   * Appends bulk data without a copy, if {@link #takesPinnedData}: as {@link RpcCall#appendData}.
   */
  public abstract ByteBuf appendData(ByteBuf data);

  // ---------------------------------------------------------------- durability

  /** Notes a change; the answer must not leave before it is durable. */
  public final void dependsOn(Mutation mutation) {
    rpc().tookEffect(mutation.restoreCount());
    dependsOn(mutation.transactionGroup());
  }

  /** The answer must not leave before this transaction group is durable. */
  public abstract void dependsOn(long transactionGroup);

  /**
   * The answer must not leave before this has completed, for example a record of a client. If it
   * fails, the operation is answered SERVERFAULT instead.
   */
  public abstract void dependsOn(CompletableFuture<?> completion);
}
