/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.data;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.nfs.WriteData;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.RegularFiles;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.state.Intent;

/** WRITE; see {@link WriteData} for where the data goes. */
final class Write implements Operation4 {
  private static final int RESULT_BYTES = 16;
  private static final int SET_IDS = 06000;

  @Override
  public int number() {
    return Op4.WRITE;
  }

  @Override
  public int changeResultBytes() {
    return RESULT_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    long offsetBytes = Xdr.readUnsignedLongSaturated(in);
    int stable = Xdr.readInt(in);
    if (stable < Nfs4.UNSTABLE || stable > Nfs4.FILE_SYNC) {
      throw new XdrException("stable_how4 of value " + stable);
    }
    ByteBuf data = Xdr.readOpaqueSlice(in, in.readableBytes());
    compound.grant(Nfs4Status.ISDIR).toChange();
    Inode file = compound.file(Nfs4Status.ISDIR);
    RegularFiles.require(compound, file);
    Stateids.Use use = compound.checkStateid(stateid, file, Stateids.Access.WRITE);
    compound.recalled(file, Intent.CHANGE, use.client());
    if (data.readableBytes() > Nfs4.MAX_TRANSFER_BYTES) {
      data.writerIndex(data.readerIndex() + Nfs4.MAX_TRANSFER_BYTES);
    }
    write(compound, use, file, offsetBytes, stable, data, out);
    return Nfs4Status.OK;
  }

  private static void write(
      Compound compound,
      Stateids.Use use,
      Inode file,
      long offsetBytes,
      int stable,
      ByteBuf data,
      ByteBuf out) {
    WriteData written =
        WriteData.of(data, compound.alteration(), compound.roomOf(data.readableBytes()));
    int countBytes = written.countBytes();
    long startNanos = compound.transferStartNanos();
    Mutation mutation = store(compound, use, file, offsetBytes, written);
    compound.wrote(file, countBytes, startNanos);
    int committed = Nfs4.FILE_SYNC;
    if (stable != Nfs4.UNSTABLE) {
      compound.dependsOn(mutation);
    } else if (!compound.isDurable(mutation.transactionGroup())) {
      committed = Nfs4.UNSTABLE;
    }
    out.writeLong(Xdr.twoInts(countBytes, committed));
    out.writeLong(compound.writeVerifier());
  }

  /**
   * Writes as the caller. A client that opened the file for writing may go on when the mode says
   * otherwise by now; the bits that lend an owner's rights go, as with every write of somebody
   * else. If the rights were taken away while a room was being written, the room is gone: the
   * client tries again.
   */
  private static Mutation store(
      Compound compound, Stateids.Use use, Inode file, long offsetBytes, WriteData written) {
    try {
      return written.into(file, compound.caller(), offsetBytes);
    } catch (ArrayException e) {
      requireOpened(use, e);
    }
    if (written.isGone()) {
      throw new Nfs4Exception(Nfs4Status.DELAY);
    }
    dropSetIds(compound, file);
    return written.into(file, Caller.ROOT, offsetBytes);
  }

  private static void requireOpened(Stateids.Use use, ArrayException refusal) {
    if (refusal.error() != ArrayError.ACCESS_DENIED || !use.isOpened()) {
      throw refusal;
    }
  }

  private static void dropSetIds(Compound compound, Inode file) {
    int mode = file.attributes().mode();
    if ((mode & SET_IDS) != 0) {
      compound.dependsOn(
          file.volume()
              .attributes()
              .setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(mode & ~SET_IDS), null));
    }
  }
}
