/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Replies4;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.state.Intent;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.ShareReservation;

/**
 * Finds or makes the file of one OPEN, and opens it. Whatever may refuse the open is asked before
 * the file is made, truncated or opened.
 */
final class OpenTarget {
  private static final Volume.CreateMode UNCHECKED = new Volume.CreateMode.Unchecked();
  private static final Volume.CreateMode GUARDED = new Volume.CreateMode.Guarded();

  private final Nfs4State state;
  private final Compound compound;
  private final OpenArgs args;
  private final OpenOwner owner;
  private Inode file;
  private boolean isNew;

  /** What happened to the directory; null if nothing did. */
  private Mutation directoryChange;

  private long unchangedCounter;
  private final Bitmap4 attributesSet = new Bitmap4();

  OpenTarget(Nfs4State state, Compound compound, OpenArgs args, OpenOwner owner) {
    this.state = state;
    this.compound = compound;
    this.args = args;
    this.owner = owner;
  }

  Inode file() {
    return file;
  }

  /** Whether this OPEN made the file. */
  boolean isNew() {
    return isNew;
  }

  void writeChange(ByteBuf out) {
    if (directoryChange == null) {
      Replies4.unchanged(out, unchangedCounter);
    } else {
      Replies4.changeInfo(out, directoryChange);
    }
  }

  void writeAttributesSet(ByteBuf out) {
    attributesSet.write(out);
  }

  /** The open, new or one that has more access now. */
  OpenState open() {
    if (args.isByName()) {
      compound.named(args.name, null);
      Inode directory = compound.directory(args.creates() ? Nfs4Status.ROFS : Nfs4Status.NOENT);
      unchangedCounter = directory.attributes().changeCounter();
      file = find(directory);
      if (args.creates() && (file == null || args.isExclusive())) {
        make(directory);
      }
    } else {
      file = compound.file(Nfs4Status.ISDIR);
      unchangedCounter = file.attributes().changeCounter();
    }
    // RFC 8881 section 18.16.3: a duplicate of any type is EXIST
    if (!isNew && args.createMode == OpenArgs.GUARDED) {
      throw new Nfs4Exception(Nfs4Status.EXIST);
    }
    requireRegular();
    if (!isNew) {
      requireExisting();
    }
    return share();
  }

