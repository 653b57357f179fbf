/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code facsim demo}: replays the article's table; joins once hosts and doors are in place. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {"Clones virtual machines and shows who copied what.", ""})
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() throws CommandFailedException {
    throw new CommandFailedException("the simulated hosts are not in this build", null);
  }
}
