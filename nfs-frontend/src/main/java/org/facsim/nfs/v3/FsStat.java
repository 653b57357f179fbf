/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.protocol.nfs3.FsStat3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/** FSSTAT: the volume's ledger as {@code df} shows it. */
final class FsStat implements Procedure3<FsStat3.Args> {
  @Override
  public FsStat3.Args decode(ByteBuf in) {
    return FsStat3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, FsStat3.Args args) {

    Inode inode = call.object(args.handle());
    VolumeSpace space = inode.volume().space();
    long freeFiles = Math.max(0, Volume.MAX_INODES - space.inodes());
    return new FsStat3.Ok(
        Attributes3.of(inode),
        space.sizeBytes(),
        Math.max(0, space.sizeBytes() - space.physicalUsedBytes()),
        Math.max(0, space.freeBytes()),
        Volume.MAX_INODES,
        freeFiles,
        freeFiles,
        0);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new FsStat3.Fail(status, call.objectAttributes());
  }
}