  /** The file of the name; null if there is none and it may be made. */
  private Inode find(Inode directory) {
    try {
      return directory.volume().names().lookup(compound.caller(), directory, args.name);
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND && args.creates()) {
        return null;
      }
      throw e;
    }
  }

  private void make(Inode directory) {
    if (file != null && file.attributes().type() != FileType.REGULAR) {
      throw new Nfs4Exception(Nfs4Status.EXIST);
    }
    compound.grant(Nfs4Status.ROFS).toChange();
    // a state must be there for the file that is about to be made
    requireRoom();
    AttributeChanges wanted =
        args.attributes == null ? AttributeChanges.NONE : args.attributes.changes();
    Volume.CreateMode mode =
        args.isExclusive()
            ? new Volume.CreateMode.Exclusive(args.verifier)
            : args.createMode == OpenArgs.GUARDED ? GUARDED : UNCHECKED;
    Volume.Created made =
        directory.volume().names().create(compound.caller(), directory, args.name, mode, wanted);
    file = made.inode();
    Mutation change = made.directory();
    isNew = change.before().changeCounter() != change.after().changeCounter();
    if (isNew) {
      directoryChange = change;
      compound.dependsOn(change);
    }
    if ((isNew || args.isExclusive()) && args.attributes != null) {
      attributesSet.set(args.attributes.set());
    }
  }

  private void requireRoom() {
    if (owner.client().states().size() >= state.limits().statesPerClient()
        || state.states().isFull()) {
      throw new Nfs4Exception(
          owner.client().hasSessions() ? Nfs4Status.DELAY : Nfs4Status.RESOURCE);
    }
  }

  private void requireRegular() {
    FileType type = file.attributes().type();
    if (type == FileType.REGULAR) {
      return;
    }
    throw new Nfs4Exception(
        type == FileType.DIRECTORY
            ? Nfs4Status.ISDIR
            : type == FileType.SYMBOLIC_LINK || compound.minorVersion() == 0
                ? Nfs4Status.SYMLINK
                : Nfs4Status.WRONG_TYPE);
  }

  /** Whether the caller may open a file that was there before. */
  private void requireExisting() {
    boolean writes = (args.access() & ShareReservation.WRITE) != 0;
    if (writes || truncates()) {
      compound.grant(Nfs4Status.ROFS).toChange();
    }
    if (!args.isReclaim() && !args.isExclusive()) {
      requireAccess(writes); // who may not open the file learns nothing of who has it open
    }
    if (args.isOfDelegation()) {
      requireDelegation();
    } else {
      requireShare(); // an open that is denied recalls nothing
      // others must give back what this open conflicts with, and so must an open that denies
      boolean changes = writes || truncates() || args.deny != 0;
      compound.recalled(file, changes ? Intent.CHANGE : Intent.LOOK, owner.client());
    }
  }

  private void requireShare() {
    ShareReservation wanted = new ShareReservation(args.access(), args.deny);
    OpenState own = owner.opens().get(file);
    if (own != null && args.isReclaim() && own.wasOpenedAs(wanted)) {
      return; // its client did not hear that it has it again
    }
    if ((own != null && own.conflictsWith(wanted))
        || state.holdings().opens().wouldDeny(file, owner.key(), wanted)) {
      throw new Nfs4Exception(
          args.isReclaim() ? Nfs4Status.RECLAIM_CONFLICT : Nfs4Status.SHARE_DENIED);
    }
  }

  private void requireDelegation() {
    State4 found = state.find(compound, args.delegateStateid);
    if (!(found instanceof DelegationState)
        || found.file() != file
        || found.client() != owner.client()) {
      throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
    }
    if ((args.access() & ~found.access()) != 0) {
      throw new Nfs4Exception(Nfs4Status.OPENMODE);
    }
  }

  /** By mode or ACL; who may execute a file may read it, because clients load programs so. */
  private void requireAccess(boolean writes) {
    Caller caller = compound.caller();
    int wanted = 0;
    if ((args.access() & ShareReservation.READ) != 0) {
      wanted |= Volume.ACCESS_READ | Volume.ACCESS_EXECUTE;
    }
    if (writes) {
      wanted |= Volume.ACCESS_MODIFY;
    }
    int has = file.volume().attributes().access(caller, file, wanted);
    boolean mayRead =
        (args.access() & ShareReservation.READ) == 0
            || (has & (Volume.ACCESS_READ | Volume.ACCESS_EXECUTE)) != 0;
    boolean mayWrite = !writes || (has & Volume.ACCESS_MODIFY) != 0;
    if (!mayRead || !mayWrite) {
      throw new Nfs4Exception(Nfs4Status.ACCESS);
    }
  }

  private boolean truncates() {
    return args.createMode == OpenArgs.UNCHECKED
        && args.attributes.setsSize()
        && args.attributes.sizeBytes() == 0;
  }

  private OpenState share() {
    ShareReservation wanted = new ShareReservation(args.access(), args.deny);
    OpenState open = owner.opens().get(file);
    int number = open == null ? state.newStateNumber(owner.client()) : 0;
    boolean done = false;
    try {
      LockOutcome outcome = state.holdings().opens().open(file, owner.key(), wanted);
      if (!(outcome instanceof LockOutcome.Granted)) {
        throw new Nfs4Exception(refused(outcome));
      }
      if (!isNew && truncates()) {
        truncate(open);
      }
      done = true;
    } finally {
      if (!done && open == null) {
        state.states().remove(number);
      }
    }
    if (open != null) {
      open.upgrade(wanted);
      open.advance();
      return open;
    }
    OpenState made = new OpenState(owner, number, file, wanted);
    owner.opens().put(file, made);
    state.add(made);
    return made;
  }

  private Nfs4Status refused(LockOutcome outcome) {
    if (outcome instanceof LockOutcome.Denied) {
      return args.isReclaim() ? Nfs4Status.RECLAIM_CONFLICT : Nfs4Status.SHARE_DENIED;
    }
    return owner.client().hasSessions() ? Nfs4Status.DELAY : Nfs4Status.RESOURCE;
  }

  /** If the array refuses that, the open is as it was before. */
  private void truncate(OpenState before) {
    boolean done = false;
    try {
      Mutation change =
          file.volume()
              .attributes()
              .setAttributes(compound.caller(), file, AttributeChanges.ofSize(0), null);
      compound.dependsOn(change);
      attributesSet.add(Attr4.SIZE);
      done = true;
    } finally {
      if (!done) {
        if (before == null) {
          state.holdings().opens().close(file, owner.key());
        } else {
          state.holdings().opens().downgrade(file, owner.key(), before.share());
        }
      }
    }
  }
}
