/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * Decides how a host and the Tools in a guest quiesce: a pure function of the guest, its
 * configuration, its number of disks and the host's release.
 */
@FunctionalInterface
public interface QuiescePolicy {
  /**
   * What happens when a running VM is quiesced.
   *
   * @param diskCount disks of the VM, 1 or more
   */
  QuiescePlan plan(
      GuestSpec guest, GuestConfiguration configuration, int diskCount, EsxiVersion esxi);

  /**
   * As the guest's row of its {@link GuestTable} says. If one thing is missing that the row needs,
   * the guest is quiesced at the file-system level, which needs one redo log only.
   */
  static QuiescePolicy observed() {
    return TableQuiescePolicy::plan;
  }
}
