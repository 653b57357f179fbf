/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The calls that a server makes to a client: CB_COMPOUND with one operation, behind CB_SEQUENCE
 * from minor version 1 on. RFC 7530 section 15, RFC 8881 section 20.
 */
public final class Callback4 {
  public static final int VERSION = 1;
  public static final int NULL = 0;
  public static final int COMPOUND = 1;

  /** The bit of {@link GetAttr} for the change attribute. */
  public static final int CHANGE = 1 << 3;

  /** The bit of {@link GetAttr} for the size. */
  public static final int SIZE = 1 << 4;

  private static final int CB_GETATTR = 3;
  private static final int CB_RECALL = 4;
  private static final int CB_SEQUENCE = 11;
  private static final int CB_NOTIFY_LOCK = 13;
  private static final int MAX_TAG_BYTES = 1024;
  private static final int MAX_ATTRIBUTE_BYTES = 64;
  private static final int MAX_BITMAP_WORDS = 8;
  private static final byte[] TAG = "facsim".getBytes(UTF_8);
  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;
  private static final int RPCSEC_GSS = 6;
  private static final int MAX_GROUPS = 16;
  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_GSS_HANDLE_BYTES = 4096;

  private Callback4() {}

  /** What the client is asked for. */
  public sealed interface Operation {
    /** The number of the operation. */
    int number();

    /** Appends its arguments. */
    void encode(ByteBuf out);
  }

  /** CB_RECALL: give a delegation back. */
  public static final class Recall implements Operation {
    private final Stateid4 stateid;
    private final byte[] handle;

    /**
     * @param handle of the file
     */
    public Recall(Stateid4 stateid, byte[] handle) {
      this.stateid = stateid;
      this.handle = handle.clone();
    }

    @Override
    public int number() {
      return CB_RECALL;
    }

    @Override
    public void encode(ByteBuf out) {
      stateid.encode(out);
      Xdr.writeBoolean(out, false);
      Xdr.writeOpaque(out, handle);
    }
  }

  /** CB_GETATTR: size and change attribute of a file that the client has a write delegation of. */
  public static final class GetAttr implements Operation {
    private final byte[] handle;

    /**
     * @param handle of the file
     */
    public GetAttr(byte[] handle) {
      this.handle = handle.clone();
    }

    @Override
    public int number() {
      return CB_GETATTR;
    }

    @Override
    public void encode(ByteBuf out) {
      Xdr.writeOpaque(out, handle);
      out.writeInt(1).writeInt(CHANGE | SIZE);
    }
  }

  /** CB_NOTIFY_LOCK: a lock that was denied may be free now. */
  public static final class NotifyLock implements Operation {
    private final byte[] handle;
    private final long clientId;
    private final byte[] owner;

    /**
     * @param handle of the file
     * @param owner the lock-owner that waits
     */
    public NotifyLock(byte[] handle, long clientId, byte[] owner) {
      this.handle = handle.clone();
      this.clientId = clientId;
      this.owner = owner.clone();
    }

    @Override
    public int number() {
      return CB_NOTIFY_LOCK;
    }

    @Override
    public void encode(ByteBuf out) {
      Xdr.writeOpaque(out, handle);
      out.writeLong(clientId);
      Xdr.writeOpaque(out, owner);
    }
  }

  /** The arguments of CB_SEQUENCE. */
  public record Sequence(long sessionHigh, long sessionLow, int number, int slot, int highestSlot) {
    private void encode(ByteBuf out) {
      out.writeInt(CB_SEQUENCE).writeLong(sessionHigh).writeLong(sessionLow);
      out.writeInt(number).writeInt(slot).writeInt(highestSlot);
      Xdr.writeBoolean(out, false);
      out.writeInt(0); // no referring calls
    }
  }

  /**
   * Appends the arguments of CB_COMPOUND.
   *
   * @param ident {@code callback_ident} of minor version 0
   * @param sequence null in minor version 0
   */
  public static void encode(
      ByteBuf out, int minorVersion, int ident, Sequence sequence, Operation operation) {
    Xdr.writeOpaque(out, TAG);
    out.writeInt(minorVersion).writeInt(ident).writeInt(sequence == null ? 1 : 2);
    if (sequence != null) {
      sequence.encode(out);
    }
    out.writeInt(operation.number());
    operation.encode(out);
  }

