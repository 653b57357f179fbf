/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** SETATTR, RFC 1813 section 3.3.2: changes attributes. Its outcome is {@link Changed3}. */
public final class SetAttr3 {
  public static final int PROCEDURE = 2;

  private SetAttr3() {}

  /**
   * The arguments.
   *
   * @param handle the object
   * @param attributes what to change
   * @param expectedChangeTimeNanos the change time that the object must still have, in nanoseconds
   *     since 1970, or null
   */
  public record Args(Nfs3Handle handle, Sattr3 attributes, Long expectedChangeTimeNanos) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Sattr3.decode(in), Time3.decodeGuard(in));
    }

    public void encode(ByteBuf out) {
      handle.encode(out);
      attributes.encode(out);
      Time3.encodeGuard(out, expectedChangeTimeNanos);
    }
  }
}
