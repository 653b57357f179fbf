/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.List;
import org.facsim.array.inode.InodeHome;

/** Says which volumes there are on both sides of an edge in the tree of named states. */
public interface VolumeSides {
  /** Whether only one side of an edge has a volume. */
  boolean differs(long edge, InodeHome volume);

  /** Returns how the sides of an edge differ in a volume itself; null if they do not. */
  InodeDifference.Kind kindAt(long edge, InodeHome volume);

  /**
   * Whether a state has a volume.
   *
   * @param path from the state from which the live array comes
   */
  boolean isThere(InodeHome volume, List<Long> path);
}
