/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Objects;

/**
 * The one exception for expected outcomes. It carries no stack trace, because it is an answer and
 * not a defect. When an operation throws it, the operation has changed nothing, unless its
 * description says otherwise.
 */
public final class ArrayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ArrayError error;

  /**
   * @param error what happened
   * @param message names what was wrong and what is allowed, for a log or a person
   */
  public ArrayException(ArrayError error, String message) {
    super(message, null, false, false);
    this.error = Objects.requireNonNull(error);
  }

  public ArrayError error() {
    return error;
  }
}
