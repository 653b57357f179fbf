/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.WccAttr;

/** COMMIT: answers when everything written so far is durable, whatever the requested range. */
final class Commit implements Procedure3<Commit3.Args> {
  @Override
  public Commit3.Args decode(ByteBuf in) {
    return Commit3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Commit3.Args args) {
    Inode file = call.object(args.handle());
    FileAttributes attributes = file.attributes();
    if (attributes.type() != FileType.REGULAR) {
      return failure(call, Nfs3Status.INVAL);
    }
    call.dependsOn(file.volume().transactionGroup());
    WccAttr before =
        new WccAttr(
            attributes.sizeBytes(), attributes.modifyTimeNanos(), attributes.changeTimeNanos());
    return new Commit3.Ok(call.wcc(before, attributes), call.writeVerifier());
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Commit3.Fail(status, call.objectWcc());
  }
}
