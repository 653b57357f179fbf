/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.net.InetSocketAddress;

/**
 * A simulated ESXi host: the door for tests and demos. It meets the array only on the wire. Its
 * calls block until done.
 */
public final class SimulatedHost implements AutoCloseable {
  public SimulatedHost(HostOptions options) {}

  public String name() {
    throw new UnsupportedOperationException("contract");
  }

  public EsxiVersion version() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Mounts an export whose server answers NFS, MOUNT and VAAI on one port.
   *
   * @param datastoreName the host's name for it
   * @param exportPath such as {@code /datastore1}
   */
  public Datastore mount(String datastoreName, InetSocketAddress server, String exportPath) {
    throw new UnsupportedOperationException("contract");
  }

  /** Makes the files of a VM; its disks are thin and empty until the guest writes. */
  public VirtualMachine createVm(Datastore datastore, VmSpec spec) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Clones a VM, hot if it runs. Falls back to the host's data mover silently, as hosts do, and
   * says so in the result.
   *
   * @throws DatastoreException if the clone failed; nothing of it is left behind
   */
  public CloneResult cloneVm(VirtualMachine source, CloneRequest request) {
    throw new UnsupportedOperationException("contract");
  }

  /** Powers off its VMs and closes its mounts. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("contract");
  }
}
