/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;

/** A command of the shell. */
interface Command {
  /**
   * Runs it.
   *
   * @param arguments without its own name
   * @return what it printed
   * @throws CommandFailure if it fails
   */
  String run(List<String> arguments);
}
