/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

/** What a durable volume tells of what it keeps for named states; under the volume's lock. */
public interface DeltaListener {
  void changed(Delta delta);

  void changed(InodeDifference difference);
}
