/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What a caller is about to do with a file, as far as delegations are concerned. */
public enum Intent {
  /** Look at its data, size or times, which a client with a write delegation may have newer. */
  LOOK,
  /** Change its data, attributes, names or existence. */
  CHANGE;

  /** Whether it must wait until another client's delegation has ended. */
  boolean conflictsWith(DelegationKind kind) {
    return this == CHANGE || kind == DelegationKind.WRITE;
  }
}
