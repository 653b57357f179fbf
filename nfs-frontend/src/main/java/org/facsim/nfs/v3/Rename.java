/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Rename3;

/** RENAME. */
final class Rename implements Procedure3<Rename3.Args> {
  @Override
  public Rename3.Args decode(ByteBuf in) {
    return Rename3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(Rename3.Args args) {
    return args.fromName();
  }

  @Override
  public Name3 otherNameIn(Rename3.Args args) {
    return args.toName();
  }

  @Override
  public boolean namesTwoObjects() {
    return true;
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Rename3.Args args) {
    Inode fromDirectory = call.objectToChange(args.fromDirectory());
    Inode toDirectory = call.otherToChange(args.toDirectory());
    Name fromName = Name.ofBytes(args.fromName().bytes());
    Name toName = Name.ofBytes(args.toName().bytes());
    call.aboutToChange(fromDirectory, fromName);
    call.aboutToChange(toDirectory, toName);
    Volume.Renamed renamed;
    try {
      renamed =
          fromDirectory
              .volume()
              .names()
              .rename(call.caller(), fromDirectory, fromName, toDirectory, toName);
    } catch (ArrayException e) {
      // RFC 1813 section 3.3.14: a target that is a directory with entries exists
      throw e.error() == ArrayError.NOT_EMPTY
          ? new ArrayException(ArrayError.EXISTS, e.getMessage())
          : e;
    }
    call.dependsOn(renamed.from());
    call.dependsOn(renamed.to());
    return new Rename3.Ok(call.wcc(renamed.from()), call.wcc(renamed.to()));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Rename3.Fail(status, call.objectWcc(), call.otherWcc());
  }
}
