/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** RESTOREFH. */
final class RestoreFh implements Operation4 {
  @Override
  public int number() {
    return Op4.RESTOREFH;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    compound.restore();
    return Nfs4Status.OK;
  }
}
