/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

/** Files and names over NFSv4.2. */
class KernelFiles42IT extends KernelFiles {
  KernelFiles42IT() {
    super("4.2");
  }
}
