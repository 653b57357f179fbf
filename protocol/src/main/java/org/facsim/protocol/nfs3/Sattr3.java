/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * Attributes to set, RFC 1813 section 2.5.3: {@code sattr3}. A null component stays as it is.
 *
 * @param mode unsigned 32 bits on the wire; only the bits of 07777 have a meaning
 * @param uid 0 to 2^32-1
 * @param gid 0 to 2^32-1
 * @param sizeBytes saturated at {@link Long#MAX_VALUE}
 * @param accessTime never null
 * @param modifyTime never null
 */
public record Sattr3(
    Integer mode, Long uid, Long gid, Long sizeBytes, SetTime accessTime, SetTime modifyTime) {
  /** Sets nothing. */
  public static final Sattr3 NONE = new Sattr3(null, null, null, null, SetTime.KEEP, SetTime.KEEP);

  public Sattr3 {
    Objects.requireNonNull(accessTime);
    Objects.requireNonNull(modifyTime);
  }

  /** Sets the mode only. */
  public static Sattr3 ofMode(int mode) {
    return new Sattr3(mode, null, null, null, SetTime.KEEP, SetTime.KEEP);
  }

  /** Sets the size only. */
  public static Sattr3 ofSize(long sizeBytes) {
    return new Sattr3(null, null, null, sizeBytes, SetTime.KEEP, SetTime.KEEP);
  }

  public static Sattr3 decode(ByteBuf in) {
    return new Sattr3(
        Xdr.readBoolean(in) ? (Integer) Xdr.readInt(in) : null,
        Xdr.readBoolean(in) ? (Long) Xdr.readUnsignedInt(in) : null,
        Xdr.readBoolean(in) ? (Long) Xdr.readUnsignedInt(in) : null,
        Xdr.readBoolean(in) ? (Long) Xdr.readUnsignedLongSaturated(in) : null,
        SetTime.decode(in),
        SetTime.decode(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeBoolean(out, mode != null);
    if (mode != null) {
      out.writeInt(mode);
    }
    encodeId(out, uid);
    encodeId(out, gid);
    Xdr.writeBoolean(out, sizeBytes != null);
    if (sizeBytes != null) {
      out.writeLong(sizeBytes);
    }
    accessTime.encode(out);
    modifyTime.encode(out);
  }

  private static void encodeId(ByteBuf out, Long idOrNull) {
    Xdr.writeBoolean(out, idOrNull != null);
    if (idOrNull != null) {
      out.writeInt((int) (long) idOrNull);
    }
  }

  /**
   * How a timestamp is set: {@code time_how}.
   *
   * @param how where the time comes from
   * @param epochNanos since 1970; 0 unless the client supplies the time; negative if the client's
   *     nanoseconds make a second or more, which the server answers with INVAL
   */
  public record SetTime(How how, long epochNanos) {
    /** Leave it alone. */
    public static final SetTime KEEP = new SetTime(How.DONT_CHANGE, 0);

    /** Set it to the server's clock. */
    public static final SetTime TO_SERVER_TIME = new SetTime(How.SET_TO_SERVER_TIME, 0);

    /** Set it to this time, in nanoseconds since 1970. */
    public static SetTime to(long epochNanos) {
      return new SetTime(How.SET_TO_CLIENT_TIME, epochNanos);
    }

    /** Where a time comes from. */
    public enum How {
      DONT_CHANGE(0),
      SET_TO_SERVER_TIME(1),
      SET_TO_CLIENT_TIME(2);

      private final int code;

      How(int code) {
        this.code = code;
      }
    }

    static SetTime decode(ByteBuf in) {
      int how = Xdr.readInt(in);
      return switch (how) {
        case 0 -> KEEP;
        case 1 -> TO_SERVER_TIME;
        case 2 -> to(Time3.decodeAsked(in));
        default -> throw new XdrException("time_how of value " + how);
      };
    }

    void encode(ByteBuf out) {
      out.writeInt(how.code);
      if (how == How.SET_TO_CLIENT_TIME) {
        Time3.encodeAsked(out, epochNanos);
      }
    }
  }
}
