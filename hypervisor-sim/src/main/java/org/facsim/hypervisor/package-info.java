/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A simulated ESXi host, which meets the array on the wire only.
 *
 * <p>Start here. {@link org.facsim.hypervisor.SimulatedHost} mounts datastores, and makes, clones
 * and destroys virtual machines; {@link org.facsim.hypervisor.operation.VmOperations} does
 * everything else with them. {@link org.facsim.hypervisor.HostOptions} holds its settings: name,
 * release, connections, policies, advanced settings and time. What they take and return lives in
 * the packages below:
 *
 * <table>
 *   <caption>Packages of a host; each may see only those named in its row</caption>
 *   <tr><th>package</th><th>what lives there</th><th>may see</th></tr>
 *   <tr><td>{@link org.facsim.hypervisor.console}</td>
 *       <td>the commands that an administrator types on a host</td>
 *       <td>all of a host</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.operation}</td>
 *       <td>what an administrator can have a host do with VMs, as tasks</td>
 *       <td>{@code backup}, {@code clone}, {@code mover}, {@code vm}, {@code guest}, {@code
 *           datastore}, {@code task}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.backup}</td>
 *       <td>backup through a VDDK-like reader</td>
 *       <td>{@code vm}, {@code guest}, {@code datastore}, {@code task}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.clone}</td>
 *       <td>who copies, and the tasks that clone and move</td>
 *       <td>{@code mover}, {@code vm}, {@code guest}, {@code datastore}, {@code task}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.mover}</td>
 *       <td>the data mover, and the verifier that reads a disk back</td>
 *       <td>{@code vm}, {@code guest}, {@code datastore}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.vm}</td>
 *       <td>virtual machines, disks, redo logs, snapshots</td>
 *       <td>{@code guest}, {@code vmdk}, {@code datastore}, {@code task}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.task}</td>
 *       <td>tasks with VMware's states and faults</td>
 *       <td>{@code datastore}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.vmdk}</td>
 *       <td>the formats of disks</td>
 *       <td>nothing</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.activity}</td>
 *       <td>guests at work: their workloads by the host's time</td>
 *       <td>{@code vm}, {@code guest}, {@code datastore}, {@code time}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.catalog}</td>
 *       <td>the guests that hosts know, read from YAML</td>
 *       <td>{@code guest}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.guest}</td>
 *       <td>operating systems, quiescing, what guests write</td>
 *       <td>nothing</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.datastore}</td>
 *       <td>NFS mounts: connections, files, locks, VAAI-NAS</td>
 *       <td>{@code org.facsim.protocol}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.log}</td>
 *       <td>{@code vmkernel.log} and events; every part may see it</td>
 *       <td>{@code time}</td></tr>
 *   <tr><td>{@link org.facsim.hypervisor.time}</td>
 *       <td>what a host's clock and timers are; every part may see it</td>
 *       <td>nothing</td></tr>
 * </table>
 *
 * <p>This package may see all of them but {@code console}, which drives it. The demo and the
 * scenarios of {@code integration-tests} use it, and so may any program that needs a host. Only
 * {@code datastore} may see {@code org.facsim.protocol}, and none of them may see the array.
 */
package org.facsim.hypervisor;
