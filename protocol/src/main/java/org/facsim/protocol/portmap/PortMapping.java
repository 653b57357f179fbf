/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * Where one version of a program is served, RFC 1833 section 3.1: {@code struct mapping}.
 *
 * @param program unsigned 32 bits
 * @param version unsigned 32 bits
 * @param protocol {@link #TCP}, {@link #UDP} or another protocol number of IP
 * @param port 0 to 65535; any value in a question, where it is ignored
 */
public record PortMapping(int program, int version, int protocol, int port) {
  public static final int TCP = 6;
  public static final int UDP = 17;

  /** The longest list that a client accepts. */
  static final int MAX_LISTED = 1024;

  /**
   * Every version of every program, served on one port.
   *
   * @param protocol {@link #TCP} or {@link #UDP}
   */
  public static List<PortMapping> of(List<RpcProgram> programs, int protocol, int port) {
    List<PortMapping> mappings = new ArrayList<>();
    for (RpcProgram program : programs) {
      for (int version = program.lowestVersion(); version <= program.highestVersion(); version++) {
        mappings.add(new PortMapping(program.number(), version, protocol, port));
      }
    }
    return mappings;
  }

  public static PortMapping read(ByteBuf in) {
    return new PortMapping(Xdr.readInt(in), Xdr.readInt(in), Xdr.readInt(in), Xdr.readInt(in));
  }

  public void write(ByteBuf out) {
    out.writeInt(program).writeInt(version).writeInt(protocol).writeInt(port);
  }

  /** The results of DUMP: a TRUE before each mapping, and a FALSE at the end. */
  public static List<PortMapping> readList(ByteBuf in) {
    List<PortMapping> mappings = new ArrayList<>();
    while (Xdr.readBoolean(in)) {
      if (mappings.size() == MAX_LISTED) {
        throw new XdrException("more than " + MAX_LISTED + " mappings");
      }
      mappings.add(read(in));
    }
    return mappings;
  }

  /** See {@link #readList}. */
  public static void writeList(ByteBuf out, List<PortMapping> mappings) {
    for (PortMapping mapping : mappings) {
      Xdr.writeBoolean(out, true);
      mapping.write(out);
    }
    Xdr.writeBoolean(out, false);
  }
}
