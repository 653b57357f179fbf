/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;
import java.util.Map;

/**
 * What the program says of itself at {@code /api/v1/configuration}. It must not contain secrets.
 *
 * @param version of the program; null if it is not known
 * @param settings the options in force, in their order
 * @param addresses by door, beside NFS
 */
public record ShownConfiguration(
    String version, List<Setting> settings, Map<String, String> addresses) {
  /** Nothing is known of the program. */
  public static final ShownConfiguration NONE = new ShownConfiguration(null, List.of(), Map.of());

  public ShownConfiguration {
    settings = List.copyOf(settings);
    addresses = Map.copyOf(addresses);
  }

  /**
   * An option in force.
   *
   * @param name as on the command line, without the dashes
   * @param value as it would be written
   * @param source where it comes from: {@code command line}, {@code environment}, {@code file} or
   *     {@code default}
   */
  public record Setting(String name, String value, String source) {}
}
