/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.protocol.nfs4.Nfs4;

/**
 * What clients of NFSv4 may have. Every bound is enforced, and those of a session are advertised.
 *
 * @param clients client ids, of which one address may have as many as are left for all others
 * @param sessionsPerClient sessions of one client id
 * @param slots requests that a session may have under way
 * @param cachedReplyBytes the longest reply that a slot remembers
 * @param replyMemoryBytes heap for remembered replies; when it is promised away, new sessions get
 *     fewer slots, and in the end one
 * @param ownersPerClient open-owners and lock-owners, each
 * @param ownerMemoryBytes heap for the owners of all clients
 * @param statesPerClient opens, files with locks of one owner, and delegations, together
 */
public record StateLimits(
    int clients,
    int sessionsPerClient,
    int slots,
    int cachedReplyBytes,
    long replyMemoryBytes,
    int ownersPerClient,
    long ownerMemoryBytes,
    int statesPerClient) {
  private static final int HEAP_PART = 16;
  private static final long MAX_REPLY_MEMORY = 64 << 20;

  /** The most operations in one COMPOUND of a session. */
  static final int OPERATIONS = 128;

  /** The longest request and reply of a session: a transfer, and something besides. */
  static final int MESSAGE_BYTES = Nfs4.MAX_TRANSFER_BYTES + (64 << 10);

  /** What an array has by default. */
  public static StateLimits ofHeap(long maxHeapBytes) {
    return new StateLimits(
        1 << 15,
        16,
        64,
        4 << 10,
        Math.min(MAX_REPLY_MEMORY, maxHeapBytes / HEAP_PART),
        1 << 14,
        Math.min(MAX_REPLY_MEMORY, maxHeapBytes / HEAP_PART),
        1 << 17);
  }

  /** What a session's fore channel may have at most. */
  ChannelAttributes foreChannel(int slotsNow) {
    return new ChannelAttributes(
        MESSAGE_BYTES, MESSAGE_BYTES, cachedReplyBytes, OPERATIONS, slotsNow);
  }
}
