/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * A set of attributes, {@code bitmap4}: small numbers, of which those from 0 to 95 can be told
 * apart. Of larger ones it only knows whether there are any. Can be changed, so that a call reads
 * set after set into one object. Not thread-safe.
 */
public final class Bitmap4 {
  /** The most words that are read: as many attributes as nobody has defined. */
  private static final int MAX_WORDS = 32;

  private static final int WORDS = 3;
  private static final int LOW_BITS = 64;

  /** Attributes 0 to 63. */
  private long low;

  /** Attributes 64 to 95. */
  private int high;

  private boolean hasOthers;

  public Bitmap4() {}

  /** A set of these attributes. */
  public static Bitmap4 of(int... attributes) {
    Bitmap4 set = new Bitmap4();
    for (int attribute : attributes) {
      set.add(attribute);
    }
    return set;
  }

  /** Becomes the set that is read. */
  public Bitmap4 read(ByteBuf in) {
    int words = Xdr.readLength(in, MAX_WORDS);
    if (in.readableBytes() < words * Integer.BYTES) {
      throw new XdrException("a bitmap of " + words + " words, " + in.readableBytes() + " bytes");
    }
    long newLow = 0;
    int newHigh = 0;
    boolean others = false;
    for (int i = 0; i < words; i++) {
      int word = in.readInt();
      switch (i) {
        case 0 -> newLow = word & 0xffff_ffffL;
        case 1 -> newLow |= (long) word << Integer.SIZE;
        case 2 -> newHigh = word;
        default -> others |= word != 0;
      }
    }
    low = newLow;
    high = newHigh;
    hasOthers = others;
    return this;
  }

  /** Appends the set, in as many words as it needs. */
  public void write(ByteBuf out) {
    if (high != 0) {
      out.writeInt(WORDS);
      out.writeInt((int) low);
      out.writeInt((int) (low >>> Integer.SIZE));
      out.writeInt(high);
    } else if (low >>> Integer.SIZE != 0) {
      out.writeInt(2);
      out.writeInt((int) low);
      out.writeInt((int) (low >>> Integer.SIZE));
    } else if (low != 0) {
      out.writeLong(Xdr.twoInts(1, (int) low));
    } else {
      out.writeInt(0);
    }
  }

  /**
   * Adds an attribute.
   *
   * @param attribute 0 to 95
   */
  public Bitmap4 add(int attribute) {
    if (attribute < LOW_BITS) {
      low |= 1L << attribute;
    } else {
      high |= 1 << (attribute - LOW_BITS);
    }
    return this;
  }

  /** Removes an attribute, 0 to 95. */
  public Bitmap4 remove(int attribute) {
    if (attribute < LOW_BITS) {
      low &= ~(1L << attribute);
    } else {
      high &= ~(1 << (attribute - LOW_BITS));
    }
    return this;
  }

  /** Becomes the same set as another one. */
  public Bitmap4 set(Bitmap4 other) {
    low = other.low;
    high = other.high;
    hasOthers = other.hasOthers;
    return this;
  }

  /** Keeps only what is in the other set, too. */
  public Bitmap4 retain(Bitmap4 other) {
    low &= other.low;
    high &= other.high;
    hasOthers = false;
    return this;
  }

  public Bitmap4 clear() {
    low = 0;
    high = 0;
    hasOthers = false;
    return this;
  }

  /** Whether an attribute, 0 to 95, is in the set. */
  public boolean has(int attribute) {
    return attribute < LOW_BITS
        ? ((low >>> attribute) & 1) != 0
        : ((high >>> (attribute - LOW_BITS)) & 1) != 0;
  }

  public boolean isEmpty() {
    return low == 0 && high == 0 && !hasOthers;
  }

  /** Whether everything here is in the other set, too. */
  public boolean isWithin(Bitmap4 other) {
    return (low & ~other.low) == 0 && (high & ~other.high) == 0 && !hasOthers;
  }

  /** Whether one attribute is in both. */
  public boolean meets(Bitmap4 other) {
    return (low & other.low) != 0 || (high & other.high) != 0;
  }

  /** The smallest attribute from {@code from} on; -1 if there is none up to 95. */
  public int next(int from) {
    if (from < LOW_BITS) {
      long left = low >>> from << from;
      if (left != 0) {
        return Long.numberOfTrailingZeros(left);
      }
    }
    int shift = Math.max(0, from - LOW_BITS);
    int left = shift < Integer.SIZE ? high >>> shift << shift : 0;
    return left == 0 ? -1 : LOW_BITS + Integer.numberOfTrailingZeros(left);
  }

  /** Attributes 0 to 63 as bits. */
  public long low() {
    return low;
  }

  /** Attributes 64 to 95 as bits. */
  public int high() {
    return high;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bitmap4 set
        && low == set.low
        && high == set.high
        && hasOthers == set.hasOthers;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(low) * 31 + high;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      text.append(text.length() == 1 ? "" : ", ").append(i);
    }
    return text.append(hasOthers ? " and larger ones}" : "}").toString();
  }
}
