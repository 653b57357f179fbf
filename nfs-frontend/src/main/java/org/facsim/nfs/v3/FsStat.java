/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.VolumeSpace;
import org.facsim.protocol.nfs3.FsStat3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;

/**
 * FSSTAT: the volume's ledger, as {@code df} shows it. Less is available than free if memory is
 * used up before the volume is.
 */
final class FsStat implements Procedure3<ObjectArgs3> {
  @Override
  public ObjectArgs3 decode(ByteBuf in) {
    return ObjectArgs3.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ObjectArgs3 args) {
    Inode inode = call.object(args.handle());
    VolumeSpace space = inode.volume().space().ofVolume();
    // space that is being reclaimed is free: a write that needs it takes it
    long pendingBytes = space.reclaimPendingBytes();
    long freeBytes = Math.max(0, space.sizeBytes() - space.physicalUsedBytes() + pendingBytes);
    long availableBytes = inode.volume().space().availableBytes() + pendingBytes;
    long freeFiles =
        inode.volume().space().freeInodes(); // fewer than the count allows, if memory is the limit
    return new FsStat3.Ok(
        call.attributes(inode),
        space.sizeBytes(),
        freeBytes,
        Math.max(0, Math.min(availableBytes, freeBytes)),
        space.inodes() + freeFiles,
        freeFiles,
        freeFiles,
        0);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.failed(status);
  }
}
