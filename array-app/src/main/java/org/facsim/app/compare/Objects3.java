/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.xdr.Xdr;

/** Reads results of NFSv3 into {@link Facts}. */
final class Objects3 {
  private static final int MODE_BITS = 07777;
  private static final int WCC_BEFORE_BYTES = 24;

  private final Normal normal;

  Objects3(Normal normal) {
    this.normal = normal;
  }

  static boolean status(ByteBuf in, Facts facts) {
    Nfs3Status status = Nfs3Status.decode(in);
    facts.status(status.name());
    return status == Nfs3Status.OK;
  }

  void attributes(String prefix, ByteBuf in, Facts facts) {
    Fattr3 found = Fattr3.decode(in);
    boolean isFolder = found.type() == FileType3.DIRECTORY;
    facts.put(prefix + "type", found.type());
    facts.put(prefix + "mode", "0%o".formatted(found.mode() & MODE_BITS));
    facts.put(prefix + "links", found.linkCount());
    facts.put(prefix + "owner", found.uid());
    facts.put(prefix + "group", found.gid());
    if (!isFolder) {
      facts.put(prefix + "size", found.sizeBytes());
    }
    if (found.type() == FileType3.BLOCK_DEVICE || found.type() == FileType3.CHARACTER_DEVICE) {
      facts.put(prefix + "device", found.deviceMajor() + ":" + found.deviceMinor());
    }
    facts.put(prefix + "fsid", normal.fileSystem(Long.toHexString(found.fileSystemId())));
    facts.put(prefix + "fileid", normal.fileId(found.fileId()));
    facts.put(prefix + "mtime", Normal.time(found.modifyTimeNanos()));
    if (!isFolder) {
      facts.put(prefix + "atime", Normal.time(found.accessTimeNanos()));
    }
    facts.put(prefix + "ctime", Normal.time(found.changeTimeNanos()));
  }

  void postOp(String prefix, ByteBuf in, Facts facts) {
    if (Xdr.readBoolean(in)) {
      attributes(prefix, in, facts);
    } else {
      facts.put(prefix + "attributes", "none");
    }
  }

  /** Reads {@code wcc_data}. */
  void wcc(String prefix, ByteBuf in, Facts facts) {
    String before = "none";
    if (Xdr.readBoolean(in)) {
      before = "size " + Xdr.readLong(in);
      in.skipBytes(WCC_BEFORE_BYTES - Long.BYTES);
    }
    postOp(prefix, in, facts);
    // each server has its own sizes of folders
    boolean isFolder = "DIRECTORY".equals(facts.all().get(prefix + "type"));
    facts.put(prefix + "before", isFolder && !before.equals("none") ? "given" : before);
  }

  /** Reads {@code post_op_fh3}; null if there is none. */
  byte[] handle(ByteBuf in, Facts facts) {
    boolean isGiven = Xdr.readBoolean(in);
    facts.put("handle", isGiven ? "given" : "none");
    return isGiven ? normal.handle(Nfs3Handle.decode(in).toBytes()) : null;
  }

  /**
   * Reads one page of entries.
   *
   * @param entries gets what is comparable of each, by name
   * @return the last cookie; -1 if this is the end
   */
  long page(ByteBuf in, boolean isPlus, Map<String, String> entries) {
    long cookie = 0;
    int count = 0;
    while (Xdr.readBoolean(in)) {
      long fileId = Xdr.readLong(in);
      String name = Xdr.readString(in, 4096);
      cookie = Xdr.readLong(in);
      count++;
      StringBuilder entry = new StringBuilder(normal.fileId(fileId));
      if (name.equals("..")) {
        entry.setLength(0);
      }
      if (isPlus) {
        Facts facts = new Facts();
        if (Xdr.readBoolean(in)) {
          attributes("", in, facts);
        }
        if (Xdr.readBoolean(in)) {
          Nfs3Handle.decode(in);
        }
        String type = facts.all().get("type");
        if (!name.startsWith(".") && type != null) {
          entry.append(' ').append(type).append(' ').append(facts.all().get("size"));
        }
      }
      String twice = entries.put(name, entry.toString());
      if (twice != null) {
        entries.put(name, "listed twice");
      }
    }
    boolean isEnd = Xdr.readBoolean(in);
    return isEnd ? -1 : count == 0 ? -2 : cookie;
  }
}
