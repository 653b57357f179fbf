/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.xdr.Xdr;

/** The result of DUMP, RFC 1813 section 5.2.2: {@code mountlist}. */
public record MountDump(List<Line> lines) {
  public MountDump {
    lines = List.copyOf(lines);
  }

  /**
   * One client's mount.
   *
   * @param hostName as the server knows the client, at most {@link Mount#MAX_NAME_BYTES} bytes
   * @param path what it mounted, at most {@link Mount#MAX_PATH_BYTES} bytes
   */
  public record Line(String hostName, String path) {}

  /**
   * Reads the list. Its length is bounded by the buffer, because each line takes at least 12 bytes.
   */
  public static MountDump decode(ByteBuf in) {
    List<Line> lines = new ArrayList<>();
    while (Xdr.readBoolean(in)) {
      lines.add(
          new Line(
              Xdr.readString(in, Mount.MAX_NAME_BYTES), Xdr.readString(in, Mount.MAX_PATH_BYTES)));
    }
    return new MountDump(lines);
  }

  public void encode(ByteBuf out) {
    for (Line line : lines) {
      Xdr.writeBoolean(out, true);
      Xdr.writeString(out, line.hostName());
      Xdr.writeString(out, line.path());
    }
    Xdr.writeBoolean(out, false);
  }
}
