/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The results of a COMPOUND, read from first to last: {@link #next} or {@link #ok} for each
 * operation, and then what it returns, with the methods here or from {@link #body}. Valid only
 * while the reply is being decoded.
 */
public final class Results4 {
  private static final int CHANGE_INFO_BYTES = 20;

  private final ByteBuf in;

  /** The data of READ, if it was received into a buffer of its own; or null. */
  private ByteBuf bulk;

  private final Nfs4Status status;
  private final int count;
  private int read;
  private int operation = Op4.ILLEGAL;
  private Nfs4Status operationStatus;

  /**
   * Reads the head of the results.
   *
   * @throws XdrException if it is malformed, or if the status has no name
   */
  public Results4(ByteBuf in) {
    this(in, null);
  }

  /**
   * Reads the head of results.
   *
   * @param bulk the data of the first READ, if it was received into a buffer of its own; or null
   */
  Results4(ByteBuf in, ByteBuf bulk) {
    this.in = in;
    this.bulk = bulk;
    this.status = readStatus(in);
    Xdr.readOpaque(in, Nfs4.MAX_TAG_BYTES);
    this.count = Xdr.readLength(in, in.readableBytes() / (2 * Integer.BYTES));
  }

  private static Nfs4Status readStatus(ByteBuf in) {
    int code = Xdr.readInt(in);
    try {
      return Nfs4Status.of(code);
    } catch (IllegalArgumentException unknown) {
      throw new XdrException("nfsstat4 of value " + code);
    }
  }

  /** Of the whole COMPOUND: that of its last operation that was executed. */
  public Nfs4Status status() {
    return status;
  }

  /** How many operations were answered. */
  public int count() {
    return count;
  }

  /** Whether there is one more. */
  public boolean hasNext() {
    return read < count;
  }

  /** Goes to the next operation, whose results must have been read, and returns its status. */
  public Nfs4Status next() {
    if (!hasNext()) {
      throw new XdrException("results of " + count + " operations, one more is expected");
    }
    read++;
    operation = Xdr.readInt(in);
    operationStatus = readStatus(in);
    return operationStatus;
  }

  /** The number of the present operation. */
  public int operation() {
    return operation;
  }

  /** The status of the present operation. */
  public Nfs4Status operationStatus() {
    return operationStatus;
  }

  /**
   * Goes to the next operation, which must be this one and must have succeeded.
   *
   * @throws CompoundException if it failed, or was not executed because the COMPOUND failed before
   */
  public Results4 ok(int expected) {
    if (!hasNext() && status != Nfs4Status.OK) {
      throw new CompoundException(operation, status);
    }
    Nfs4Status here = next();
    if (operation != expected) {
      throw new XdrException(
          "result of %s, not %s".formatted(Op4.name(operation), Op4.name(expected)));
    }
    if (here != Nfs4Status.OK) {
      throw new CompoundException(operation, here);
    }
    return this;
  }

  /** What the present operation returns, from where it was not read yet. */
  public ByteBuf body() {
    return in;
  }

  /** GETFH. */
  public byte[] handle() {
    return Xdr.readOpaque(in, Nfs4.MAX_HANDLE_BYTES);
  }

  /** GETATTR. */
  public Attributes4 attributes() {
    return Attributes4.read(in);
  }

  /** CLOSE, LOCK and others that return a stateid alone; the first result of OPEN. */
  public Stateid4 stateid() {
    return Stateid4.decode(in);
  }

  /** {@code change_info4}, which is passed over: REMOVE; the first result of CREATE. */
  public Results4 skipChangeInfo() {
    Xdr.readFixedOpaque(in, CHANGE_INFO_BYTES);
    return this;
  }

  /** {@code bitmap4}, which is passed over: SETATTR; the last result of CREATE. */
  public Results4 skipBitmap() {
    new Bitmap4().read(in);
    return this;
  }

  /**
   * OPEN that was asked for no delegation: stateid, change_info, flags, attributes, delegation.
   *
   * @return the stateid of the open
   * @throws XdrException if the server gives a delegation all the same
   */
  public Stateid4 opened() {
    Stateid4 stateid = Stateid4.decode(in);
    skipChangeInfo();
    Xdr.readInt(in);
    skipBitmap();
    switch (Xdr.readInt(in)) {
      case DELEGATE_NONE -> {}
      case DELEGATE_NONE_EXT -> {
        int why = Xdr.readInt(in);
        if (why == WND4_CONTENTION || why == WND4_RESOURCE) {
          Xdr.readBoolean(in);
        }
      }
      default -> throw new XdrException("a delegation that was not asked for");
    }
    return stateid;
  }

  private static final int DELEGATE_NONE = 0;
  private static final int DELEGATE_NONE_EXT = 3;
  private static final int WND4_CONTENTION = 1;
  private static final int WND4_RESOURCE = 2;

  /**
   * What READ returned.
   *
   * @param data a slice of the connection's buffer, or a buffer of its own: to keep it, retain it
   */
  public record ReadData(boolean isEndOfFile, ByteBuf data) {}

  /** READ. */
  public ReadData readData() {
    boolean end = Xdr.readBoolean(in);
    ByteBuf data = Xdr.readOpaqueSlice(in, Nfs4.MAX_TRANSFER_BYTES);
    ByteBuf ownBuffer = bulk;
    bulk = null; // of a second READ it is not
    return new ReadData(end, ownBuffer == null ? data : ownBuffer);
  }

  /**
   * What WRITE returned.
   *
   * @param committed {@link Nfs4#UNSTABLE} and its siblings
   */
  public record Written(long countBytes, int committed, long verifier) {}

  /** WRITE. */
  public Written written() {
    return new Written(Xdr.readUnsignedInt(in), Xdr.readInt(in), Xdr.readLong(in));
  }

  /** COMMIT: the write verifier. */
  public long verifier() {
    return Xdr.readLong(in);
  }
}
