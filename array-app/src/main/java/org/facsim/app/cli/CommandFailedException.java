/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

/** A command cannot do what it was asked to do. The message is the one line that the user sees. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final int httpStatus;

  CommandFailedException(String message) {
    this(message, 0);
  }

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
    this.httpStatus = 0;
  }

  /** The array refused what it was asked. */
  CommandFailedException(String message, int httpStatus) {
    super(message);
    this.httpStatus = httpStatus;
  }

  /** Whether the array refused it because of how it was asked: wrong usage, for some commands. */
  boolean isBadRequest() {
    return httpStatus == BAD_REQUEST;
  }

  /** Whether what it was asked for is not there. */
  boolean isNotFound() {
    return httpStatus == NOT_FOUND;
  }
}
