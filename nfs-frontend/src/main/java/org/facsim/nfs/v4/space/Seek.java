/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Caller;
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
 * SEEK, RFC 7862 section 15.11. If nothing is found, the answer is the end of the file. The end
 * counts as a hole.
 */
final class Seek implements Operation4 {
  /** {@code NFS4_CONTENT_DATA}. */
  static final int DATA = 0;

  /** {@code NFS4_CONTENT_HOLE}. */
  static final int HOLE = 1;

  @Override
  public int number() {
    return Op4.SEEK;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    long offset = Xdr.readLong(in);
    int what = Xdr.readInt(in);
    Inode file = Ranges.requireRegular(compound.fileToLookAt(Nfs4Status.WRONG_TYPE));
    var unused = compound.checkStateid(stateid, file, Stateids.Access.READ);
    if (what != DATA && what != HOLE) {
      return Nfs4Status.UNION_NOTSUPP;
    }
    if (offset < 0) {
      return Nfs4Status.NXIO;
    }
    Caller caller = compound.caller();
    Volume.Seek found =
        what == DATA
            ? file.volume().files().seekData(caller, file, offset)
            : file.volume().files().seekHole(caller, file, offset);
    Xdr.writeBoolean(out, found.endOfFile());
    out.writeLong(found.offsetBytes());
    return Nfs4Status.OK;
  }
}
