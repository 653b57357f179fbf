/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;

/** A link has decided with which of the door's own statuses a call is answered. */
public final class StatusRefusal extends LinkDecision {
  private static final long serialVersionUID = 1L;

  private final transient DoorStatus status;

  /**
   * @param label of the verdict; empty if it has none
   */
  StatusRefusal(DoorStatus status, String label) {
    super("answered " + status.name() + " by " + CallDecisions.linkInWords(label));
    this.status = Objects.requireNonNull(status);
  }

  /** What the door answers; never one of RPC's. */
  public DoorStatus status() {
    return status;
  }
}
