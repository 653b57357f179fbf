/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

/** A command cannot do what it was asked to do. The message is the one line that the user sees. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
