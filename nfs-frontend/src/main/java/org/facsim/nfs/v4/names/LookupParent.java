/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** LOOKUPP. Above the root of an export is the pseudo-root; above that is nothing. */
final class LookupParent implements Operation4 {
  private static final Name PARENT = Name.of("..");

  @Override
  public int number() {
    return Op4.LOOKUPP;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Inode directory = compound.directory(Nfs4Status.NOENT);
    if (directory.equals(directory.volume().root())) {
      compound.setPseudoRoot();
      return Nfs4Status.OK;
    }
    Inode parent = directory.volume().names().lookup(compound.caller(), directory, PARENT);
    compound.setCurrent(compound.grant(Nfs4Status.SERVERFAULT).of(parent));
    return Nfs4Status.OK;
  }
}
