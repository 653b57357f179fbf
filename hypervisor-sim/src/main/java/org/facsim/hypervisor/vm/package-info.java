/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Virtual machines as files on a datastore, written and read over the wire.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.vm.VirtualMachine} is made from a {@link
 *       org.facsim.hypervisor.vm.VmSpec}: its directory, its small files, its snapshots and, while
 *       it runs, its locks. It also makes the disks and files of its clones.
 *   <li>{@link org.facsim.hypervisor.vm.VirtualDisk} is one disk of it, made from a {@link
 *       org.facsim.hypervisor.vm.DiskSpec}: base file, descriptor, redo logs. {@link
 *       org.facsim.hypervisor.vm.DiskProvisioning} tells which {@link
 *       org.facsim.hypervisor.vm.DiskFormat} was requested for it and which it has.
 *   <li>{@link org.facsim.hypervisor.vm.DiskChain} is a disk as a reader sees it: a base under redo
 *       logs of either {@link org.facsim.hypervisor.vm.RedoLogFormat}, resolved into {@link
 *       org.facsim.hypervisor.vm.Segment}s of files.
 *   <li>{@link org.facsim.hypervisor.vm.ChangeTracking} tells backup tools which {@link
 *       org.facsim.hypervisor.vm.DiskRange}s changed, or that a change id is no good ({@link
 *       org.facsim.hypervisor.vm.InvalidChangeIdException}). {@link
 *       org.facsim.hypervisor.vm.DiskTrim} says what became of a guest's trim.
 *   <li>{@link org.facsim.hypervisor.vm.DiskImport} makes a disk from one of another program, out
 *       of an {@link org.facsim.hypervisor.vm.ImportSource}.
 *   <li>{@link org.facsim.hypervisor.vm.VmSnapshot}s of a VM form a tree, and a disk's layers do;
 *       {@code ConsolidationPlan} says which layers nobody needs. A {@link
 *       org.facsim.hypervisor.vm.SnapshotSpec} says what is wanted.
 *   <li>{@link org.facsim.hypervisor.vm.VmRelocation} is a VM's files on their way to another
 *       datastore.
 *   <li>{@link org.facsim.hypervisor.vm.VmHost} is what a VM needs of its host.
 *   <li>{@link org.facsim.hypervisor.vm.QuiescedSnapshot} is the temporary snapshot of a hot clone;
 *       its {@link org.facsim.hypervisor.vm.FrozenDisk}s do not change while they are copied.
 * </ul>
 *
 * <p>Redo logs, their consolidation and the writer that stands for the guest are package-private.
 *
 * <p>May see {@code guest}, {@code vmdk}, {@code datastore} and {@code task}, and knows nothing of
 * clone tasks or the data mover. Used by {@link org.facsim.hypervisor.SimulatedHost}, {@code clone}
 * and {@code mover}.
 */
package org.facsim.hypervisor.vm;
