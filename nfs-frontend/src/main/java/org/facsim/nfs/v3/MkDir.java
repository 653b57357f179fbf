/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** MKDIR. */
final class MkDir implements Procedure3<MkDir3.Args> {
  @Override
  public MkDir3.Args decode(ByteBuf in) {
    return MkDir3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(MkDir3.Args args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, MkDir3.Args args) {
    Inode directory = call.objectToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    Volume.Created made =
        directory
            .volume()
            .names()
            .makeDirectory(call.caller(), directory, name, Attributes3.changes(args.attributes()));
    return call.made(made);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notMade(status);
  }
}
