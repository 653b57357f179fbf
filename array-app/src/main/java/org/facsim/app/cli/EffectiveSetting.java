/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

/**
 * One option with the value that counts.
 *
 * @param name the option without its dashes
 * @param value empty if the option has none
 * @param where the option itself, the variable, or the place in the file; empty for the default
 */
record EffectiveSetting(String name, String value, Source source, String where) {
  /** Who gave the value, strongest first. */
  enum Source {
    FLAG("flag"),
    ENVIRONMENT("environment"),
    FILE("file"),
    DEFAULT("default");

    private final String label;

    Source(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
