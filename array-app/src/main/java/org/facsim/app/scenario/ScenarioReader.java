/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.nio.file.Path;
import java.util.List;

/** Reads scenarios. Everything that is wrong with a file is reported at once. */
final class ScenarioReader {
  /** The schema of scenarios, on the class path. */
  static final String SCHEMA = "/org/facsim/app/scenario/scenario.schema.json";

  /** The schema takes a moment to compile, so it is compiled once, when it is first needed. */
  private static final class Compiled {
    static final FileSchema SCHEMA_OF_SCENARIOS = FileSchema.of(SCHEMA);
  }

  private ScenarioReader() {}

  /**
   * Reads a file.
   *
   * @throws WrongFileException if it is no scenario; names file, line, column and what is allowed
   */
  static Scenario read(Path file) throws WrongFileException {
    return read(YamlFile.read(file));
  }

  /**
   * Reads a text.
   *
   * @param name by which problems name the file
   * @throws WrongFileException as {@link #read(Path)}
   */
  static Scenario parse(String yaml, String name) throws WrongFileException {
    return read(YamlFile.parse(yaml, name));
  }

  private static Scenario read(YamlFile file) throws WrongFileException {
    Compiled.SCHEMA_OF_SCENARIOS.check(file);
    YamlNode root = file.root();
    Site site = SiteReader.read(root);
    Names names = new Names(site);
    List<Scenario.Step> steps =
        root.get("steps").map(list -> StepReader.read(names, list)).orElse(List.of());
    file.requireFlawless();
    return new Scenario(
        file.name(),
        root.text("name").orElseThrow(),
        (int) root.number("number", 0),
        root.text("title").orElseThrow(),
        root.text("story").orElse("").strip(),
        site,
        steps,
        names.figuresByMark());
  }
}
