/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Backup of VMs through a reader like VMware's Virtual Disk Development Kit.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.backup.BackupTask} makes a backup: full, or of what changed
 *       since an earlier one ({@link org.facsim.hypervisor.backup.BackupRequest}, {@link
 *       org.facsim.hypervisor.backup.BackupResult}).
 *   <li>{@link org.facsim.hypervisor.backup.VddkReader} opens one disk of a snapshot, as far as its
 *       {@link org.facsim.hypervisor.backup.VddkVersion} can.
 * </ul>
 *
 * <p>May see {@code task}, {@code vm}, {@code guest} and {@code datastore}.
 */
package org.facsim.hypervisor.backup;
