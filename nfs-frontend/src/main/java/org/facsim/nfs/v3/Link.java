/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** LINK. */
final class Link implements Procedure3<Link3.Args> {
  @Override
  public Link3.Args decode(ByteBuf in) {
    return Link3.Args.decode(in);
  }

  @Override
  public Name3 otherNameIn(Link3.Args args) {
    return args.name();
  }

  @Override
  public boolean namesTwoObjects() {
    return true;
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Link3.Args args) {
    Inode file = call.objectToChange(args.handle());
    Inode directory = call.otherToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    Volume.Linked linked = file.volume().names().link(call.caller(), file, directory, name);
    call.dependsOn(linked.directory());
    return new Link3.Ok(call.attributes(linked.file()), call.wcc(linked.directory()));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Link3.Fail(status, call.objectAttributes(), call.otherWcc());
  }
}
