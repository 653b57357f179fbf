/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.security.SecureRandom;
import java.util.Optional;
import org.facsim.app.lab.Lab;
import org.facsim.app.scenario.WrongFileException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code facsim serve} for a lab beside the array. */
final class LabOptions {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Seeds that are easy to type. */
  private static final int MAX_DRAWN = 1_000_000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--lab",
      paramLabel = "NAME|FILE",
      description = {
        "Runs a lab beside the array: simulated hosts and VMs, and an incident to find and mend. A"
            + " name of 'facsim lab list', or a file; see docs/labs.md. The HTTP door opens, too."
      })
  private String lab;

  @Option(
      names = "--lab-seed",
      paramLabel = "NUMBER",
      description = {
        "From which the lab draws its names and numbers, so that neighbours cannot copy.",
        "By default another one at each start; 'facsim lab status' shows it."
      })
  private Long seed;

  /**
   * Reads the lab, if there is one.
   *
   * @throws ParameterException if the file is wrong
   */
  Optional<Lab> read() {
    if (lab == null) {
      if (seed != null) {
        throw new ParameterException(
            spec.commandLine(), "--lab-seed without a lab; allowed: with --lab only");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(Lab.read(lab, seed == null ? RANDOM.nextInt(MAX_DRAWN) : seed));
    } catch (WrongFileException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
