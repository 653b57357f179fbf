/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Operations of a host as tasks: their states, their progress, their faults, and how they are
 * canceled.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.task.TaskList} has a host's tasks and runs them; it starts a
 *       {@link org.facsim.hypervisor.task.TaskBody} and returns a {@link
 *       org.facsim.hypervisor.task.Task}, of which a {@link org.facsim.hypervisor.task.TaskInfo}
 *       tells the {@link org.facsim.hypervisor.task.TaskState}.
 *   <li>{@link org.facsim.hypervisor.task.TaskContext} is what the body sees of its task.
 *   <li>{@link org.facsim.hypervisor.task.MethodFault} is why a task failed: a {@link
 *       org.facsim.hypervisor.task.FaultType}, named as in VMware's API, and the array's word.
 * </ul>
 *
 * <p>May see {@code datastore}, for its errors and for progress. Knows nothing of VMs.
 */
package org.facsim.hypervisor.task;
