/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.function.LongConsumer;

/**
 * What a transaction group needs of one volume's payload: the slots that were written since the
 * group before it, some of which its metadata names. They must be as durable as the group itself.
 */
public interface GroupPayload {
  int volume();

  /** How many slots {@link #forEachSlot} names. */
  int slotCount();

  /** Names the slots; one that was written twice may be named twice. */
  void forEachSlot(LongConsumer slot);

  /**
   * Makes them durable in this node's own payload store.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO; to be called again before the group is
   *     appended again
   */
  void force();
}
