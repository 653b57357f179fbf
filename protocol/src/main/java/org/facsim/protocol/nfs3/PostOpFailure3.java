/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * The failure of READLINK, READDIR, READDIRPLUS, FSSTAT, FSINFO and PATHCONF: the status and the
 * object's {@code post_op_attr}.
 *
 * @param status never OK
 * @param attributes the attributes, or null
 */
public record PostOpFailure3(Nfs3Status status, Fattr3 attributes)
    implements ReadLink3.Result,
        ReadDir3.Result,
        ReadDirPlus3.Result,
        FsStat3.Result,
        FsInfo3.Result,
        PathConf3.Result {
  static PostOpFailure3 decode(Nfs3Status status, ByteBuf in) {
    return new PostOpFailure3(status, Fattr3.decodePostOp(in));
  }

  @Override
  public void encode(ByteBuf out) {
    status.encode(out);
    Fattr3.encodePostOp(out, attributes);
  }
}
