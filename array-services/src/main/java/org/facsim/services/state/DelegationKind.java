/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What a client may do with a file without asking: RFC 8881 section 10.4. */
public enum DelegationKind {
  /** Read what it has cached, open for reading: nobody else changes the file. */
  READ,
  /** Change it and tell later: nobody else opens it at all. */
  WRITE;

  /** What another client's open or lock may not do beside it. */
  boolean conflictsWith(DelegationKind other) {
    return this == WRITE || other == WRITE;
  }
}
