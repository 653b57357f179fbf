/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Handles4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** PUTFH. */
final class PutFh implements Operation4 {
  @Override
  public int number() {
    return Op4.PUTFH;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Handles4.readIntoCurrent(compound, in);
    return Nfs4Status.OK;
  }
}
