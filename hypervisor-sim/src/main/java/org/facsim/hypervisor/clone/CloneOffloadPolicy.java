/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

/**
 * Decides whether the array clones or the host copies. A pure function: the same situation always
 * gives the same decision.
 *
 * <p>The clone primitive copies one whole file. It can therefore replace a host copy only if the
 * state to be copied <em>is</em> one whole file for every disk: the frozen base. A snapshot alone
 * prevents nothing (every hot clone takes one). A state that consists of a base and a redo log
 * prevents the offload.
 */
@FunctionalInterface
public interface CloneOffloadPolicy {
  CloneDecision decide(CloneSituation situation);

  /** As ESXi does. */
  static CloneOffloadPolicy esxi() {
    return EsxiCloneOffloadPolicy::decide;
  }
}
