/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * All that READLINK, FSSTAT, FSINFO and PATHCONF are given.
 *
 * @param handle the object; of a file system any
 */
public record ObjectArgs3(Nfs3Handle handle) {
  public static ObjectArgs3 decode(ByteBuf in) {
    return new ObjectArgs3(Nfs3Handle.decode(in));
  }

  public void encode(ByteBuf out) {
    handle.encode(out);
  }
}
