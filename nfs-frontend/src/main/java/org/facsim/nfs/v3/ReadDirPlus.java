/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ReadDirPlus3;

/**
 * READDIRPLUS. The reply, its status left out, never exceeds the larger count, nor file ids, names
 * and cookies the smaller one.
 */
final class ReadDirPlus implements Procedure3<ReadDirPlus3.Args> {
  /** What a successful reply has besides its entries, without the status. */
  private static final int FRAME_BYTES = Fattr3.POST_OP_SIZE_BYTES + 8 + 4 + 4;

  @Override
  public ReadDirPlus3.Args decode(ByteBuf in) {
    return ReadDirPlus3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ReadDirPlus3.Args args) {

    Inode directory = call.object(args.directory());
    long maxBytes = Math.min(args.maxCountBytes(), FsInfo.MAX_LISTING_BYTES);
    Page page = new Page(args.directoryCountBytes(), maxBytes - FRAME_BYTES);
    boolean end = DirectoryWalk.fill(call.caller(), directory, args.cookie(), page);
    if (page.leftBytes < 0 || (page.entries.isEmpty() && !end)) {
      return failure(call, Nfs3Status.TOOSMALL);
    }
    return new ReadDirPlus3.Ok(
        Attributes3.of(directory), FsInfo.COOKIE_VERIFIER, page.entries, end);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new ReadDirPlus3.Fail(status, call.objectAttributes());
  }

  private static final class Page implements DirectoryWalk.Page {
    private final List<ReadDirPlus3.Entry> entries = new ArrayList<>();
    private long leftDirectoryBytes;
    private long leftBytes;

    Page(long leftDirectoryBytes, long leftBytes) {
      this.leftDirectoryBytes = leftDirectoryBytes;
      this.leftBytes = leftBytes;
    }

    @Override
    public boolean offer(Name3 name, Inode inode, long cookie) {
      int directoryBytes = ReadDirPlus3.Entry.directoryBytes(name.lengthBytes());
      int entryBytes = ReadDirPlus3.Entry.encodedBytes(name.lengthBytes(), FileHandle.SIZE_BYTES);
      if (directoryBytes > leftDirectoryBytes || entryBytes > leftBytes) {
        return false;
      }
      leftDirectoryBytes -= directoryBytes;
      leftBytes -= entryBytes;
      return entries.add(
          new ReadDirPlus3.Entry(
              inode.fileId(), name, cookie, Attributes3.of(inode), Handles3.of(inode)));
    }
  }
}
