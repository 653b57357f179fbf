/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/**
 * DEALLOCATE, RFC 7862 section 15.4: a range reads as zeros from then on, and the size stays. A
 * range may end beyond the file.
 */
final class Deallocate implements Operation4 {
  @Override
  public int number() {
    return Op4.DEALLOCATE;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public int changeResultBytes() {
    return Integer.BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    long offset = Xdr.readLong(in);
    long length = Xdr.readLong(in);
    Inode file = Ranges.requireRegular(compound.fileToChange(Nfs4Status.WRONG_TYPE));
    boolean wraps = Long.compareUnsigned(offset + length, offset) < 0;
    var unused = compound.checkStateid(stateid, file, Stateids.Access.WRITE);
    if (length == 0 || wraps) {
      return Nfs4Status.INVAL;
    }
    if (offset < 0 || offset >= Volume.MAX_FILE_BYTES) {
      return Nfs4Status.OK; // no file has anything there
    }
    long left = Volume.MAX_FILE_BYTES - offset;
    long within = length < 0 ? left : Math.min(length, left);
    compound.dependsOn(file.volume().files().punchHole(compound.caller(), file, offset, within));
    return Nfs4Status.OK;
  }
}
