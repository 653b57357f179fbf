/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.Grant;
import org.facsim.services.state.Intent;

/**
 * The arguments with which CLONE and COPY begin: from the saved file to the current one.
 *
 * @param caller as the destination's export squashes it
 * @param cloning asks the array for clones of ranges of the one in the other
 * @param sourceOffsetBytes 2^63 and more is negative, as in all of these
 * @param countBytes 0 means up to the end of the source
 */
record TwoFiles(
    Inode source,
    Inode destination,
    Caller caller,
    RangeCloneCall cloning,
    long sourceOffsetBytes,
    long destinationOffsetBytes,
    long countBytes) {
  /** The arguments, which say nothing yet about whether they are allowed. */
  record Arguments(
      Stateid4 sourceStateid,
      Stateid4 destinationStateid,
      long sourceOffset,
      long destinationOffset,
      long count) {
    static Arguments read(Compound compound, ByteBuf in) {
      Stateid4 source = compound.readStateid(in);
      Stateid4 destination = compound.readStateid(in);
      return new Arguments(
          source, destination, Xdr.readLong(in), Xdr.readLong(in), Xdr.readLong(in));
    }
  }

  /**
   * Finds both files, has delegations recalled and checks both stateids.
   *
   * @param operation its name
   * @throws org.facsim.services.state.RecallUnderWay if a delegation conflicts
   */
  static TwoFiles of(Compound compound, Arguments wanted, String operation) {
    Grant from = compound.savedGrant(Nfs4Status.WRONG_TYPE);
    Grant to = compound.grant(Nfs4Status.WRONG_TYPE).toChange();
    RangeCloneCall cloning = RangeCloneCall.of(compound, from, to, operation);
    Inode source = Ranges.requireRegular(from.file());
    Inode destination = Ranges.requireRegular(to.file());
    recall(compound, source, destination);
    compound.checkStateid(wanted.sourceStateid(), source, Stateids.Access.READ);
    compound.checkStateid(wanted.destinationStateid(), destination, Stateids.Access.WRITE);
    if (!from.caller().equals(to.caller())) { // the exports squash differently
      source.volume().files().read(from.caller(), source, 0, ByteBuffer.allocate(0));
    }
    return new TwoFiles(
        source,
        destination,
        to.caller(),
        cloning,
        wanted.sourceOffset(),
        wanted.destinationOffset(),
        wanted.count());
  }

  /**
   * Has the delegations recalled that conflict with reading the one and changing the other.
   *
   * @throws org.facsim.services.state.RecallUnderWay if one does
   */
  void recall(Compound compound) {
    recall(compound, source, destination);
  }

  private static void recall(Compound compound, Inode source, Inode destination) {
    compound.recalled(source, Intent.LOOK, compound.lockClient());
    compound.recalled(destination, Intent.CHANGE, compound.lockClient());
  }
}
