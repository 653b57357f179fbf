/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code my_id}: the call that a monitoring program wants when a host has restarted.
 *
 * @param hostName the machine of the program
 */
public record NsmCallback(String hostName, int program, int version, int procedure) {
  public static NsmCallback decode(ByteBuf in) {
    return new NsmCallback(
        Xdr.readString(in, Nsm.MAX_NAME_BYTES), Xdr.readInt(in), Xdr.readInt(in), Xdr.readInt(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeString(out, hostName);
    out.writeInt(program).writeInt(version).writeInt(procedure);
  }
}
