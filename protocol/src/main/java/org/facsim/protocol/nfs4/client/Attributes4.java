/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.TreeMap;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The values of attributes, {@code fattr4}, each as its bytes on the wire. Any attribute whose form
 * is known can be read, also by code that has no use for it.
 */
public final class Attributes4 {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ENTRIES = 1 << 16;

  /** In {@link #FORMS}: the length stands in front. */
  private static final int OPAQUE = -1;

  private static final int BITMAP = -2;
  private static final int ACL = -3;
  private static final int ACL_WITH_FLAGS = -4;
  private static final int UNKNOWN = 0;

  /** Bytes of an attribute, or one of the forms above. */
  private static final int[] FORMS = forms();

  private final TreeMap<Integer, byte[]> valueByNumber = new TreeMap<>();

  private static int[] forms() {
    int[] forms = new int[Attr4.END];
    set(forms, 4, 1, 2, 5, 6, 7, 9, 10, 11, 13, 14, 15, 16, 17, 18, 25, 26, 28, 29, 33, 34, 35);
    set(forms, 4, Attr4.SYSTEM, Attr4.FS_CHARSET_CAP, Attr4.CLONE_BLKSIZE);
    set(forms, 4, Attr4.CHANGE_ATTR_TYPE, Attr4.XATTR_SUPPORT);
    set(forms, 8, 3, 4, 20, 21, 22, 23, 27, 30, 31, 38, 39, 40, 41, 42, 43, 44, 45);
    set(forms, 8, Attr4.MOUNTED_ON_FILEID, Attr4.MODE_SET_MASKED);
    set(forms, 8, Attr4.SPACE_FREED, Attr4.MODE_UMASK);
    set(forms, 12, 47, 49, 50, 51, 52, 53, Attr4.DIR_NOTIF_DELAY, Attr4.DIRENT_NOTIF_DELAY);
    set(forms, 16, Attr4.FSID, Attr4.CHANGE_POLICY);
    set(forms, OPAQUE, Attr4.FILEHANDLE, Attr4.MIMETYPE, Attr4.OWNER, Attr4.OWNER_GROUP);
    set(forms, BITMAP, Attr4.SUPPORTED_ATTRS, Attr4.SUPPATTR_EXCLCREAT);
    set(forms, ACL, Attr4.ACL);
    set(forms, ACL_WITH_FLAGS, Attr4.DACL, Attr4.SACL);
    return forms;
  }

  private static void set(int[] forms, int form, int... attributes) {
    for (int attribute : attributes) {
      forms[attribute] = form;
    }
  }

  /** None; {@link #with} adds some. */
  public static Attributes4 none() {
    return new Attributes4();
  }

  /**
   * Reads {@code fattr4}.
   *
   * @throws XdrException if it is malformed, or has an attribute whose form is not known here
   */
  public static Attributes4 read(ByteBuf in) {
    Bitmap4 set = new Bitmap4().read(in);
    ByteBuf values = Xdr.readOpaqueSlice(in, MAX_BYTES);
    Attributes4 read = new Attributes4();
    for (int i = set.next(0); i >= 0; i = set.next(i + 1)) {
      read.valueByNumber.put(i, Xdr.readFixedOpaque(values, lengthBytes(i, values)));
    }
    if (values.isReadable()) {
      throw new XdrException(values.readableBytes() + " bytes behind the attributes " + set);
    }
    return read;
  }

  private static int lengthBytes(int attribute, ByteBuf values) {
    int form = attribute < Attr4.END ? FORMS[attribute] : UNKNOWN;
    ByteBuf ahead = values.duplicate();
    switch (form) {
      case UNKNOWN -> throw new XdrException("attribute " + attribute + " is not known");
      case OPAQUE -> Xdr.readOpaqueSlice(ahead, MAX_BYTES);
      case BITMAP -> new Bitmap4().read(ahead);
      case ACL -> skipAcl(ahead);
      case ACL_WITH_FLAGS -> {
        Xdr.readInt(ahead);
        skipAcl(ahead);
      }
      default -> {
        return form;
      }
    }
    return ahead.readerIndex() - values.readerIndex();
  }

  private static void skipAcl(ByteBuf in) {
    int entries = Xdr.readLength(in, MAX_ENTRIES);
    for (int i = 0; i < entries; i++) {
      Xdr.readFixedOpaque(in, 3 * Integer.BYTES);
      Xdr.readOpaqueSlice(in, MAX_BYTES);
    }
  }

  /** Appends {@code fattr4}. */
  public void write(ByteBuf out) {
    Bitmap4 set = new Bitmap4();
    int bytes = 0;
    for (var each : valueByNumber.entrySet()) {
      set.add(each.getKey());
      bytes += each.getValue().length;
    }
    set.write(out);
    out.writeInt(bytes);
    valueByNumber.values().forEach(out::writeBytes);
  }

  /** With 32 bits: MODE and others. Changes this object. */
  public Attributes4 withInt(int attribute, int value) {
    valueByNumber.put(attribute, bytes(Unpooled.buffer(Integer.BYTES).writeInt(value)));
    return this;
  }

  /** With 64 bits: SIZE and others. Changes this object. */
  public Attributes4 withLong(int attribute, long value) {
    valueByNumber.put(attribute, bytes(Unpooled.buffer(Long.BYTES).writeLong(value)));
    return this;
  }

  /** With a string: OWNER and others. Changes this object. */
  public Attributes4 withText(int attribute, String text) {
    ByteBuf out = Unpooled.buffer();
    Xdr.writeString(out, text);
    valueByNumber.put(attribute, bytes(out));
    return this;
  }

  /** With what an attribute is on the wire, padding included. Changes this object. */
  public Attributes4 with(int attribute, byte[] wire) {
    valueByNumber.put(attribute, wire.clone());
    return this;
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** Which attributes there are. */
  public Bitmap4 set() {
    Bitmap4 set = new Bitmap4();
    valueByNumber.keySet().forEach(set::add);
    return set;
  }

  public boolean has(int attribute) {
    return valueByNumber.containsKey(attribute);
  }

  /**
   * What an attribute is on the wire.
   *
   * @throws XdrException if it is not there
   */
  public byte[] wire(int attribute) {
    return found(attribute).clone();
  }

  private byte[] found(int attribute) {
    byte[] wire = valueByNumber.get(attribute);
    if (wire == null) {
      throw new XdrException("attribute " + attribute + " is missing");
    }
    return wire;
  }

  /** A number of 32 bits, unsigned, or of 64 bits. */
  public long number(int attribute) {
    ByteBuf wire = Unpooled.wrappedBuffer(found(attribute));
    return wire.readableBytes() == Integer.BYTES ? Xdr.readUnsignedInt(wire) : Xdr.readLong(wire);
  }

  /** A point in time, in milliseconds since 1970. */
  public long timeMillis(int attribute) {
    ByteBuf wire = Unpooled.wrappedBuffer(found(attribute));
    return Xdr.readLong(wire) * 1_000 + Xdr.readUnsignedInt(wire) / 1_000_000;
  }

  /** The bytes of opaque data: FILEHANDLE and others. */
  public byte[] opaque(int attribute) {
    return Xdr.readOpaque(Unpooled.wrappedBuffer(found(attribute)), MAX_BYTES);
  }

  /** A string: OWNER and others. */
  public String text(int attribute) {
    return new String(opaque(attribute), UTF_8);
  }
}
