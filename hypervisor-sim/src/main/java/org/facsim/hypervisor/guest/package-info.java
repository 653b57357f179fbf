/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The guest: its operating system, how it is quiesced, and what it writes. Pure values and
 * functions.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.guest.GuestTable} holds the guests that hosts know: {@link
 *       org.facsim.hypervisor.guest.GuestSpec}s in {@link
 *       org.facsim.hypervisor.guest.GuestFamily}s, each with its {@link
 *       org.facsim.hypervisor.guest.GuestQuiescing} and {@link
 *       org.facsim.hypervisor.guest.GuestSource}. {@link
 *       org.facsim.hypervisor.guest.GuestConfiguration} (with the {@link
 *       org.facsim.hypervisor.guest.ControllerType} of the disks) is how one VM's guest is set up.
 *   <li>{@link org.facsim.hypervisor.guest.QuiescePolicy} decides how the host and the Tools in the
 *       guest quiesce, which also depends on the {@link org.facsim.hypervisor.guest.EsxiVersion}. A
 *       {@link org.facsim.hypervisor.guest.QuiescePlan} has the {@link
 *       org.facsim.hypervisor.guest.QuiesceLevel}, by whom ({@link
 *       org.facsim.hypervisor.guest.QuiescedBy}), how many redo logs that leaves per disk, and how
 *       each {@link org.facsim.hypervisor.guest.QuiesceRequirement} stands.
 *   <li>{@link org.facsim.hypervisor.guest.GuestWorkload} is what a running guest does to its
 *       disks: {@link org.facsim.hypervisor.guest.GuestIo} by {@link
 *       org.facsim.hypervisor.guest.WorkloadProfile}. {@link
 *       org.facsim.hypervisor.guest.TrimManners} is whether it sends TRIM.
 *   <li>{@link org.facsim.hypervisor.guest.DiskContents} is what a disk must hold, as a function
 *       from an offset to a word; it grows by {@link org.facsim.hypervisor.guest.WriteRun}s. {@link
 *       org.facsim.hypervisor.guest.DiskLayout} says where a guest puts its data, {@link
 *       org.facsim.hypervisor.guest.VssWriters} what VSS and its writers add while they quiesce.
 * </ul>
 *
 * <p>Does no I/O and sees no other package. Used by all of a host's packages except {@code
 * datastore}. The caller that makes a VM names its guest.
 */
package org.facsim.hypervisor.guest;
