/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.Optional;

/** The files among which a foreign disk lies, wherever they are. */
public interface VmdkDirectory {
  /**
   * Opens a file.
   *
   * @param name a plain file name
   * @return empty if there is none
   */
  Optional<VmdkFile> open(String name);
}
