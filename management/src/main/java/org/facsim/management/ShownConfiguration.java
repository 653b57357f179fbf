/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;

/**
 * What the program says of itself at {@code /api/v1/configuration}. It must not contain secrets.
 *
 * @param version of the program; null if it is not known
 * @param settings the options in force, in their order
 */
public record ShownConfiguration(String version, List<Setting> settings) {
  /** Nothing is known of the program. */
  public static final ShownConfiguration NONE = new ShownConfiguration(null, List.of());

  public ShownConfiguration {
    settings = List.copyOf(settings);
  }

  /**
   * An option in force.
   *
   * @param name as on the command line, without the dashes
   * @param value as it would be written; empty if the option has none
   * @param source where it comes from: {@code flag}, {@code environment}, {@code file} or {@code
   *     default}
   * @param where the option itself, the variable, or the place in the file; empty for the default
   */
  public record Setting(String name, String value, String source, String where) {}
}
