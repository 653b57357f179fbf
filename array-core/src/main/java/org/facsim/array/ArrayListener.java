/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Set;

/**
 * Hears that volumes went or came back: for doors, which keep things by volume and by file.
 *
 * <p>Called on the thread that made the change, before its call returns, outside of all locks of
 * volumes, and in the order of the changes. It must not delete volumes or restore states itself.
 */
@FunctionalInterface
public interface ArrayListener {
  /**
   * A volume was deleted or a named state restored; files of any volume may be gone after that,
   * too: {@link Inode#isGone}.
   *
   * @param gone deleted, or not in the state; may come back with a named state
   * @param returned not there before, and in the state
   */
  void changed(Set<Volume> gone, Set<Volume> returned);
}
