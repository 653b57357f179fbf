/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.RmDir3;

/** RMDIR. */
final class RmDir implements Procedure3<RmDir3.Args> {
  @Override
  public RmDir3.Args decode(ByteBuf in) {
    return RmDir3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, RmDir3.Args args) {

    Inode directory = call.objectToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    Mutation mutation = directory.volume().removeDirectory(call.caller(), directory, name);
    call.dependsOn(mutation.commitGroup());
    return new RmDir3.Ok(Attributes3.wcc(mutation));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new RmDir3.Fail(status, call.objectWcc());
  }
}
