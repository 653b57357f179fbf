/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ReadLink3;

/** READLINK. */
final class ReadLink implements Procedure3<ReadLink3.Args> {
  @Override
  public ReadLink3.Args decode(ByteBuf in) {
    return ReadLink3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ReadLink3.Args args) {

    Inode link = call.object(args.handle());
    byte[] target = link.volume().readLink(call.caller(), link);
    return new ReadLink3.Ok(Attributes3.of(link), Name3.ofBytes(target));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new ReadLink3.Fail(status, call.objectAttributes());
  }
}
