/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Access3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** ACCESS: what mode bits and the export allow. */
final class Access implements Procedure3<Access3.Args> {
  private static final int CHANGES = Nfs3.ACCESS_MODIFY | Nfs3.ACCESS_EXTEND | Nfs3.ACCESS_DELETE;
  private static final int ALL =
      CHANGES | Nfs3.ACCESS_READ | Nfs3.ACCESS_LOOKUP | Nfs3.ACCESS_EXECUTE;

  @Override
  public Access3.Args decode(ByteBuf in) {
    return Access3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Access3.Args args) {
    Inode inode = call.object(args.handle());
    int granted = inode.volume().attributes().access(call.caller(), inode, args.wanted() & ALL);
    if (call.terms().readOnly()) {
      granted &= ~CHANGES;
    }
    return new Access3.Ok(call.attributes(inode), granted);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Access3.Fail(status, call.objectAttributes());
  }
}
