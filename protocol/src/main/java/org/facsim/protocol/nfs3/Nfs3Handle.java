/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * A file handle, RFC 1813 section 2.3.3: 0 to {@value #MAX_BYTES} opaque bytes.
 *
 * <p>Up to 32 bytes live in four big-endian words, zero-filled at the end, so that a server with
 * handles of that size decodes one without an array; longer ones keep the rest in an array.
 */
public final class Nfs3Handle {
  /** The longest handle of the protocol: {@code NFS3_FHSIZE}. */
  public static final int MAX_BYTES = 64;

  private static final int WORDS_BYTES = 32;

  private final int lengthBytes;
  private final long word0;
  private final long word1;
  private final long word2;
  private final long word3;
  private final byte[] rest;

  private Nfs3Handle(int lengthBytes, long word0, long word1, long word2, long word3, byte[] rest) {
    this.lengthBytes = lengthBytes;
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
    this.rest = rest;
  }

  /** A handle of 32 bytes, given as four big-endian words. */
  public static Nfs3Handle ofWords(long word0, long word1, long word2, long word3) {
    return new Nfs3Handle(WORDS_BYTES, word0, word1, word2, word3, null);
  }

  /**
   * A handle of any bytes.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_BYTES}
   */
  public static Nfs3Handle of(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "handle of " + bytes.length + " bytes, at most " + MAX_BYTES);
    }
    return new Nfs3Handle(
        bytes.length,
        wordOf(bytes, 0),
        wordOf(bytes, 8),
        wordOf(bytes, 16),
        wordOf(bytes, 24),
        bytes.length <= WORDS_BYTES ? null : Arrays.copyOfRange(bytes, WORDS_BYTES, bytes.length));
  }

  public static Nfs3Handle decode(ByteBuf in) {
    int lengthBytes = Xdr.readLength(in, MAX_BYTES);
    if (lengthBytes != WORDS_BYTES) {
      return of(Xdr.readFixedOpaque(in, lengthBytes));
    }
    if (in.readableBytes() < WORDS_BYTES) {
      throw new XdrException("handle of 32 bytes, " + in.readableBytes() + " left");
    }
    return ofWords(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  public void encode(ByteBuf out) {
    if (lengthBytes == WORDS_BYTES) {
      out.ensureWritable(4 + WORDS_BYTES);
      out.writeInt(WORDS_BYTES);
      out.writeLong(word0).writeLong(word1).writeLong(word2).writeLong(word3);
    } else {
      Xdr.writeOpaque(out, toBytes());
    }
  }

  /** Appends {@code post_op_fh3}. */
  static void encodePostOp(ByteBuf out, Nfs3Handle handleOrNull) {
    Xdr.writeBoolean(out, handleOrNull != null);
    if (handleOrNull != null) {
      handleOrNull.encode(out);
    }
  }

  /** Reads {@code post_op_fh3}; null if there is none. */
  static Nfs3Handle decodePostOp(ByteBuf in) {
    return Xdr.readBoolean(in) ? decode(in) : null;
  }

  /** 0 to {@value #MAX_BYTES}. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /**
   * Eight bytes as a big-endian number, zero beyond the end.
   *
   * @param index 0 to 3
   */
  public long word(int index) {
    return switch (index) {
      case 0 -> word0;
      case 1 -> word1;
      case 2 -> word2;
      case 3 -> word3;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[lengthBytes];
    for (int i = 0; i < Math.min(lengthBytes, WORDS_BYTES); i++) {
      bytes[i] = (byte) (word(i / 8) >>> (56 - i % 8 * 8));
    }
    if (rest != null) {
      System.arraycopy(rest, 0, bytes, WORDS_BYTES, rest.length);
    }
    return bytes;
  }

  private static long wordOf(byte[] bytes, int offset) {
    long word = 0;
    for (int i = offset; i < offset + 8; i++) {
      word = word << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
    }
    return word;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Nfs3Handle handle
        && lengthBytes == handle.lengthBytes
        && word0 == handle.word0
        && word1 == handle.word1
        && word2 == handle.word2
        && word3 == handle.word3
        && Arrays.equals(rest, handle.rest);
  }

  @Override
  public int hashCode() {
    long mixed = ((word0 * 31 + word1) * 31 + word2) * 31 + word3;
    return Long.hashCode(mixed) * 31 + Arrays.hashCode(rest);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
