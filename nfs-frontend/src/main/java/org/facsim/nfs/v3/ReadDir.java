/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ReadDir3;

/** READDIR. Without its status, the reply never exceeds the requested count. */
final class ReadDir implements Procedure3<ReadDir3.Args> {
  @Override
  public ReadDir3.Args decode(ByteBuf in) {
    return ReadDir3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ReadDir3.Args args) {
    Inode directory = call.object(args.directory());
    Page page = new Page(call, args.countBytes());
    if (!page.fill(call, directory, args.cookie())) {
      return failure(call, Nfs3Status.TOOSMALL);
    }
    return new ReadDir3.Ok(
        call.attributes(directory), Page.COOKIE_VERIFIER, page.entries(), page.isEnd());
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.failed(status);
  }

  private static final class Page extends ListingPage<ReadDir3.Entry> {
    private final Nfs3Call call;

    Page(Nfs3Call call, long countBytes) {
      super(countBytes);
      this.call = call;
    }

    @Override
    int encodedBytes(int nameBytes) {
      return ReadDir3.Entry.encodedBytes(nameBytes);
    }

    @Override
    ReadDir3.Entry entry(Name3 name, Inode inode, long cookie) {
      return new ReadDir3.Entry(call.fileId(inode), name, cookie);
    }
  }
}
