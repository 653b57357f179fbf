/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

/** A command cannot do what it was asked to do. The message is the one line that the user sees. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Of the answer of HTTP; 0 if the command failed for another reason. */
  private final int status;

  CommandFailedException(String message, Throwable cause) {
    this(message, cause, 0);
  }

  CommandFailedException(String message, Throwable cause, int status) {
    super(message, cause);
    this.status = status;
  }

  /** Whether the array says that it cannot be asked for this: wrong usage. */
  boolean isWrongUsage() {
    return status == 400;
  }
}
