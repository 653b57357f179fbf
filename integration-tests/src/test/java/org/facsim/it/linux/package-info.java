/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Linux kernel's own NFS client against {@code ./facsim serve}: Debian's kernel boots in qemu,
 * emulated and without KVM, with a file system in memory that holds the mount tools of the host and
 * our C programs. Each test is a step in the guest and prints what it checked. May see everything;
 * skips itself by name where the kernel or a tool is missing.
 */
package org.facsim.it.linux;
