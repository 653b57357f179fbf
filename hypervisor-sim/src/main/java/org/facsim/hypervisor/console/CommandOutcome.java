/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

/**
 * What a command left on a host's terminal.
 *
 * @param exitCode 0 if it succeeded
 * @param out what it printed; each line ends with a line feed
 * @param err what it complained about, likewise
 */
public record CommandOutcome(int exitCode, String out, String err) {
  static CommandOutcome printed(String out) {
    return new CommandOutcome(0, out, "");
  }
}
