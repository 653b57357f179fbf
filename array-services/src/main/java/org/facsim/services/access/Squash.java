/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

/** Whose identity an export replaces by the anonymous one. */
public enum Squash {
  /** Nobody's: what an ESXi host needs, which works as root. */
  NONE,
  /** That of user 0 and group 0. */
  ROOT,
  /** Everybody's. */
  ALL
}
