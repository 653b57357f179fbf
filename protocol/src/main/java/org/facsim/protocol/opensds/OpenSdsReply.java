/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The results: an NFS status in XDR and, whatever it is, an opaque with this structure of 80 bytes,
 * little-endian.
 *
 * <pre>
 *     0  u64  version
 *     8  u32  command
 *    12  i32  result
 *    16  u64  total bytes
 *    24  u64  allocated bytes
 *    32  u64  unique bytes
 *    40  u64  reserved
 *    48  u64  clone state
 *    56  u64  clone offset
 *    64  u64  reserved[2]
 * </pre>
 *
 * @param status OK if and only if the command was carried out, or a support query was answered
 * @param commandCode as in the request; 0 if that could not be read
 * @param result why the command failed, where the host distinguishes more reasons than NFS
 * @param totalBytes of statistics
 * @param allocatedBytes of statistics
 * @param uniqueBytes of statistics
 * @param cloneState of a clone and of progress
 * @param cloneOffsetBytes of a clone and of progress: bytes done
 */
public record OpenSdsReply(
    Nfs3Status status,
    int commandCode,
    OpenSdsResult result,
    long totalBytes,
    long allocatedBytes,
    long uniqueBytes,
    CloneState cloneState,
    long cloneOffsetBytes)
    implements Nfs3Result {
  public OpenSdsReply {
    Objects.requireNonNull(status);
    Objects.requireNonNull(result);
    Objects.requireNonNull(cloneState);
  }

  /** A success without results. */
  public static OpenSdsReply ok(int commandCode) {
    return failed(Nfs3Status.OK, commandCode, OpenSdsResult.OK);
  }

  /** The answer to a support query. */
  public static OpenSdsReply support(int commandCode, boolean supported) {
    return failed(
        Nfs3Status.OK, commandCode, supported ? OpenSdsResult.OK : OpenSdsResult.UNSUPPORTED);
  }

  /** A failure. */
  public static OpenSdsReply failed(Nfs3Status status, int commandCode, OpenSdsResult result) {
    return new OpenSdsReply(status, commandCode, result, 0, 0, 0, CloneState.STARTED, 0);
  }

  public static OpenSdsReply statistics(
      int commandCode, long totalBytes, long allocatedBytes, long uniqueBytes) {
    return new OpenSdsReply(
        Nfs3Status.OK,
        commandCode,
        OpenSdsResult.OK,
        totalBytes,
        allocatedBytes,
        uniqueBytes,
        CloneState.STARTED,
        0);
  }

  public static OpenSdsReply progress(int commandCode, CloneState state, long offsetBytes) {
    return new OpenSdsReply(
        Nfs3Status.OK, commandCode, OpenSdsResult.OK, 0, 0, 0, state, offsetBytes);
  }

  @Override
  public void encode(ByteBuf out) {
    status.encode(out);
    out.writeInt(OpenSds.ANSWER_BYTES);
    out.writeLongLE(OpenSds.VERSION).writeIntLE(commandCode).writeIntLE(result.code());
    out.writeLongLE(totalBytes).writeLongLE(allocatedBytes).writeLongLE(uniqueBytes);
    out.writeLongLE(0);
    out.writeLongLE(cloneState.code()).writeLongLE(cloneOffsetBytes);
    out.writeLongLE(0).writeLongLE(0);
  }

  /**
   * Reads an answer by the plugin's rules: a structure of another size or version is malformed.
   *
   * @throws XdrException if it is malformed
   */
  public static OpenSdsReply decode(ByteBuf in) {
    Nfs3Status status = Nfs3Status.decode(in);
    ByteBuf block = Xdr.readOpaqueSlice(in, OpenSds.MAX_BLOCK_BYTES);
    if (block.readableBytes() != OpenSds.ANSWER_BYTES) {
      throw new XdrException("answer of " + block.readableBytes() + " bytes");
    }
    long version = block.readLongLE();
    if (version != OpenSds.VERSION) {
      throw new XdrException("answer of version " + Long.toUnsignedString(version));
    }
    int start = block.readerIndex() - Long.BYTES;
    return new OpenSdsReply(
        status,
        block.getIntLE(start + 8),
        OpenSdsResult.ofCode(block.getIntLE(start + 12)),
        block.getLongLE(start + 16),
        block.getLongLE(start + 24),
        block.getLongLE(start + 32),
        CloneState.ofCode(block.getLongLE(start + 48)),
        block.getLongLE(start + 56));
  }
}
