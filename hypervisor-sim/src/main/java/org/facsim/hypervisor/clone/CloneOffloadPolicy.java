/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

/**
 * Decides whether a clone goes to the array or through the host. Pure: same situation, same
 * decision.
 *
 * <p>The clone primitive copies one whole file. It can therefore stand in for the host only if the
 * state to be copied of every disk <em>is</em> one whole file: the frozen base. A snapshot as such
 * is no obstacle (every hot clone takes one); a state that is a base plus a redo log is.
 */
@FunctionalInterface
public interface CloneOffloadPolicy {
  CloneDecision decide(CloneSituation situation);

  /** As ESXi does. */
  static CloneOffloadPolicy esxi() {
    return EsxiCloneOffloadPolicy::decide;
  }
}
