/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** GETATTR. */
final class GetAttr implements Procedure3<Nfs3Handle> {
  /**
   * The handle is the only argument, so that the most frequent call makes no object for its
   * arguments.
   */
  @Override
  public Nfs3Handle decode(ByteBuf in) {
    return GetAttr3.Args.decode(in).handle();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Nfs3Handle handle) {
    return new GetAttr3.Ok(call.attributes(call.objectToLookAt(handle)));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new GetAttr3.Fail(status);
  }
}
