/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.facsim.it.linux.Steps.LIMIT;

import java.util.List;

/**
 * The Linux kernel's own NFS server in the guest, over XFS with reflinks on a file in the guest's
 * memory. Exported as {@code /export}: root stays root, and calls may come from any port.
 */
final class KernelServer {
  static final int NFS_PORT = 2049;
  static final int MOUNT_PORT = 20_048;

  /** lockd's, see the guest's init. */
  static final int LOCK_PORT = 4045;

  static final List<Integer> PORTS = List.of(NFS_PORT, MOUNT_PORT, LOCK_PORT);
  static final String EXPORT = "/export";

  private KernelServer() {}

  /** Starts it. Nobody waits for its grace period: nothing can be reclaimed. */
  static void start(Guest guest) {
    guest.check(
        LIMIT,
        """
        set -e
        while read -r module; do insmod /modules/$module || true; done </modules/server
        mkdir -p /disk %1$s /var/lib/nfs/v4recovery /proc/fs/nfsd
        mount -t tmpfs -o size=360m tmpfs /disk
        truncate -s 512M /disk/image
        mkfs.xfs -q -m reflink=1 /disk/image
        losetup /dev/loop0 /disk/image
        mount -t xfs -o discard /dev/loop0 %1$s
        chmod 0777 %1$s
        [ -e /proc/fs/nfsd/threads ] || mount -t nfsd nfsd /proc/fs/nfsd
        pidof rpcbind >/dev/null || rpcbind
        : >/var/lib/nfs/etab; : >/var/lib/nfs/rmtab
        echo '%1$s *(rw,no_root_squash,insecure,no_subtree_check,fsid=7)' >/etc/exports
        rpc.mountd -p %2$d
        [ ! -e /proc/sys/fs/nfs/nlm_grace_period ] || echo 1 >/proc/sys/fs/nfs/nlm_grace_period
        rpc.nfsd 2
        exportfs -r
        echo Y >/proc/fs/nfsd/v4_end_grace
        """
            .formatted(EXPORT, MOUNT_PORT));
  }

  static void stop(Guest guest) {
    guest.run(
        LIMIT,
        """
        rpc.nfsd 0; exportfs -ua; killall rpc.mountd; umount %1$s; losetup -d /dev/loop0; umount /disk
        """
            .formatted(EXPORT));
  }
}
