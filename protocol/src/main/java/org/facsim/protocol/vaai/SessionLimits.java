/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_limits}: what the array enforces in a session.
 *
 * @param leaseSeconds the session ends after this time without a call
 * @param maxClones the most clone jobs at a time on the volume; 0 = no limit
 * @param maxDepth the most levels of clones of clones; 0 = no limit
 * @param maxRequests how many answers are remembered for retransmissions
 * @param cloneBlockBytes the unit of sharing
 * @param maxFileBytes the largest file
 */
public record SessionLimits(
    long leaseSeconds,
    long maxClones,
    long maxDepth,
    long maxRequests,
    long cloneBlockBytes,
    long maxFileBytes)
    implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {
    out.writeInt((int) leaseSeconds);
    out.writeInt((int) maxClones);
    out.writeInt((int) maxDepth);
    out.writeInt((int) maxRequests);
    out.writeInt((int) cloneBlockBytes);
    out.writeLong(maxFileBytes);
  }

  public static SessionLimits decode(ByteBuf in) {
    return new SessionLimits(
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedLongSaturated(in));
  }
}
