/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.ExportOptions;

/**
 * Owners and groups as strings, RFC 8881 section 5.9: the array knows numbers, so it writes numbers
 * without a domain, as the RFC allows it for AUTH_SYS, and reads them. It knows two names, in any
 * domain: {@code root} and {@code nobody}.
 */
public final class Owners4 {
  private static final long MAX_ID = 0xffff_ffffL;
  private static final int MAX_DIGITS = 10;

  /** The most that {@link #write} puts: the length, ten digits and their padding. */
  static final int MAX_BYTES = Integer.BYTES + MAX_DIGITS + 2;

  private Owners4() {}

  /** Puts the string of an id, 0 to 2^32-1. */
  static void write(ByteBuffer to, long id) {
    if (id < 10) {
      to.putInt(1).putInt(('0' + (int) id) << (3 * Byte.SIZE));
      return;
    }
    int digits = digitsOf(id);
    to.putInt(digits);
    int start = to.position();
    for (int i = Xdr.paddingBytes(digits); i > 0; i--) {
      to.put(start + digits + i - 1, (byte) 0);
    }
    long rest = id;
    for (int i = start + digits - 1; i >= start; i--) {
      to.put(i, (byte) ('0' + (int) (rest % 10)));
      rest /= 10;
    }
    to.position(start + digits + Xdr.paddingBytes(digits));
  }

  private static int digitsOf(long id) {
    int digits = 1;
    for (long rest = id / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /**
   * Reads an owner or group.
   *
   * @return the id
   * @throws Nfs4Exception BADOWNER (a name that is not known), INVAL (not UTF-8, or empty)
   */
  public static long read(ByteBuf in) {
    byte[] bytes = Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
    if (bytes.length == 0 || !Utf8.isWellFormed(bytes)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "an owner that is empty or not UTF-8");
    }
    return idOf(new String(bytes, UTF_8));
  }

  /**
   * The id of an owner or group.
   *
   * @throws Nfs4Exception BADOWNER
   */
  public static long idOf(String owner) {
    if (owner.length() <= MAX_DIGITS && owner.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long id = Long.parseLong(owner);
      if (id <= MAX_ID) {
        return id;
      }
    }
    int at = owner.indexOf('@');
    String name = at < 0 ? owner : owner.substring(0, at);
    return switch (name) {
      case "root" -> 0;
      case "nobody" -> ExportOptions.NOBODY;
      default -> throw new Nfs4Exception(Nfs4Status.BADOWNER, owner);
    };
  }
}
