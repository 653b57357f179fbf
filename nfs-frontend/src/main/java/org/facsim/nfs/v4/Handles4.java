/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileHandle;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * File handles on the wire. A file has the handle that it has in NFSv3. The pseudo-root has a
 * handle of its own, of the same length, which is the same in every run and on every array: it
 * leads to what the array exports now.
 */
public final class Handles4 {
  /** "FACP", followed by zeros: no handle of a file, whose first word is another one. */
  private static final long PSEUDO_ROOT = 0x46414350L << 32;

  /** The bytes of a handle with its length. */
  static final int ENCODED_BYTES = Integer.BYTES + FileHandle.SIZE_BYTES;

  private Handles4() {}

  /** Makes the object of the handle that is read the current one; as {@link Compound#grantOf}. */
  public static void readIntoCurrent(Compound compound, ByteBuf in) {
    int lengthBytes = Xdr.readLength(in, Nfs4.MAX_HANDLE_BYTES);
    if (in.readableBytes() < lengthBytes + Xdr.paddingBytes(lengthBytes)) {
      throw new XdrException("a handle of " + lengthBytes + " bytes");
    }
    if (lengthBytes != FileHandle.SIZE_BYTES) {
      in.skipBytes(lengthBytes + Xdr.paddingBytes(lengthBytes));
      throw new Nfs4Exception(Nfs4Status.BADHANDLE, "a handle of " + lengthBytes + " bytes");
    }
    long word0 = in.readLong();
    long word1 = in.readLong();
    long word2 = in.readLong();
    long word3 = in.readLong();
    if (word0 == PSEUDO_ROOT && (word1 | word2 | word3) == 0) {
      compound.setPseudoRoot();
    } else {
      compound.setCurrent(compound.grantOf(FileHandle.ofWords(word0, word1, word2, word3)));
    }
  }

  /** Appends a handle. */
  public static void write(ByteBuf out, FileHandle handle) {
    out.ensureWritable(ENCODED_BYTES);
    out.writeInt(FileHandle.SIZE_BYTES);
    out.writeLong(handle.word(0)).writeLong(handle.word(1));
    out.writeLong(handle.word(2)).writeLong(handle.word(3));
  }

  /** Appends the handle of the pseudo-root. */
  public static void writePseudoRoot(ByteBuf out) {
    out.writeInt(FileHandle.SIZE_BYTES);
    out.writeLong(PSEUDO_ROOT).writeLong(0).writeLong(0).writeLong(0);
  }
}
