/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import java.util.List;
import org.facsim.nfs.v4.Operation4;

/** The operations of this package. */
public final class SpaceOperations {
  private SpaceOperations() {}

  public static Operation4[] all() {
    return List.of(
            new Clone(),
            new Copy(),
            new Allocate(),
            new Deallocate(),
            new Seek(),
            new ReadPlus(),
            new IoAdvise())
        .toArray(Operation4[]::new);
  }
}
