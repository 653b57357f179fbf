/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** PUTROOTFH and PUTPUBFH: both lead to the directory above all exports. */
record PutRootFh(int number) implements Operation4 {
  static final PutRootFh ROOT = new PutRootFh(Op4.PUTROOTFH);
  static final PutRootFh PUBLIC = new PutRootFh(Op4.PUTPUBFH);

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    compound.setPseudoRoot();
    return Nfs4Status.OK;
  }
}
