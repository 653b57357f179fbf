/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

/** How a precondition stands, the worst last. */
public enum Verdict {
  /** It holds. */
  PASS,
  /** Nobody could look, because something more fundamental is in the way. */
  SKIP,
  /** It holds for now, or some offloads are lost. */
  WARN,
  /** It does not hold: clones are copied by the host. */
  FAIL
}
