/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** SYMLINK, RFC 1813 section 3.3.10: makes a symbolic link. Its outcome is a {@link Made3}. */
public final class SymLink3 {
  public static final int PROCEDURE = 10;

  private SymLink3() {}

  /**
   * The arguments.
   *
   * @param directory where to make it
   * @param name its name
   * @param attributes of the new link
   * @param target never parsed
   */
  public record Args(Nfs3Handle directory, Name3 name, Sattr3 attributes, Name3 target) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Name3.decode(in), Sattr3.decode(in), Name3.decode(in));
    }

    public void encode(ByteBuf out) {
      directory.encode(out);
      name.encode(out);
      attributes.encode(out);
      target.encode(out);
    }
  }
}
