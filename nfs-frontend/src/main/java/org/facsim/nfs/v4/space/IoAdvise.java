/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/** IO_ADVISE, RFC 7862 section 15.5: the array needs no advice, so it says that it follows none. */
final class IoAdvise implements Operation4 {
  @Override
  public int number() {
    return Op4.IO_ADVISE;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    Xdr.readLong(in); // offset
    Xdr.readLong(in); // count
    new Bitmap4().read(in);
    Inode file = Ranges.requireRegular(compound.file(Nfs4Status.WRONG_TYPE));
    var unused = compound.checkStateid(stateid, file, Stateids.Access.READ);
    out.writeInt(0); // an empty bitmap
    return Nfs4Status.OK;
  }
}
