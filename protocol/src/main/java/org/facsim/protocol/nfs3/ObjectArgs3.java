/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * The arguments of READLINK, FSSTAT, FSINFO and PATHCONF.
 *
 * @param handle the object; any object of a file system stands for it
 */
public record ObjectArgs3(Nfs3Handle handle) {
  public static ObjectArgs3 decode(ByteBuf in) {
    return new ObjectArgs3(Nfs3Handle.decode(in));
  }

  public void encode(ByteBuf out) {
    handle.encode(out);
  }
}
