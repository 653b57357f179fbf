/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.PathConf3;

/** PATHCONF: the same for every object. */
final class PathConf implements Procedure3<PathConf3.Args> {
  @Override
  public PathConf3.Args decode(ByteBuf in) {
    return PathConf3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, PathConf3.Args args) {

    Inode inode = call.object(args.handle());
    return new PathConf3.Ok(
        Attributes3.of(inode), Volume.MAX_LINKS, Name.MAX_BYTES, true, true, false, true);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new PathConf3.Fail(status, call.objectAttributes());
  }
}
