/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.facsim.services.units.NearestWord;

/**
 * The scenarios that come with the program, as resources, in the order of the file {@code index}.
 */
public final class ShippedScenarios {
  private static final String FOLDER = "/org/facsim/app/scenario/shipped/";

  private ShippedScenarios() {}

  /** Their names, in order. */
  public static List<String> names() {
    return text("index").lines().filter(line -> !line.isBlank()).toList();
  }

  /** The file of a scenario, as it is. */
  public static String yaml(String name) {
    return text(name + ".yaml");
  }

  /** All of them, in order. */
  public static List<Scenario> all() {
    return names().stream().map(ShippedScenarios::scenario).toList();
  }

  /** One of them. */
  public static Scenario scenario(String name) {
    try {
      return ScenarioReader.parse(yaml(name), name + ".yaml");
    } catch (WrongFileException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The scenarios that a word on the command line stands for: {@code all}, a name, or a file.
   *
   * @throws IllegalArgumentException says what is allowed
   * @throws WrongFileException if a file is no scenario
   */
  public static List<Scenario> find(String word) throws WrongFileException {
    List<String> names = names();
    if (word.equals("all")) {
      return all();
    } else if (names.contains(word)) {
      return List.of(scenario(word));
    }
    Path file = Path.of(word);
    if (Files.isRegularFile(file)) {
      return List.of(ScenarioReader.read(file));
    }
    List<String> known = new ArrayList<>(names);
    known.add("all");
    throw new IllegalArgumentException(
        "'"
            + word
            + "' is no scenario and no file"
            + NearestWord.didYouMean(word, known)
            + "; allowed: all, a YAML file, or a name from 'facsim scenario list'");
  }

  /**
   * Checks that a scenario of this name is shipped.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  public static void requireShipped(String name) {
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not shipped"
              + NearestWord.didYouMean(name, names())
              + "; allowed: a name from 'facsim scenario list'");
    }
  }

  private static String text(String name) {
    String resource = FOLDER + name;
    try (InputStream in =
        Objects.requireNonNull(ShippedScenarios.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
