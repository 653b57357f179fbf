/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;
import org.facsim.protocol.nfs3.PathConf3;

/** PATHCONF: the same for every object. */
final class PathConf implements Procedure3<ObjectArgs3> {
  @Override
  public ObjectArgs3 decode(ByteBuf in) {
    return ObjectArgs3.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ObjectArgs3 args) {
    Inode inode = call.object(args.handle());
    return new PathConf3.Ok(
        call.attributes(inode), Volume.MAX_LINKS, Name.MAX_BYTES, true, true, false, true);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.failed(status);
  }
}
