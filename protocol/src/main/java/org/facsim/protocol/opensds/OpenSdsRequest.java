/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.Optional;
import org.facsim.protocol.vaai.Opaque;

/**
 * The structure of a request, as a C compiler for x86 lays it out: 296 bytes, little-endian.
 *
 * <pre>
 *     0  u64  version
 *     8  u32  command
 *    12  u32  padding
 *    16  u32  clone flags
 *    20  u32  length of the name, its final NUL included
 *    24  char name[256]
 *   280  u64  reserved[2]
 * </pre>
 *
 * @param version {@link OpenSds#VERSION}, or one that is not served
 * @param commandCode of an {@link OpenSdsCommand}, or one that is not served
 * @param cloneFlags as the host gave them
 * @param name path of the destination below the export, without a NUL; empty if the structure has
 *     no name that ends within its length
 */
public record OpenSdsRequest(long version, int commandCode, int cloneFlags, Optional<Opaque> name) {
  /** Where the command's number is, a little-endian word. */
  public static final int COMMAND_OFFSET = 8;

  private static final int NAME_LENGTH_OFFSET = 20;
  private static final int NAME_OFFSET = 24;

  public OpenSdsRequest {
    Objects.requireNonNull(name);
    if (name.isPresent() && name.get().lengthBytes() >= OpenSds.NAME_BYTES) {
      throw new IllegalArgumentException("name of " + name.get().lengthBytes() + " bytes");
    }
  }

  /** A request of the supported version, without a name. */
  public static OpenSdsRequest of(OpenSdsCommand command) {
    return new OpenSdsRequest(OpenSds.VERSION, command.code(), 0, Optional.empty());
  }

  /** A clone. */
  public static OpenSdsRequest clone(int flags, String name) {
    return new OpenSdsRequest(
        OpenSds.VERSION, OpenSdsCommand.CLONE.code(), flags, Optional.of(Opaque.of(name)));
  }

  /** Decodes a structure; empty if its size is wrong. */
  public static Optional<OpenSdsRequest> parse(Opaque block) {
    if (block.lengthBytes() != OpenSds.REQUEST_BYTES) {
      return Optional.empty();
    }
    ByteBuf in = Unpooled.wrappedBuffer(block.toBytes());
    return Optional.of(
        new OpenSdsRequest(
            in.getLongLE(0), in.getIntLE(COMMAND_OFFSET), in.getIntLE(16), nameIn(in)));
  }

  private static Optional<Opaque> nameIn(ByteBuf in) {
    long lengthBytes = in.getUnsignedIntLE(NAME_LENGTH_OFFSET);
    if (lengthBytes == 0 || lengthBytes > OpenSds.NAME_BYTES) {
      return Optional.empty();
    }
    int nul = in.indexOf(NAME_OFFSET, NAME_OFFSET + (int) lengthBytes, (byte) 0);
    if (nul < 0) {
      return Optional.empty();
    }
    byte[] name = new byte[nul - NAME_OFFSET];
    in.getBytes(NAME_OFFSET, name);
    return Optional.of(Opaque.of(name));
  }

  /** The structure. */
  public Opaque toBlock() {
    byte[] bytes = new byte[OpenSds.REQUEST_BYTES];
    ByteBuf out = Unpooled.wrappedBuffer(bytes);
    out.setLongLE(0, version).setIntLE(COMMAND_OFFSET, commandCode).setIntLE(16, cloneFlags);
    if (name.isPresent()) {
      out.setIntLE(NAME_LENGTH_OFFSET, name.get().lengthBytes() + 1);
      out.setBytes(NAME_OFFSET, name.get().toBytes());
    }
    return Opaque.of(bytes);
  }
}
