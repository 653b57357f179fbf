/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/**
 * ALLOCATE, RFC 7862 section 15.1: reserves space for a range, also where its blocks are shared
 * now. All of it or nothing. Holes stay holes.
 */
final class Allocate implements Operation4 {
  @Override
  public int number() {
    return Op4.ALLOCATE;
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
    Ranges.require(offset, length);
    var unused = compound.checkStateid(stateid, file, Stateids.Access.WRITE);
    if (length == 0) {
      return Nfs4Status.INVAL;
    }
    compound.dependsOn(
        file.volume().files().allocate(compound.caller(), file, offset, length, ZeroFill.LAZY));
    return Nfs4Status.OK;
  }
}
