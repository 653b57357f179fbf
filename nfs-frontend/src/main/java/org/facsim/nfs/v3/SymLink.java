/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.SymLink3;

/** SYMLINK. */
final class SymLink implements Procedure3<SymLink3.Args> {
  @Override
  public SymLink3.Args decode(ByteBuf in) {
    return SymLink3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(SymLink3.Args args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, SymLink3.Args args) {
    Inode directory = call.objectToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    Volume.Created made =
        directory
            .volume()
            .names()
            .makeSymbolicLink(
                call.caller(),
                directory,
                name,
                args.target().bytes(),
                Attributes3.changes(args.attributes()));
    return call.made(made);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notMade(status);
  }
}
