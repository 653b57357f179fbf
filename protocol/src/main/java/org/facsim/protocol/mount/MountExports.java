/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.xdr.Xdr;

/** The result of EXPORT, RFC 1813 section 5.2.5: {@code exports}. */
public record MountExports(List<Line> lines) {
  public MountExports {
    lines = List.copyOf(lines);
  }

  /**
   * One export.
   *
   * @param path at most {@link Mount#MAX_PATH_BYTES} bytes
   * @param groups who may mount it, each at most {@link Mount#MAX_NAME_BYTES} bytes; empty for
   *     everyone
   */
  public record Line(String path, List<String> groups) {
    public Line {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Reads the list. Its length is bounded by the buffer, because each line and each group takes at
   * least 8 bytes.
   */
  public static MountExports decode(ByteBuf in) {
    List<Line> lines = new ArrayList<>();
    while (Xdr.readBoolean(in)) {
      String path = Xdr.readString(in, Mount.MAX_PATH_BYTES);
      List<String> groups = new ArrayList<>();
      while (Xdr.readBoolean(in)) {
        groups.add(Xdr.readString(in, Mount.MAX_NAME_BYTES));
      }
      lines.add(new Line(path, groups));
    }
    return new MountExports(lines);
  }

  public void encode(ByteBuf out) {
    for (Line line : lines) {
      Xdr.writeBoolean(out, true);
      Xdr.writeString(out, line.path());
      for (String group : line.groups()) {
        Xdr.writeBoolean(out, true);
        Xdr.writeString(out, group);
      }
      Xdr.writeBoolean(out, false);
    }
    Xdr.writeBoolean(out, false);
  }
}
