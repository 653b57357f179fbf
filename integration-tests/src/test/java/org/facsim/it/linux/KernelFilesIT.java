/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

/** Files and names over NFSv3. */
class KernelFilesIT extends KernelFiles {
  KernelFilesIT() {
    super("3");
  }
}
