/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.random.RandomGenerator;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/** Draws content ids of disks. */
final class ContentIds {
  private ContentIds() {}

  /** Any but those with a meaning. */
  static int next(RandomGenerator random) {
    int id;
    do {
      id = random.nextInt();
    } while (id == DiskDescriptor.NO_PARENT || id == DiskDescriptor.NEVER_WRITTEN);
    return id;
  }
}
