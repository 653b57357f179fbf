/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.function.LongConsumer;

/**
 * The payload of one volume that a transaction group needs: the slots that were written since the
 * group before it. The group's metadata names some of them, so they must be as durable as the
 * group.
 */
public interface GroupPayload {
  int volume();

  /** How many slots {@link #forEachSlot} names. */
  int slotCount();

  /** Names the slots. A slot that was written twice may be named twice. */
  void forEachSlot(LongConsumer slot);

  /**
   * Makes them durable in this node's own payload store.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO; then it is called again before the group
   *     is appended again
   */
  void force();
}
