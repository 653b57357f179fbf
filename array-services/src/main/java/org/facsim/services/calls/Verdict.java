/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/**
 * What a link decides at one of the points of a call. Immutable and shared: a link makes a verdict
 * once, usually when a fault is installed, and returns it for each call that it applies to.
 */
public sealed interface Verdict permits ArrivalVerdict, OperationVerdict, ReplyVerdict {
  /**
   * What the verdict is called in a journal, for example the id of the rule that it comes from; the
   * empty text if the verdict lets the call pass.
   */
  String label();

  /** Whether the verdict changes nothing, so that the links behind may decide. */
  boolean passes();
}
