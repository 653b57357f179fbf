/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.attributes.Subject;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.Export;

/**
 * READDIR. Entries are appended to the reply until one does not fit, which is then taken back.
 *
 * <p>Cookies are the array's, which stay valid whatever happens to other entries, so any verifier
 * is accepted. There is no entry for {@code .} and {@code ..}, and 1 and 2 are no cookies: RFC 8881
 * section 18.23.3. The bound on names alone is a hint that is not needed, because attributes are
 * found without a look at the disk.
 */
final class ReadDir implements Operation4 {
  /** How many entries are read at a time, before it is known whether they fit. */
  private static final int CHUNK_ENTRIES = 128;

  /** The most bytes of the results, whatever the client requests. */
  private static final int MAX_BYTES = 256 << 10;

  /** Behind the last entry: no further one, and whether it was the directory's last. */
  private static final int END_BYTES = 8;

  private final AttributeEncoder encoder;

  ReadDir(AttributeEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public int number() {
    return Op4.READDIR;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    long cookie = Xdr.readLong(in);
    Xdr.readLong(in); // the verifier
    Xdr.readInt(in); // the bound on names
    long maxBytes = Xdr.readUnsignedInt(in);
    Bitmap4 wanted = new Bitmap4().read(in);
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    AttributeTable.requireReadable(wanted);
    if (cookie < 0 || cookie == 1 || cookie == 2) {
      return Nfs4Status.BAD_COOKIE;
    }
    long limit = Math.min(Math.min(maxBytes, MAX_BYTES), compound.leftReplyBytes());
    Page page = new Page(compound, wanted, out, out.writerIndex() + limit - END_BYTES);
    out.writeLong(0);
    boolean isEnd = compound.isAtPseudoRoot() ? page.fillWithExports(cookie) : page.fill(cookie);
    if (page.isTooSmall(isEnd)) {
      return Nfs4Status.TOOSMALL;
    }
    out.writeInt(0);
    Xdr.writeBoolean(out, isEnd);
    return Nfs4Status.OK;
  }

  /** The entries of one reply. */
  private final class Page {
    private final Compound compound;
    private final Bitmap4 wanted;
    private final ByteBuf out;
    private final long endIndex;
    private final Subject subject = new Subject();
    private final Bitmap4 attributes = new Bitmap4();
    private int entries;

    Page(Compound compound, Bitmap4 wanted, ByteBuf out, long endIndex) {
      this.compound = compound;
      this.wanted = wanted;
      this.out = out;
      this.endIndex = endIndex;
    }

    boolean isTooSmall(boolean isEnd) {
      return out.writerIndex() > endIndex || (entries == 0 && !isEnd);
    }

    /** Returns whether the directory's last entry is among them. */
    boolean fill(long cookie) {
      Inode directory = compound.directory(Nfs4Status.SERVERFAULT);
      long last = cookie;
      while (true) {
        Volume.DirectoryPage chunk =
            directory
                .volume()
                .names()
                .readDirectory(compound.caller(), directory, last, CHUNK_ENTRIES);
        List<Volume.DirectoryEntry> found = chunk.entries();
        for (Volume.DirectoryEntry entry : found) {
          Inode inode = entry.inode();
          if (!offer(entry.cookie(), entry.name().bytes(), inode, inode.attributes())) {
            return false;
          }
        }
        if (chunk.endOfDirectory()) {
          return true;
        }
        last = found.get(found.size() - 1).cookie();
      }
    }

    /** The same of the pseudo-root; nothing there is for a client that may use no export. */
    boolean fillWithExports(long cookie) {
      List<Export> exports = VisibleExports.of(compound);
      if (exports.isEmpty()) {
        throw new org.facsim.nfs.v4.Nfs4Exception(Nfs4Status.ACCESS, "no export for this client");
      }
      for (Export export : exports) {
        long place = Volume.FIRST_COOKIE + export.volume().id();
        Inode root = export.volume().root();
        byte[] name = export.volume().name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (place > cookie && !offer(place, name, root, root.attributes())) {
          return false;
        }
      }
      return true;
    }

    private boolean offer(long cookie, byte[] name, Inode inode, FileAttributes found) {
      int start = out.writerIndex();
      out.writeInt(1);
      out.writeLong(cookie);
      Xdr.writeOpaque(out, name);
      int attributesStart = out.writerIndex();
      try {
        attributes.set(wanted);
        encoder.encode(compound, subject.of(inode, compound.seen(found)), attributes, out);
      } catch (ArrayException e) {
        out.writerIndex(attributesStart);
        EntryAttributes.writeError(compound, wanted, e, out);
      }
      if (out.writerIndex() > endIndex) {
        out.writerIndex(start);
        return false;
      }
      entries++;
      return true;
    }
  }
}
