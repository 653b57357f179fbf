/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** LOOKUP, including {@code .} and {@code ..}. */
final class Lookup implements Procedure3<Lookup3.Args> {
  @Override
  public Lookup3.Args decode(ByteBuf in) {
    return Lookup3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(Lookup3.Args args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Lookup3.Args args) {

    Inode directory = call.object(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    Inode found = directory.volume().names().lookup(call.caller(), directory, name);
    return new Lookup3.Ok(Handles3.of(found), call.attributes(found), call.attributes(directory));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Lookup3.Fail(status, call.objectAttributes());
  }
}
