/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** SECINFO_NO_NAME: the flavours of the current object, or of the directory above it. */
final class SecInfoNoName implements Operation4 {
  private static final int OF_CURRENT = 0;
  private static final int OF_PARENT = 1;

  @Override
  public int number() {
    return Op4.SECINFO_NO_NAME;
  }

  @Override
  public int firstMinorVersion() {
    return 1;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    int style = Xdr.readInt(in);
    if (style != OF_CURRENT && style != OF_PARENT) {
      throw new XdrException("secinfo_style4 of value " + style);
    }
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    boolean isAbove = compound.isAtPseudoRoot();
    if (style == OF_PARENT) {
      Inode directory = compound.directory(Nfs4Status.NOENT);
      isAbove = directory.equals(directory.volume().root());
    } else if (!compound.isAtPseudoRoot()) {
      compound.file(Nfs4Status.SERVERFAULT);
    }
    SecurityFlavours.write(
        isAbove ? SecurityFlavours.ofPseudoRoot(compound) : compound.terms().security(), out);
    compound.clearCurrent();
    return Nfs4Status.OK;
  }
}
