/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.SetAttr3;

/** SETATTR, with the guard. */
final class SetAttr implements Procedure3<SetAttr3.Args> {
  @Override
  public SetAttr3.Args decode(ByteBuf in) {
    return SetAttr3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, SetAttr3.Args args) {
    Inode inode = call.objectToChange(args.handle());
    Mutation mutation =
        inode
            .volume()
            .attributes()
            .setAttributes(
                call.caller(),
                inode,
                Attributes3.changes(args.attributes()),
                args.expectedChangeTimeNanos());
    return call.changed(mutation);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notChanged(status);
  }
}
