/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.log;

import java.time.Instant;

/**
 * Something that a host reports by name, as {@code vobd.log} and the event list of the field spell
 * it.
 *
 * @param at by the host's time
 * @param host its name
 * @param type such as {@link #APD_START}
 * @param datastore the label of the datastore that it is about
 * @param message for people
 */
public record HostEvent(Instant at, String host, String type, String datastore, String message) {
  public static final String APD_START = "esx.problem.storage.apd.start";
  public static final String APD_TIMEOUT = "esx.problem.storage.apd.timeout";
  public static final String APD_RECOVERED = "esx.problem.storage.apd.recovered";

  /** The heartbeats of an NFS datastore fail. */
  public static final String NFS_DISCONNECT = "esx.problem.vmfs.nfs.server.disconnect";

  /** They are answered again. */
  public static final String NFS_RESTORED = "esx.problem.vmfs.nfs.server.restored";

  /** An export could not be mounted. */
  public static final String NFS_MOUNT_FAILED = "esx.problem.vmfs.nfs.mount.connect.failed";
}
