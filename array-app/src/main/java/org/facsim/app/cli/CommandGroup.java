/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has subcommands. Calling it without one of them is wrong usage. */
abstract class CommandGroup implements Runnable {
  @Spec private CommandSpec spec;

  /** The specification of this command, which knows where its output goes. */
  final CommandSpec spec() {
    return spec;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
