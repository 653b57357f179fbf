/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * {@code diropargs3}, RFC 1813 section 2.6: the arguments of REMOVE and RMDIR.
 *
 * @param directory where the name is
 * @param name the name
 */
public record DirOpArgs3(Nfs3Handle directory, Name3 name) {
  public static DirOpArgs3 decode(ByteBuf in) {
    return new DirOpArgs3(Nfs3Handle.decode(in), Name3.decode(in));
  }

  public void encode(ByteBuf out) {
    directory.encode(out);
    name.encode(out);
  }
}
