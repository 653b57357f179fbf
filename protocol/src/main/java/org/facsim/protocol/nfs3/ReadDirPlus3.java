/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.facsim.protocol.xdr.Xdr;

/**
 * READDIRPLUS, RFC 1813 section 3.3.17: entries of a directory with their handles and attributes.
 */
public final class ReadDirPlus3 {
  public static final int PROCEDURE = 17;

  private ReadDirPlus3() {}

  /**
   * The arguments.
   *
   * @param directory what to list
   * @param cookie where to go on, 0 for the start
   * @param cookieVerifier from the previous reply, 0 at the start
   * @param directoryCountBytes the most bytes of file ids, names and cookies, 0 to 2^32-1
   * @param maxCountBytes the most bytes of the reply, 0 to 2^32-1
   */
  public record Args(
      Nfs3Handle directory,
      long cookie,
      long cookieVerifier,
      long directoryCountBytes,
      long maxCountBytes) {
    public static Args decode(ByteBuf in) {
      return new Args(
          Nfs3Handle.decode(in),
          Xdr.readLong(in),
          Xdr.readLong(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in));
    }

    public void encode(ByteBuf out) {
      directory.encode(out);
      out.writeLong(cookie);
      out.writeLong(cookieVerifier);
      out.writeInt((int) directoryCountBytes);
      out.writeInt((int) maxCountBytes);
    }
  }

  /** The outcome. */
  public sealed interface Result extends Nfs3Result permits Ok, PostOpFailure3 {
    static Result decode(ByteBuf in) {
      Nfs3Status status = Nfs3Status.decode(in);
      return status == Nfs3Status.OK ? Ok.decode(in) : PostOpFailure3.decode(status, in);
    }

    /**
     * The success.
     *
     * @throws Nfs3Exception carrying the result if it is a failure
     */
    static Ok orThrow(Result result) {
      return Nfs3Result.success(result, Ok.class, "READDIRPLUS");
    }
  }

  /**
   * Success.
   *
   * @param directoryAttributes the directory's attributes, or null
   * @param cookieVerifier to be sent back with cookies of this reply
   * @param entries in cookie order
   * @param endOfDirectory whether the last entry is the directory's last
   */
  public record Ok(
      Fattr3 directoryAttributes, long cookieVerifier, List<Entry> entries, boolean endOfDirectory)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(
          Fattr3.decodePostOp(in),
          Xdr.readLong(in),
          Entries3.decode(in, Entry::decode),
          Xdr.readBoolean(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, directoryAttributes);
      out.writeLong(cookieVerifier);
      Entries3.encode(out, entries, Entry::encode);
      Xdr.writeBoolean(out, endOfDirectory);
    }
  }

  /**
   * One entry.
   *
   * @param fileId unsigned
   * @param name its name
   * @param cookie where to go on after this entry
   * @param attributes or null
   * @param handle or null
   */
  public record Entry(long fileId, Name3 name, long cookie, Fattr3 attributes, Nfs3Handle handle) {
    static Entry decode(ByteBuf in) {
      return new Entry(
          Xdr.readLong(in),
          Name3.decode(in),
          Xdr.readLong(in),
          Fattr3.decodePostOp(in),
          Nfs3Handle.decodePostOp(in));
    }

    void encode(ByteBuf out) {
      out.writeLong(fileId);
      name.encode(out);
      out.writeLong(cookie);
      Fattr3.encodePostOp(out, attributes);
      Nfs3Handle.encodePostOp(out, handle);
    }

    /**
     * The bytes of an entry that count against the caller's directory count: file id, name and
     * cookie.
     */
    public static int directoryBytes(int nameBytes) {
      return 8 + 4 + nameBytes + Xdr.paddingBytes(nameBytes) + 8;
    }

    /** The bytes in the reply of an entry with attributes and handle, its list mark included. */
    public static int encodedBytes(int nameBytes, int handleBytes) {
      return 4
          + directoryBytes(nameBytes)
          + Fattr3.POST_OP_SIZE_BYTES
          + 8
          + handleBytes
          + Xdr.paddingBytes(handleBytes);
    }
  }
}
