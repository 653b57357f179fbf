/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Optional;
import org.facsim.array.Volume;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportTable;

/** Exports: who may do what on which volume. A change applies from each client's next call on. */
public final class ExportControl {
  private final ExportTable exports;

  ExportControl(ExportTable exports) {
    this.exports = exports;
  }

  /** How a volume is exported; empty if it is not. */
  public Optional<Export> of(Volume volume) {
    return Optional.ofNullable(exports.ofVolume(volume.id()));
  }

  /**
   * Replaces the rules of a volume, and exports it if it was not.
   *
   * @param rules at most {@link Export#MAX_RULES}; if there are none, no client is admitted
   * @throws org.facsim.array.ArrayException STALE, NO_SPACE, IO; then nothing changed
   */
  public Export set(Volume volume, List<ExportRule> rules) {
    return exports.export(volume, rules);
  }

  /**
   * Ends an export. Handles that clients hold become stale.
   *
   * @throws org.facsim.array.ArrayException as {@link #set}
   */
  public void withdraw(Volume volume) {
    exports.withdraw(volume);
  }
}
