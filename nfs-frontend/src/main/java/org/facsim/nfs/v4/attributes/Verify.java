/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/**
 * VERIFY and NVERIFY: go on only if attributes have, or do not have, these values. The values are
 * encoded as GETATTR does it, behind the results so far, and compared byte for byte.
 */
final class Verify implements Operation4 {
  private static final Bitmap4 ERROR = Bitmap4.of(Attr4.RDATTR_ERROR);

  private final AttributeEncoder encoder;
  private final boolean wantsSame;

  /**
   * @param wantsSame true for VERIFY, false for NVERIFY
   */
  Verify(AttributeEncoder encoder, boolean wantsSame) {
    this.encoder = encoder;
    this.wantsSame = wantsSame;
  }

  @Override
  public int number() {
    return wantsSame ? Op4.VERIFY : Op4.NVERIFY;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Bitmap4 wanted = new Bitmap4().read(in);
    ByteBuf values = Xdr.readOpaqueSlice(in, in.readableBytes());
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    AttributeTable.requireReadable(wanted);
    if (wanted.meets(ERROR)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "rdattr_error has no value to compare");
    }
    if (!wanted.isWithin(encoder.table().readable(compound.minorVersion()))) {
      return Nfs4Status.ATTRNOTSUPP;
    }
    boolean isSame = isSame(compound, wanted, values, out);
    if (isSame == wantsSame) {
      return Nfs4Status.OK;
    }
    return wantsSame ? Nfs4Status.NOT_SAME : Nfs4Status.SAME;
  }

  private boolean isSame(Compound compound, Bitmap4 wanted, ByteBuf values, ByteBuf out) {
    int start = out.writerIndex();
    encoder.encode(compound, GetAttr.subjectOf(compound, wanted), wanted, out);
    int valuesBytes = values.readableBytes();
    int at = out.writerIndex() - valuesBytes;
    boolean isSame =
        at >= start + Integer.BYTES
            && out.getInt(at - Integer.BYTES) == valuesBytes
            && ByteBufUtil.equals(out, at, values, values.readerIndex(), valuesBytes);
    out.writerIndex(start);
    return isSame;
  }
}
