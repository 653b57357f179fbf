/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.Sets;
import java.util.Set;

/** How a connection is protected, in the notation of the export option {@code xprtsec=}. */
public enum TransportSecurity {
  /** Not at all. */
  NONE("none"),
  /** TLS, in which the server proved who it is. */
  TLS("tls"),
  /** TLS, in which the client proved who it is, too. */
  MTLS("mtls");

  private final String text;

  TransportSecurity(String text) {
    this.text = text;
  }

  /** Every kind, which an export admits unless its rules say something else. */
  static Set<TransportSecurity> standard() {
    return Sets.immutableEnumSet(NONE, TLS, MTLS);
  }

  /** The kind in the notation of the export option {@code xprtsec=}. */
  @Override
  public String toString() {
    return text;
  }
}
