/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

/** Somebody keeps a state, so that what was asked for is refused. The message says who and why. */
public final class StateHeldException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  StateHeldException(String message) {
    super(message);
  }
}
