/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** GETATTR. Attributes that there are not are left out; those that can only be set are refused. */
final class GetAttr implements Operation4 {
  /** What depends on the data, which a client with a write delegation may have newer. */
  private static final Bitmap4 OF_DATA =
      Bitmap4.of(
          Attr4.CHANGE,
          Attr4.SIZE,
          Attr4.SPACE_USED,
          Attr4.SPACE_FREED,
          Attr4.TIME_METADATA,
          Attr4.TIME_MODIFY);

  private final AttributeEncoder encoder;

  GetAttr(AttributeEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public int number() {
    return Op4.GETATTR;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Bitmap4 wanted = new Bitmap4().read(in);
    AttributeTable.requireReadable(wanted);
    encoder.encode(compound, subjectOf(compound, wanted), wanted, out);
    return Nfs4Status.OK;
  }

  /** The current object with its attributes. */
  static Subject subjectOf(Compound compound, Bitmap4 wanted) {
    if (compound.isAtPseudoRoot()) {
      return new Subject().ofPseudoRoot(PseudoRoot.attributes(compound));
    }
    Inode inode = compound.file(Nfs4Status.ACCESS);
    return new Subject()
        .of(
            inode,
            compound.seen(
                wanted.meets(OF_DATA) ? compound.attributesToLookAt(inode) : inode.attributes()));
  }
}
