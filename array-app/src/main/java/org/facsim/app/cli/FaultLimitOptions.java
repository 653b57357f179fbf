/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** How often a fault rule applies. The array checks what the values say. */
final class FaultLimitOptions {
  private static final String NUMBER = "NUMBER";

  @Option(
      names = "--nth",
      paramLabel = NUMBER,
      description = "How often: only to the nth call that matches.")
  private Long nth;

  @Option(names = "--every", paramLabel = NUMBER, description = "To every nth call that matches.")
  private Long every;

  @Option(
      names = "--probability",
      paramLabel = "SHARE",
      description = "To such a share of the calls that match, above 0 to 1.")
  private Double probability;

  @Option(names = "--count", paramLabel = NUMBER, description = "So often at most.")
  private Long count;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Not before: 30s from now, or 2026-11-30T12:00:00Z.")
  private String from;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "For so long from then on, such as 30s.")
  private String length;

  @Option(
      names = "--seed",
      paramLabel = NUMBER,
      description = "What decides where chance seems to; not given, it follows from the rule's id.")
  private Long seed;

  @Option(names = "--name", paramLabel = "TEXT", description = "A name for people.")
  private String name;

  void putName(ObjectNode rule) {
    FaultMatchOptions.put(rule, "name", name);
  }

  void putSeed(ObjectNode rule) {
    put(rule, "seed", seed);
  }

  private static void put(ObjectNode into, String field, Long value) {
    if (value != null) {
      into.put(field, value);
    }
  }

  ObjectNode toJson() {
    ObjectNode limits = JsonNodeFactory.instance.objectNode();
    put(limits, "nth", nth);
    put(limits, "every", every);
    if (probability != null) {
      limits.put("probability", probability);
    }
    put(limits, "count", count);
    FaultMatchOptions.put(limits, "from", from);
    FaultMatchOptions.put(limits, "lasting", length);
    return limits;
  }
}
