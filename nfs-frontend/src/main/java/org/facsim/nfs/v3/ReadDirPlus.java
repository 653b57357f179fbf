/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ReadDirPlus3;

/**
 * READDIRPLUS. Without its status, the reply never exceeds the larger count. File ids, names and
 * cookies never exceed the smaller count, except that the first entry does not count against it: a
 * client whose smaller count is too small still makes progress.
 */
final class ReadDirPlus implements Procedure3<ReadDirPlus3.Args> {
  @Override
  public ReadDirPlus3.Args decode(ByteBuf in) {
    return ReadDirPlus3.Args.decode(in);
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, ReadDirPlus3.Args args) {
    Inode directory = call.object(args.directory());
    Page page = new Page(call, args.directoryCountBytes(), args.maxCountBytes());
    if (!page.fill(call, directory, args.cookie())) {
      return failure(call, Nfs3Status.TOOSMALL);
    }
    return new ReadDirPlus3.Ok(
        call.attributes(directory), Page.COOKIE_VERIFIER, page.entries(), page.isEnd());
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return call.failed(status);
  }

  private static final class Page extends ListingPage<ReadDirPlus3.Entry> {
    private final Nfs3Call call;
    private long leftDirectoryBytes;

    Page(Nfs3Call call, long directoryCountBytes, long maxCountBytes) {
      super(maxCountBytes);
      this.call = call;
      leftDirectoryBytes = directoryCountBytes;
    }

    @Override
    public boolean offer(Name3 name, Inode inode, long cookie) {
      int directoryBytes = ReadDirPlus3.Entry.directoryBytes(name.lengthBytes());
      boolean isTooMuch = directoryBytes > leftDirectoryBytes && !entries().isEmpty();
      if (isTooMuch || !super.offer(name, inode, cookie)) {
        return false;
      }
      leftDirectoryBytes -= directoryBytes;
      return true;
    }

    @Override
    int encodedBytes(int nameBytes) {
      return ReadDirPlus3.Entry.encodedBytes(nameBytes, FileHandle.SIZE_BYTES);
    }

    @Override
    ReadDirPlus3.Entry entry(Name3 name, Inode inode, long cookie) {
      return new ReadDirPlus3.Entry(
          call.fileId(inode), name, cookie, call.attributes(inode), Handles3.of(inode));
    }
  }
}
