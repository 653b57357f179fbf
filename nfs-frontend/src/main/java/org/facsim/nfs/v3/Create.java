/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** CREATE: unchecked, guarded or exclusive. */
final class Create implements Procedure3<Create3.Args> {
  private static final Volume.CreateMode UNCHECKED = new Volume.CreateMode.Unchecked();
  private static final Volume.CreateMode GUARDED = new Volume.CreateMode.Guarded();

  @Override
  public Create3.Args decode(ByteBuf in) {
    return Create3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(Create3.Args args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Create3.Args args) {
    Inode directory = call.objectToChange(args.directory());
    Name name = Name.ofBytes(args.name().bytes());
    if (args.how() instanceof Create3.Unchecked) {
      call.aboutToChange(directory, name);
    }
    Volume.Created made =
        directory
            .volume()
            .names()
            .create(call.caller(), directory, name, modeOf(args.how()), attributesOf(args.how()));
    return call.made(made);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notMade(status);
  }

  private static Volume.CreateMode modeOf(Create3.How how) {
    if (how instanceof Create3.Exclusive exclusive) {
      return new Volume.CreateMode.Exclusive(exclusive.verifier());
    }
    return how instanceof Create3.Guarded ? GUARDED : UNCHECKED;
  }

  private static AttributeChanges attributesOf(Create3.How how) {
    if (how instanceof Create3.Guarded guarded) {
      return Attributes3.changes(guarded.attributes());
    }
    if (how instanceof Create3.Unchecked unchecked) {
      return Attributes3.changes(unchecked.attributes());
    }
    return AttributeChanges.NONE;
  }
}
