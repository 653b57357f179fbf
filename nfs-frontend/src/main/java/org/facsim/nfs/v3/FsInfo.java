/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.FsInfo3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;

/** FSINFO: the limits that the server enforces. */
final class FsInfo implements Procedure3<ObjectArgs3> {
  private static final int PREFERRED_LISTING_BYTES = 64 << 10;
  private static final long TIME_DELTA_NANOS = 1;
  private static final int PROPERTIES =
      Nfs3.PROPERTY_LINK
          | Nfs3.PROPERTY_SYMLINK
          | Nfs3.PROPERTY_HOMOGENEOUS
          | Nfs3.PROPERTY_CAN_SET_TIME;

  @Override
  public ObjectArgs3 decode(ByteBuf in) {
    return ObjectArgs3.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ObjectArgs3 args) {
    Inode inode = call.object(args.handle());
    return new FsInfo3.Ok(
        call.attributes(inode),
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
    return call.failed(status);
  }
}
