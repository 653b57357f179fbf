/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.services.state.Grace;

/**
 * Who may reclaim after a restart: RFC 8881 section 8.4.2.1. Whoever only calls itself by the name
 * of another client may not.
 *
 * @param principal as {@link Principal#text}; {@link #ANY} in a record of an earlier format, which
 *     had none
 */
record Claimant(Client4.Name name, String principal) {
  static final String ANY = "";

  static Claimant of(Client4 client) {
    return new Claimant(client.name(), Principal.text(client.principal()));
  }

  private Claimant withAnyPrincipal() {
    return new Claimant(name, ANY);
  }

  boolean mayReclaim(Grace grace) {
    return grace.mayReclaim(this) || grace.mayReclaim(withAnyPrincipal());
  }

  void hasReclaimed(Grace grace) {
    grace.finished(this);
    grace.finished(withAnyPrincipal());
  }
}
