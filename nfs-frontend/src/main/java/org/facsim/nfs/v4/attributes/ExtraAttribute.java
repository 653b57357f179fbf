/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import org.facsim.array.AttributeChanges;
import org.facsim.nfs.v4.Compound;

/** An attribute that another package knows, for example an ACL. Stateless. */
public interface ExtraAttribute {
  /** One of {@link org.facsim.protocol.nfs4.Attr4}. */
  int number();

  /** The first minor version that has it. */
  default int firstMinorVersion() {
    return 0;
  }

  /** Whether SETATTR and creates may set it. */
  default boolean isWritable() {
    return false;
  }

  /**
   * Appends the value.
   *
   * @throws org.facsim.array.ArrayException the whole operation fails, or the entry of a READDIR
   *     gets the status as its {@code rdattr_error}
   */
  void encode(Compound compound, Subject subject, ByteBuf out);

  /**
   * Reads a value that is to be set; only of one that {@link #isWritable}.
   *
   * @throws org.facsim.nfs.v4.Nfs4Exception if it is not allowed
   */
  default Change decode(Compound compound, ByteBuf in) {
    throw new UnsupportedOperationException("attribute " + number());
  }

  /** A value that was read, and is to be set together with the other attributes. */
  @FunctionalInterface
  interface Change {
    /** The changes with this one among them. */
    AttributeChanges into(AttributeChanges draft);
  }
}
