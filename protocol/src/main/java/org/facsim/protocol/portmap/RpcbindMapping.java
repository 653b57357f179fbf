/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * Where one version of a program is served, RFC 1833 section 2.1: {@code struct rpcb}.
 *
 * @param program unsigned 32 bits
 * @param version unsigned 32 bits
 * @param netid the transport, see {@link Netid}; may be empty in questions
 * @param address see {@link UniversalAddress}; may be empty in questions
 * @param owner who registered it; may be empty in questions
 */
public record RpcbindMapping(int program, int version, String netid, String address, String owner) {
  /** The longest text, in bytes. */
  static final int MAX_TEXT_BYTES = 256;

  public static RpcbindMapping read(ByteBuf in) {
    return new RpcbindMapping(
        Xdr.readInt(in),
        Xdr.readInt(in),
        Xdr.readString(in, MAX_TEXT_BYTES),
        Xdr.readString(in, MAX_TEXT_BYTES),
        Xdr.readString(in, MAX_TEXT_BYTES));
  }

  public void write(ByteBuf out) {
    out.writeInt(program).writeInt(version);
    Xdr.writeString(out, netid);
    Xdr.writeString(out, address);
    Xdr.writeString(out, owner);
  }
}
