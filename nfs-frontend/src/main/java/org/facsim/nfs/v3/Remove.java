/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** REMOVE. */
final class Remove implements Procedure3<DirOpArgs3> {
  @Override
  public DirOpArgs3 decode(ByteBuf in) {
    return DirOpArgs3.decode(in);
  }

  @Override
  public Name3 nameIn(DirOpArgs3 args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, DirOpArgs3 args) {
    Inode directory = call.objectToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    call.aboutToChange(directory, name);
    Mutation mutation = directory.volume().names().remove(call.caller(), directory, name);
    return call.changed(mutation);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notChanged(status);
  }
}
