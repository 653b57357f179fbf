/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.FsInfo3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** FSINFO: the limits that are enforced. */
final class FsInfo implements Procedure3<FsInfo3.Args> {
  /** The most bytes of a READDIR or READDIRPLUS reply, whatever was asked for. */
  static final int MAX_LISTING_BYTES = 256 << 10;

  /** Cookies never expire, so there is nothing to verify. */
  static final long COOKIE_VERIFIER = 0;

  private static final int PREFERRED_LISTING_BYTES = 64 << 10;
  private static final long TIME_DELTA_NANOS = 1;
  private static final int PROPERTIES =
      Nfs3.PROPERTY_LINK
          | Nfs3.PROPERTY_SYMLINK
          | Nfs3.PROPERTY_HOMOGENEOUS
          | Nfs3.PROPERTY_CAN_SET_TIME;

  @Override
  public FsInfo3.Args decode(ByteBuf in) {
    return FsInfo3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, FsInfo3.Args args) {

    Inode inode = call.object(args.handle());
    return new FsInfo3.Ok(
        Attributes3.of(inode),
        Nfs3.MAX_TRANSFER_BYTES,
        Nfs3.MAX_TRANSFER_BYTES,
        Volume.BLOCK_BYTES,
        Nfs3.MAX_TRANSFER_BYTES,
        Nfs3.MAX_TRANSFER_BYTES,
        Volume.BLOCK_BYTES,
        PREFERRED_LISTING_BYTES,
        Volume.MAX_FILE_BYTES,
        TIME_DELTA_NANOS,
        PROPERTIES);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new FsInfo3.Fail(status, call.objectAttributes());
  }
}
