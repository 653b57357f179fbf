/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_statx_ok}: the space of one file, in bytes, exact at one moment.
 *
 * @param totalBytes logical size
 * @param allocatedBytes mapped, shared or not: unique + shared
 * @param uniqueBytes freed if this file were deleted
 * @param sharedBytes mapped by other files, too
 * @param reservedBytes reserved, not yet mapped
 * @param chargedBytes allocated by this file and still held by any file: the array console's "Used"
 */
public record ExtendedStatistics(
    long totalBytes,
    long allocatedBytes,
    long uniqueBytes,
    long sharedBytes,
    long reservedBytes,
    long chargedBytes)
    implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {
    out.writeLong(totalBytes).writeLong(allocatedBytes).writeLong(uniqueBytes);
    out.writeLong(sharedBytes).writeLong(reservedBytes).writeLong(chargedBytes);
  }

  public static ExtendedStatistics decode(ByteBuf in) {
    return new ExtendedStatistics(
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in));
  }
}
