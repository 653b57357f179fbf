/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Cloning and moving a virtual machine: who copies the data, and the tasks that do all of it.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.clone.CloneVmTask} quiesces, decides, makes the destination,
 *       has the data moved and removes the snapshot. It takes a {@link
 *       org.facsim.hypervisor.clone.CloneRequest}, goes by {@link
 *       org.facsim.hypervisor.clone.ClonePolicies} and returns a {@link
 *       org.facsim.hypervisor.clone.CloneResult}, with what the counters of the wire say.
 *   <li>{@link org.facsim.hypervisor.clone.RelocateVmTask} moves a VM to another datastore, also
 *       while it runs, by the same policies.
 *   <li>{@link org.facsim.hypervisor.clone.CloneOffloadPolicy} is the decision, a pure function
 *       from a {@link org.facsim.hypervisor.clone.CloneSituation} (with the {@link
 *       org.facsim.hypervisor.clone.Placement} of source and destination) to a {@link
 *       org.facsim.hypervisor.clone.CloneDecision}: a {@link
 *       org.facsim.hypervisor.clone.CloneMethod} and the reason, in words that an administrator
 *       understands. The policy of ESXi is a list of {@link
 *       org.facsim.hypervisor.clone.CloneRule}s, each judged with its evidence ({@link
 *       org.facsim.hypervisor.clone.RuleFinding}); {@code CloneDecisionTable} documents it.
 *   <li>{@link org.facsim.hypervisor.clone.HostExplanation} is all of that about one clone: the
 *       host's half of "offloaded? if not, why?".
 * </ul>
 *
 * <p>If the array fails to clone, the host copies silently, as real hosts do. Only the result and
 * the WRITEs on the wire show it.
 *
 * <p>May see {@code mover}, {@code vm}, {@code guest}, {@code datastore} and {@code task}. Used by
 * {@code operation} and {@link org.facsim.hypervisor.SimulatedHost}; the demo and the scenarios
 * make requests and read results.
 */
package org.facsim.hypervisor.clone;
