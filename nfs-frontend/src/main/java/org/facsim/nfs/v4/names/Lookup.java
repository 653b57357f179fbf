/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** LOOKUP: one name; the next directory, or an export in the pseudo-root. */
final class Lookup implements Operation4 {
  @Override
  public int number() {
    return Op4.LOOKUP;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    Name name = Names4.read(in);
    if (compound.isAtPseudoRoot()) {
      compound.setCurrent(VisibleExports.grantOf(compound, name));
      return Nfs4Status.OK;
    }
    compound.named(name, null);
    Inode directory = compound.directory(Nfs4Status.SERVERFAULT);
    Inode found = directory.volume().names().lookup(compound.caller(), directory, name);
    compound.setCurrent(compound.grant(Nfs4Status.SERVERFAULT).of(found));
    return Nfs4Status.OK;
  }
}
