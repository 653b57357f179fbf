/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The formats of virtual disks, as bytes and text.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.vmdk.DescriptorText} is what the text file {@code .vmdk} of
 *       any maker says, with its {@link org.facsim.hypervisor.vmdk.CreateType} and {@link
 *       org.facsim.hypervisor.vmdk.ExtentLine}s; {@link org.facsim.hypervisor.vmdk.DiskDescriptor}
 *       is that of a disk that a host runs. An extent has an {@link
 *       org.facsim.hypervisor.vmdk.ExtentType}.
 *   <li>{@link org.facsim.hypervisor.vmdk.RedoLogHeader} is the head of a redo log in the format
 *       vmfsSparse ("COWD"), {@link org.facsim.hypervisor.vmdk.SeSparseLayout} that of one in the
 *       format SEsparse; {@link org.facsim.hypervisor.vmdk.ChangeTrackHeader} that of a
 *       change-tracking file.
 *   <li>{@link org.facsim.hypervisor.vmdk.ForeignDisk} reads disks of other programs, sparse ones
 *       ({@link org.facsim.hypervisor.vmdk.SparseExtentHeader}, "KDMV") among them, through the
 *       interfaces {@link org.facsim.hypervisor.vmdk.VmdkDirectory} and {@link
 *       org.facsim.hypervisor.vmdk.VmdkFile}.
 *   <li>{@link org.facsim.hypervisor.vmdk.VmdkFormatException} says what is wrong with any of them.
 * </ul>
 *
 * <p>Does no I/O of its own and sees no other package. Used by {@code vm}, whose tests check the
 * formats with {@code qemu-img}.
 */
package org.facsim.hypervisor.vmdk;
