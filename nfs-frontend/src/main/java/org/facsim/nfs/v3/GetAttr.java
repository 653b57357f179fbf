/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** GETATTR. */
final class GetAttr implements Procedure3<GetAttr3.Args> {
  @Override
  public GetAttr3.Args decode(ByteBuf in) {
    return GetAttr3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, GetAttr3.Args args) {

    return new GetAttr3.Ok(Attributes3.of(call.object(args.handle())));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new GetAttr3.Fail(status);
  }
}
