/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** How a connection is protected. */
public enum ConnectionSecurity {
  /** Not at all. */
  NONE,
  /** By TLS, in which this server proved who it is. */
  TLS,
  /** By TLS, in which the client proved who it is, too. */
  MUTUAL_TLS
}
