/* SPDX-License-Identifier: Apache-2.0 */
/**
 * NFS datastores. Everything that a host sends on the wire, it sends from this package.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.datastore.DatastoreMounts} mounts exports and keeps their
 *       connections alive; a {@link org.facsim.hypervisor.datastore.Datastore} is one mount, with
 *       its {@link org.facsim.hypervisor.datastore.PathState} (APD).
 *   <li>{@link org.facsim.hypervisor.datastore.AdvancedSettings} change how a host behaves; {@link
 *       org.facsim.hypervisor.datastore.HostSide} is what all mounts of a host have in common, and
 *       {@link org.facsim.hypervisor.datastore.HostNetwork} the threads that several may share.
 *   <li>{@link org.facsim.hypervisor.datastore.DatastoreFile} is an open file of it; {@link
 *       org.facsim.hypervisor.datastore.IoCounters} tell what was moved, by mount and by file, and
 *       an {@link org.facsim.hypervisor.datastore.IoSnapshot} what each VM does and how long it
 *       takes.
 *   <li>{@link org.facsim.hypervisor.datastore.LockKeeper} takes the locks of a running VM ({@code
 *       .lck-} files) and refreshes them.
 *   <li>{@link org.facsim.hypervisor.datastore.HardwareAcceleration} says what the array offloads
 *       (VAAI-NAS); {@link org.facsim.hypervisor.datastore.FileSpaceUse} says how much space a file
 *       takes. The datastore has the array clone and reserve; {@link
 *       org.facsim.hypervisor.datastore.OffloadException} says that it did not.
 *   <li>{@link org.facsim.hypervisor.datastore.InFlightWindow} and {@link
 *       org.facsim.hypervisor.datastore.UnstableTransfer} carry long transfers, with many calls in
 *       flight. They commit in stretches, and send a stretch again if the server restarted. {@link
 *       org.facsim.hypervisor.datastore.TransferProgress} is told how far a transfer is. {@link
 *       org.facsim.hypervisor.datastore.Replies} waits for one answer, as long as a host waits.
 *   <li>{@link org.facsim.hypervisor.datastore.DatastoreException}, with a {@link
 *       org.facsim.hypervisor.datastore.DatastoreError}, is the failure of anything on a datastore.
 * </ul>
 *
 * <p>Connections that outlive their server, NFSv3, the port mapper and the VAAI session are
 * package-private.
 *
 * <p>May see {@code org.facsim.protocol} and Netty, and knows nothing of virtual machines. Used by
 * all of a host's packages except {@code guest} and {@code vmdk}.
 */
package org.facsim.hypervisor.datastore;
