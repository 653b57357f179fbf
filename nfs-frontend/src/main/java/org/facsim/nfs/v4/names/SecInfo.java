/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.access.SecurityFlavor;

/**
 * SECINFO: which flavours a name takes. All names of an export take the same. From minor version 1
 * on, there is no current file afterwards: RFC 8881 section 18.29.3.
 */
final class SecInfo implements Operation4 {
  @Override
  public int number() {
    return Op4.SECINFO;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    Name name = Names4.read(in);
    Set<SecurityFlavor> flavours;
    if (compound.isAtPseudoRoot()) {
      flavours = SecurityFlavours.ofExport(compound, name);
    } else {
      compound.named(name, null);
      Inode directory = compound.directory(Nfs4Status.SERVERFAULT);
      directory.volume().names().lookup(compound.caller(), directory, name);
      flavours = compound.terms().security();
    }
    SecurityFlavours.write(flavours, out);
    if (compound.minorVersion() > 0) {
      compound.clearCurrent();
    }
    return Nfs4Status.OK;
  }
}
