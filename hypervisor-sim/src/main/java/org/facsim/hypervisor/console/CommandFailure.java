/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

/** A command fails: with an exit code, after what it printed. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String printed;

  /**
   * @param message of one line or more, without a line feed at the end
   */
  CommandFailure(int exitCode, String message) {
    this(exitCode, "", message);
  }

  CommandFailure(int exitCode, String printed, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
    this.printed = printed;
  }

  CommandOutcome outcome() {
    return new CommandOutcome(exitCode, printed, getMessage() + "\n");
  }
}
