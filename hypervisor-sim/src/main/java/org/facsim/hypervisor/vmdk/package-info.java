/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The formats of virtual disks, as bytes and text.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.vmdk.DiskDescriptor} is the text file {@code .vmdk}; its
 *       extent has an {@link org.facsim.hypervisor.vmdk.ExtentType}.
 *   <li>{@link org.facsim.hypervisor.vmdk.RedoLogHeader} is the first sector of a redo log
 *       (vmfsSparse, "COWD") and its geometry.
 *   <li>{@link org.facsim.hypervisor.vmdk.VmdkFormatException} says what is wrong with either.
 * </ul>
 *
 * <p>Does no I/O and sees no other package. Used by {@code vm}, whose tests check the formats with
 * {@code qemu-img}.
 */
package org.facsim.hypervisor.vmdk;
