/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

/**
 * What a test expected of the calls is not so, or cannot be known. An error as those of assertions
 * are, so that test frameworks report a failure and not a defect.
 */
public final class VerificationFailed extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final transient VerificationResult result;

  VerificationFailed(VerificationResult result) {
    super(result.toString());
    this.result = result;
  }

  public VerificationResult result() {
    return result;
  }
}
