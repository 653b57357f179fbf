/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.data;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.RegularFiles;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/** COMMIT: answers when everything written so far is durable, whatever the requested range. */
final class Commit implements Operation4 {
  @Override
  public int number() {
    return Op4.COMMIT;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    long offsetBytes = Xdr.readLong(in);
    long countBytes = Xdr.readUnsignedInt(in);
    Inode file = compound.file(Nfs4Status.ISDIR);
    RegularFiles.require(compound, file);
    if (Long.compareUnsigned(offsetBytes + countBytes, offsetBytes) < 0) {
      return Nfs4Status.INVAL; // the range ends beyond 2^64
    }
    compound.dependsOn(file.volume().transactionGroup());
    out.writeLong(compound.writeVerifier());
    return Nfs4Status.OK;
  }
}
