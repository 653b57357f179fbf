/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A scenario as its file declares it.
 *
 * @param file as the user named it, for the lines of expectations
 * @param number in the list of known situations; 0 if it has none
 * @param title what it shows, in a sentence
 * @param story the background; may be empty
 * @param site what is there at the beginning
 * @param steps what is done, in order
 * @param figuresByMark what must be read of the ledgers at each mark
 */
public record Scenario(
    String file,
    String name,
    int number,
    String title,
    String story,
    Site site,
    List<Step> steps,
    Map<String, List<LedgerFigure>> figuresByMark) {
  public Scenario {
    figuresByMark = Map.copyOf(figuresByMark);
    Objects.requireNonNull(site);
    steps = List.copyOf(steps);
  }

  /**
   * One operation and what is expected after it.
   *
   * @param line of the file
   * @param words what it does, in a sentence
   * @param mark the name that the moment after it gets; empty for none
   */
  record Step(
      int line, String words, Optional<String> mark, Operation operation, List<Check> checks) {
    Step {
      checks = List.copyOf(checks);
    }
  }

  /** What is done in a step. */
  @FunctionalInterface
  interface Operation {
    /**
     * Does it.
     *
     * @return what became of it; an operation that an operator would see fail does not throw
     */
    Outcome run(Stage stage);
  }
}
