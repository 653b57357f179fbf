/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

/** Files and names over NFSv4.1. */
class KernelFiles41IT extends KernelFiles {
  KernelFiles41IT() {
    super("4.1");
  }
}