  /**
   * What a client answered.
   *
   * @param sequenceStatus of CB_SEQUENCE; 0 in minor version 0
   * @param status of the operation, a number because clients may answer with any; that of the
   *     COMPOUND if it did not come to the operation
   * @param change of CB_GETATTR; null if it was not answered
   * @param sizeBytes likewise
   */
  public record Answer(int sequenceStatus, int status, Long change, Long sizeBytes) {
    public boolean isOk() {
      return sequenceStatus == 0 && status == 0;
    }
  }

  /**
   * Reads the results of CB_COMPOUND.
   *
   * @throws XdrException if they are malformed
   */
  public static Answer decode(ByteBuf in, boolean hasSequence) {
    int whole = Xdr.readInt(in);
    Xdr.readOpaque(in, MAX_TAG_BYTES);
    int count = Xdr.readLength(in, 2);
    int sequenceStatus = 0;
    if (hasSequence) {
      if (count == 0) {
        return new Answer(whole, whole, null, null);
      }
      requireNumber(in, CB_SEQUENCE);
      sequenceStatus = Xdr.readInt(in);
      if (sequenceStatus == 0) {
        Xdr.readFixedOpaque(in, Nfs4.SESSION_ID_BYTES + 4 * Integer.BYTES);
      }
      count--;
    }
    if (count == 0) {
      return new Answer(sequenceStatus, whole, null, null);
    }
    int number = Xdr.readInt(in);
    int status = Xdr.readInt(in);
    return number == CB_GETATTR && status == 0
        ? attributes(in, sequenceStatus)
        : new Answer(sequenceStatus, status, null, null);
  }

  private static void requireNumber(ByteBuf in, int number) {
    int found = Xdr.readInt(in);
    if (found != number) {
      throw new XdrException("result of operation " + found + ", not " + number);
    }
  }

  private static Answer attributes(ByteBuf in, int sequenceStatus) {
    int words = Xdr.readLength(in, MAX_BITMAP_WORDS);
    int bits = 0;
    for (int i = 0; i < words; i++) {
      int word = Xdr.readInt(in);
      bits = i == 0 ? word : bits;
    }
    int bytes = Xdr.readLength(in, MAX_ATTRIBUTE_BYTES);
    int end = in.readerIndex() + bytes;
    Long change = (bits & CHANGE) != 0 ? (Long) Xdr.readLong(in) : null;
    Long size = (bits & SIZE) != 0 ? (Long) Xdr.readLong(in) : null;
    if (in.readerIndex() > end) {
      throw new XdrException("attributes of " + bytes + " bytes");
    }
    return new Answer(sequenceStatus, 0, change, size);
  }

  /**
   * Reads {@code callback_sec_parms4<>}: with which credential a client wants to be called.
   *
   * @return the first one that this code can send; null if there is none
   * @throws XdrException if they are malformed
   */
  public static Credential readSecurity(ByteBuf in) {
    int count = Xdr.readLength(in, MAX_GROUPS);
    Credential first = null;
    for (int i = 0; i < count; i++) {
      Credential next =
          switch (Xdr.readInt(in)) {
            case AUTH_NONE -> new Credential.None();
            case AUTH_SYS -> readSys(in);
            case RPCSEC_GSS -> skipGss(in);
            default -> throw new XdrException("an unknown flavour of callbacks");
          };
      first = first == null ? next : first;
    }
    return first;
  }

  private static Credential readSys(ByteBuf in) {
    long stamp = Xdr.readUnsignedInt(in);
    String machine = Xdr.readString(in, MAX_NAME_BYTES);
    long uid = Xdr.readUnsignedInt(in);
    long gid = Xdr.readUnsignedInt(in);
    Long[] groups = new Long[Xdr.readLength(in, MAX_GROUPS)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = Xdr.readUnsignedInt(in);
    }
    return new Credential.Sys(stamp, machine, uid, gid, List.of(groups));
  }

  private static Credential skipGss(ByteBuf in) {
    Xdr.readInt(in);
    Xdr.readOpaque(in, MAX_GSS_HANDLE_BYTES);
    Xdr.readOpaque(in, MAX_GSS_HANDLE_BYTES);
    return null;
  }
}
