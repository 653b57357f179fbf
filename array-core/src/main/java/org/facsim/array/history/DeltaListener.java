/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

/** Hears what a durable volume keeps for named states. The volume's lock is held. */
public interface DeltaListener {
  void changed(Delta delta);

  void changed(InodeDifference difference);
}
