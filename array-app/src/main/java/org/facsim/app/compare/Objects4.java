/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.xdr.Xdr;

/** Reads results of NFSv4 into {@link Facts}. */
final class Objects4 {
  private static final int MAX_ATTRIBUTES_BYTES = 1 << 20;
  private static final long NANOS = 1_000_000_000;
  private static final int MODE_BITS = 07777;
  private static final String[] TYPES = {
    "0", "REGULAR", "DIRECTORY", "BLOCK", "CHARACTER", "LINK", "SOCKET", "FIFO"
  };

  /** What is asked for behind every call. */
  static final Bitmap4 ASKED =
      Bitmap4.of(
          Attr4.TYPE,
          Attr4.CHANGE,
          Attr4.SIZE,
          Attr4.FSID,
          Attr4.FILEID,
          Attr4.MODE,
          Attr4.NUMLINKS,
          Attr4.OWNER,
          Attr4.OWNER_GROUP,
          Attr4.RAWDEV,
          Attr4.TIME_ACCESS,
          Attr4.TIME_METADATA,
          Attr4.TIME_MODIFY);

  static final Bitmap4 ASKED_OF_ENTRIES = Bitmap4.of(Attr4.TYPE, Attr4.SIZE, Attr4.FILEID);

  private final Normal normal;

  Objects4(Normal normal) {
    this.normal = normal;
  }

  /** Reads what GETFH brought. */
  byte[] handle(ByteBuf in) {
    return normal.handle(Xdr.readOpaque(in, Nfs4.MAX_HANDLE_BYTES));
  }

  void attributes(ByteBuf in, Facts facts) {
    attributes("", in, facts);
  }

  void attributes(String prefix, ByteBuf in, Facts facts) {
    Bitmap4 given = new Bitmap4().read(in);
    ByteBuf values = Unpooled.wrappedBuffer(Xdr.readOpaque(in, MAX_ATTRIBUTES_BYTES));
    long[] change = {0};
    for (int each = given.next(0); each >= 0; each = given.next(each + 1)) {
      value(prefix, each, values, facts, change);
    }
    if (values.isReadable()) {
      facts.put(prefix + "reply", "attributes too long");
    }
    if (given.has(Attr4.CHANGE)) {
      String object = facts.all().getOrDefault(prefix + "fileid", "?");
      facts.put(prefix + "change", normal.change(object, change[0]));
    }
  }

  private void value(String prefix, int attribute, ByteBuf in, Facts facts, long[] change) {
    boolean isFolder = "DIRECTORY".equals(facts.all().get(prefix + "type"));
    switch (attribute) {
      case Attr4.TYPE -> {
        int type = in.readInt();
        facts.put(prefix + "type", type < TYPES.length ? TYPES[type] : type);
      }
      case Attr4.CHANGE -> change[0] = in.readLong();
      case Attr4.SIZE -> {
        long size = in.readLong();
        if (!isFolder) {
          facts.put(prefix + "size", size);
        }
      }
      case Attr4.FSID ->
          facts.put(prefix + "fsid", normal.fileSystem(in.readLong() + ":" + in.readLong()));
      case Attr4.FILEID -> facts.put(prefix + "fileid", normal.fileId(in.readLong()));
      case Attr4.MODE -> facts.put(prefix + "mode", "0%o".formatted(in.readInt() & MODE_BITS));
      case Attr4.NUMLINKS -> facts.put(prefix + "links", in.readInt());
      case Attr4.OWNER -> facts.put(prefix + "owner", Xdr.readString(in, 1024));
      case Attr4.OWNER_GROUP -> facts.put(prefix + "group", Xdr.readString(in, 1024));
      case Attr4.RAWDEV -> device(prefix, in.readInt(), in.readInt(), facts);
      case Attr4.TIME_ACCESS -> {
        String time = time(in);
        if (!isFolder) {
          facts.put(prefix + "atime", time);
        }
      }
      case Attr4.TIME_METADATA -> facts.put(prefix + "ctime", time(in));
      case Attr4.TIME_MODIFY -> facts.put(prefix + "mtime", time(in));
      case Attr4.ACL -> facts.put(prefix + "acl", Rights4.of(in));
      default -> throw new IllegalArgumentException("attribute " + attribute + " not asked for");
    }
  }

  private static void device(String prefix, int major, int minor, Facts facts) {
    String type = facts.all().getOrDefault(prefix + "type", "");
    if (type.equals("BLOCK") || type.equals("CHARACTER")) {
      facts.put(prefix + "device", major + ":" + minor);
    }
  }

  private static String time(ByteBuf in) {
    long seconds = in.readLong();
    return Normal.time(seconds * NANOS + in.readInt());
  }

  /** Reads {@code change_info4}. */
  static void changed(String prefix, ByteBuf in, Facts facts) {
    facts.put(prefix + "atomic", Xdr.readBoolean(in));
    long before = in.readLong();
    facts.put(prefix + "changed", before != in.readLong());
  }

  /**
   * Reads the entries of one READDIR.
   *
   * @return the last cookie; -1 if this is the end, -2 if it is empty and not the end
   */
  long page(ByteBuf in, Map<String, String> entries) {
    long cookie = 0;
    int count = 0;
    while (Xdr.readBoolean(in)) {
      cookie = in.readLong();
      String name = Xdr.readString(in, 4096);
      Facts facts = new Facts();
      attributes(in, facts);
      count++;
      String twice = entries.put(name, facts.all().toString());
      if (twice != null) {
        entries.put(name, "listed twice");
      }
    }
    return Xdr.readBoolean(in) ? -1 : count == 0 ? -2 : cookie;
  }

  /** Reads the denial of LOCK and LOCKT. */
  static void holder(ByteBuf in, Facts facts) {
    facts.put("holder.offset", in.readLong());
    facts.put("holder.length", in.readLong());
    facts.put("holder", (in.readInt() & 1) == 0 ? "writes" : "reads");
    in.readLong();
    String owner = Xdr.readString(in, Nfs4.MAX_OPAQUE_BYTES);
    facts.put("holder.owner", owner);
  }
}
