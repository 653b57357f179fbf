/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.MkNod3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** MKNOD. Types that other procedures make are answered BADTYPE. */
final class MkNod implements Procedure3<MkNod3.Args> {
  @Override
  public MkNod3.Args decode(ByteBuf in) {
    return MkNod3.Args.decode(in);
  }

  @Override
  public Name3 nameIn(MkNod3.Args args) {
    return args.name();
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, MkNod3.Args args) {
    Inode directory = call.objectToChange(args.directory());
    FileType type = typeOf(args.what().type());
    if (type == null) {
      return failure(call, Nfs3Status.BADTYPE);
    }
    Volume.Created made =
        directory
            .volume()
            .names()
            .makeSpecial(
                call.caller(),
                directory,
                Name.ofBytes(args.name().bytes()),
                type,
                (int) args.what().deviceMajor(),
                (int) args.what().deviceMinor(),
                Attributes3.changes(args.what().attributes()));
    return call.made(made);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.notMade(status);
  }

  private static FileType typeOf(FileType3 type) {
    return switch (type) {
      case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
      case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
      case SOCKET -> FileType.SOCKET;
      case FIFO -> FileType.FIFO;
      case REGULAR, DIRECTORY, SYMBOLIC_LINK -> null;
    };
  }
}
