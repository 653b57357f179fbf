/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

/** Which callers' ids an export replaces by the anonymous ones. */
public enum Squash {
  /** Those of no caller: what an ESXi host needs, because it works as root. */
  NONE,
  /** Those of user 0 and group 0. */
  ROOT,
  /** Those of every caller. */
  ALL
}
