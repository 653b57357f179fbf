/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ReadDir3;

/** READDIR. The reply, its status left out, never exceeds the count that was asked for. */
final class ReadDir implements Procedure3<ReadDir3.Args> {
  /** What a successful reply has besides its entries, without the status. */
  private static final int FRAME_BYTES = Fattr3.POST_OP_SIZE_BYTES + 8 + 4 + 4;

  @Override
  public ReadDir3.Args decode(ByteBuf in) {
    return ReadDir3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ReadDir3.Args args) {

    Inode directory = call.object(args.directory());
    long countBytes = Math.min(args.countBytes(), FsInfo.MAX_LISTING_BYTES);
    Page page = new Page(countBytes - FRAME_BYTES);
    boolean end = DirectoryWalk.fill(call.caller(), directory, args.cookie(), page);
    if (page.leftBytes < 0 || (page.entries.isEmpty() && !end)) {
      return failure(call, Nfs3Status.TOOSMALL);
    }
    return new ReadDir3.Ok(Attributes3.of(directory), FsInfo.COOKIE_VERIFIER, page.entries, end);
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new ReadDir3.Fail(status, call.objectAttributes());
  }

  private static final class Page implements DirectoryWalk.Page {
    private final List<ReadDir3.Entry> entries = new ArrayList<>();
    private long leftBytes;

    Page(long leftBytes) {
      this.leftBytes = leftBytes;
    }

    @Override
    public boolean offer(Name3 name, Inode inode, long cookie) {
      int entryBytes = ReadDir3.Entry.encodedBytes(name.lengthBytes());
      if (entryBytes > leftBytes) {
        return false;
      }
      leftBytes -= entryBytes;
      return entries.add(new ReadDir3.Entry(inode.fileId(), name, cookie));
    }
  }
}
