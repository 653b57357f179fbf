/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.services.state.LockClient;

/**
 * The slot of a session that a COMPOUND occupies, from minor version 1 on; RFC 8881 section 2.10.6.
 * SEQUENCE gives it to {@link Compound#begin}, and the engine says when the COMPOUND has ended:
 * exactly once, by {@link #answered} or by {@link #abandoned}.
 *
 * <p>A COMPOUND may end on another thread than the one it began on.
 */
public interface SlotInUse {
  /** The client whose own delegations do not conflict with what the COMPOUND does. */
  LockClient client();

  /** The longest RPC reply, in bytes and without the record mark: {@code ca_maxresponsesize}. */
  int maxReplyBytes();

  /** The longest reply that can be remembered: {@code ca_maxresponsesize_cached}. */
  int maxCachedReplyBytes();

  /** Whether the client wants the reply remembered: {@code sa_cachethis}. */
  boolean isCached();

  /**
   * The COMPOUND has been answered, and what it changed is durable.
   *
   * @param reply has the results of the COMPOUND, from its status on, without the RPC header; to be
   *     copied if the reply is to be remembered
   * @param index where the results begin
   * @param lengthBytes how long they are; of a reply that is not {@link #isCached} perhaps without
   *     the data of a READ
   */
  void answered(Compound compound, ByteBuf reply, int index, int lengthBytes);

  /** The COMPOUND will not be answered: a defect, or a link of the call chain had it dropped. */
  void abandoned(Compound compound);
}
