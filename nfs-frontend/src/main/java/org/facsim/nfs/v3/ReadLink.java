/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;
import org.facsim.protocol.nfs3.ReadLink3;

/** READLINK. */
final class ReadLink implements Procedure3<ObjectArgs3> {
  @Override
  public ObjectArgs3 decode(ByteBuf in) {
    return ObjectArgs3.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ObjectArgs3 args) {
    Inode link = call.object(args.handle());
    byte[] target = link.volume().names().readLink(call.caller(), link);
    return new ReadLink3.Ok(call.attributes(link), Name3.ofBytes(target));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.failed(status);
  }
}
