/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.data;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.VolumeFiles;
import org.facsim.array.WriteRoom;
import org.facsim.nfs.NioBuffers;
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
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.Mistake;
import org.facsim.services.state.Intent;

/**
 * WRITE. The array makes the one copy, from the connection's receive buffer, or none if the data
 * was received into its room. When it has taken the room, nobody looks at the data again.
 */
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
    Alteration alteration = compound.alteration();
    int countBytes = alteration.limited(data.readableBytes());
    boolean isAltered = alteration.mistake() != null || countBytes != data.readableBytes();
    WriteRoom room = isAltered ? null : compound.roomOf(countBytes);
    long startNanos = compound.transferStartNanos();
    Mutation mutation;
    if (room != null) {
      mutation = store(compound, use, file, offsetBytes, room);
    } else {
      ByteBuffer source = NioBuffers.of(data, data.readerIndex(), countBytes);
      if (alteration.mistake() != null) {
        source = mistaken(source, alteration.mistake());
      }
      mutation = store(compound, use, file, offsetBytes, source);
    }
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
   * else.
   */
  private static Mutation store(
      Compound compound, Stateids.Use use, Inode file, long offsetBytes, ByteBuffer source) {
    VolumeFiles files = file.volume().files();
    try {
      return files.write(compound.caller(), file, offsetBytes, source);
    } catch (ArrayException e) {
      requireOpened(use, e);
    }
    dropSetIds(compound, file);
    return files.write(Caller.ROOT, file, offsetBytes, source);
  }

  /**
   * The same with a room, which is gone if the rights were taken away while it was being written:
   * the client tries again.
   */
  private static Mutation store(
      Compound compound, Stateids.Use use, Inode file, long offsetBytes, WriteRoom room) {
    VolumeFiles files = file.volume().files();
    try {
      return files.write(compound.caller(), file, offsetBytes, room);
    } catch (ArrayException e) {
      requireOpened(use, e);
    }
    if (!room.isOpen()) {
      throw new Nfs4Exception(Nfs4Status.DELAY);
    }
    dropSetIds(compound, file);
    return files.write(Caller.ROOT, file, offsetBytes, room);
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

  /** A copy, because the client's own bytes are still looked at. */
  private static ByteBuffer mistaken(ByteBuffer data, Mistake mistake) {
    ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
    mistake.corrupt(copy);
    return copy;
  }
}
