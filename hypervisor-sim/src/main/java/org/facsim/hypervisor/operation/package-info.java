/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an administrator can have a host do with VMs, each as a task.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.operation.VmOperations} is the door: one method for each
 *       operation, named after VMware's task; it has the host's inventory of {@link
 *       org.facsim.hypervisor.operation.RegisteredVm}s and its tasks.
 *   <li>The requests say what is wanted: {@link org.facsim.hypervisor.operation.SnapshotRequest},
 *       {@link org.facsim.hypervisor.operation.LinkedCloneRequest}, {@link
 *       org.facsim.hypervisor.operation.RegisterRequest}, and those of {@code clone}.
 * </ul>
 *
 * <p>May see {@code task}, {@code clone}, {@code mover}, {@code vm}, {@code guest} and {@code
 * datastore}. Used by {@link org.facsim.hypervisor.SimulatedHost} and by whoever drives a host.
 */
package org.facsim.hypervisor.operation;
