/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.attributes.AttributeDraft;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** The arguments of OPEN: RFC 8881 section 18.16. */
final class OpenArgs {
  // createmode4
  static final int UNCHECKED = 0;
  static final int GUARDED = 1;
  static final int EXCLUSIVE = 2;
  static final int EXCLUSIVE_WITH_ATTRIBUTES = 3;
  private static final int NO_CREATE = -1;

  // open_claim_type4
  static final int CLAIM_NULL = 0;
  static final int CLAIM_PREVIOUS = 1;
  static final int CLAIM_DELEGATE_CUR = 2;
  static final int CLAIM_DELEGATE_PREV = 3;
  static final int CLAIM_FH = 4;
  static final int CLAIM_DELEG_CUR_FH = 5;
  static final int CLAIM_DELEG_PREV_FH = 6;

  // open_delegation_type4
  static final int DELEGATE_NONE = 0;
  static final int DELEGATE_READ = 1;
  static final int DELEGATE_WRITE = 2;

  static final int WANT_MASK = 0xff00;
  static final int WANT_READ = 0x100;
  static final int WANT_WRITE = 0x200;
  static final int WANT_ANY = 0x300;
  static final int WANT_NONE = 0x400;
  static final int WANT_CANCEL = 0x500;
  private static final int WHEN_MASK = 0x30000;
  private static final int BOTH = 3;

  int seqid;
  int wholeAccess;
  int deny;
  long clientId;
  Bytes owner;
  int createMode = NO_CREATE;
  long verifier;
  AttributeDraft attributes;
  int claim;
  Name name;
  int delegateType;
  Stateid4 delegateStateid;

  /** A status that an argument deserves, which counts as one of the execution; else null. */
  private Nfs4Exception failure;

  static OpenArgs read(AttributeTable table, Compound compound, ByteBuf in) {
    OpenArgs args = new OpenArgs();
    args.seqid = Xdr.readInt(in);
    args.wholeAccess = Xdr.readInt(in);
    args.deny = Xdr.readInt(in);
    args.clientId = Xdr.readLong(in);
    args.owner = Bytes.read(in);
    try {
      args.readHow(table, compound, in);
      args.readClaim(compound, in);
    } catch (Nfs4Exception e) {
      args.failure = e;
    }
    return args;
  }

  private void readHow(AttributeTable table, Compound compound, ByteBuf in) {
    int type = Xdr.readInt(in);
    if (type == 0) {
      return;
    }
    if (type != 1) {
      throw new XdrException("opentype4 of value " + type);
    }
    createMode = Xdr.readInt(in);
    switch (createMode) {
      case UNCHECKED, GUARDED -> attributes = AttributeDraft.read(table, compound, in, true);
      case EXCLUSIVE -> verifier = Xdr.readLong(in);
      case EXCLUSIVE_WITH_ATTRIBUTES -> {
        if (compound.minorVersion() == 0) {
          throw new XdrException("createmode4 of value " + createMode);
        }
        verifier = Xdr.readLong(in);
        attributes = AttributeDraft.read(table, compound, in, true);
      }
      default -> throw new XdrException("createmode4 of value " + createMode);
    }
  }

  private void readClaim(Compound compound, ByteBuf in) {
    claim = Xdr.readInt(in);
    if (claim < CLAIM_NULL
        || claim > (compound.minorVersion() == 0 ? CLAIM_DELEGATE_PREV : CLAIM_DELEG_PREV_FH)) {
      throw new XdrException("open_claim_type4 of value " + claim);
    }
    switch (claim) {
      case CLAIM_PREVIOUS -> delegateType = Xdr.readInt(in);
      case CLAIM_DELEGATE_CUR -> {
        delegateStateid = compound.readStateid(in);
        name = Names4.read(in);
      }
      case CLAIM_DELEG_CUR_FH -> delegateStateid = compound.readStateid(in);
      case CLAIM_NULL, CLAIM_DELEGATE_PREV -> name = Names4.read(in);
      default -> {} // the file is the current one
    }
  }

  /**
   * @throws Nfs4Exception what is wrong
   */
  void requireValid(int minorVersion) {
    if (failure != null) {
      throw failure;
    }
    int allowed = minorVersion == 0 ? BOTH : BOTH | WANT_MASK | WHEN_MASK;
    if (access() == 0
        || (wholeAccess & ~allowed) != 0
        || (wholeAccess & WANT_MASK) > WANT_CANCEL
        || deny < 0
        || deny > BOTH) {
      throw new Nfs4Exception(
          Nfs4Status.INVAL, "access " + Integer.toHexString(wholeAccess) + ", deny " + deny);
    }
    if (creates() && claim != CLAIM_NULL) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "a create with claim " + claim);
    }
    if (attributes != null
        && createMode == EXCLUSIVE_WITH_ATTRIBUTES
        && attributes.setsSize()
        && attributes.sizeBytes() != 0) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "an exclusive create with a size");
    }
  }

  boolean creates() {
    return createMode != NO_CREATE;
  }

  boolean isExclusive() {
    return createMode == EXCLUSIVE || createMode == EXCLUSIVE_WITH_ATTRIBUTES;
  }

  /** Of {@code ShareReservation}. */
  int access() {
    return wholeAccess & BOTH;
  }

  /** What the client says about delegations. */
  int want() {
    return wholeAccess & WANT_MASK;
  }

  boolean isReclaim() {
    return claim == CLAIM_PREVIOUS;
  }

  boolean isByName() {
    return claim == CLAIM_NULL || claim == CLAIM_DELEGATE_CUR;
  }

  /** Whether the client opens what it has a delegation of. */
  boolean isOfDelegation() {
    return claim == CLAIM_DELEGATE_CUR || claim == CLAIM_DELEG_CUR_FH;
  }
}
