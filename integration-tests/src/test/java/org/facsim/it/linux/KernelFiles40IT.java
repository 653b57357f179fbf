/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

/** Files and names over NFSv4.0. */
class KernelFiles40IT extends KernelFiles {
  KernelFiles40IT() {
    super("4.0");
  }
}
