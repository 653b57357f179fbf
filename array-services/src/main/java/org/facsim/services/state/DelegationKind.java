/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What a client may do with a file without asking: RFC 8881 section 10.4. */
public enum DelegationKind {
  /** The client may use cached data and open for reading: no other client changes the file. */
  READ,
  /** The client may change the file and write back later: no other client opens it at all. */
  WRITE;

  /** Whether it conflicts with what another client does with the file, in terms of a kind. */
  boolean conflictsWith(DelegationKind other) {
    return this == WRITE || other == WRITE;
  }
}
