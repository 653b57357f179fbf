/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.app.scenario.Scenario.Operation;
import org.facsim.app.scenario.Scenario.Step;

/** Reads steps: one operation each, and what is expected after it. */
final class StepReader {
  private static final String DOES = "does";
  private static final String EXPECT = "expect";

  /** Reads the value of an operation's key. */
  @FunctionalInterface
  interface Reader {
    Deed read(Names names, YamlNode node);
  }

  /**
   * An operation that was read.
   *
   * @param words what it does, in a sentence without a full stop
   */
  record Deed(String words, Operation operation) {}

  private static final Map<String, Reader> READERS = new LinkedHashMap<>();

  static {
    VmSteps.addTo(READERS);
    SnapshotSteps.addTo(READERS);
    CloneSteps.addTo(READERS);
    ArraySteps.addTo(READERS);
  }

  private StepReader() {}

  /** Reads the steps of a list. */
  static List<Step> read(Names names, YamlNode list) {
    List<Step> steps = new ArrayList<>();
    for (YamlNode node : list.elements()) {
      if (node.isSound()) {
        step(names, node).ifPresent(steps::add);
      } else {
        outline(names, node);
      }
    }
    return steps;
  }

  /**
   * Notes the names that a step makes which the schema refuses, so that later steps may use them.
   */
  private static void outline(Names names, YamlNode node) {
    node.text("mark").ifPresent(names::marked);
    for (Map.Entry<String, YamlNode> each : node.entries().entrySet()) {
      YamlNode value = each.getValue();
      switch (each.getKey()) {
        case "create" -> value.text("vm").ifPresent(names::madeSomehow);
        case "fault", "preset" -> value.text("name").ifPresent(names::faulted);
        case "snapshot" ->
            value
                .text("vm")
                .filter(names::isMade)
                .ifPresent(vm -> value.text("name").ifPresent(names.contents(vm)::snapshotTaken));
        default -> value.text("to").ifPresent(names::madeSomehow);
      }
    }
  }

  private static Optional<Step> step(Names names, YamlNode node) {
    Map<String, YamlNode> entries = node.entries();
    List<String> operations = entries.keySet().stream().filter(READERS::containsKey).toList();
    if (operations.size() != 1) {
      node.wrong(
          "a step with "
              + (operations.isEmpty() ? "no operation" : String.join(" and ", operations))
              + "; allowed: one of "
              + String.join(", ", READERS.keySet()));
      return Optional.empty();
    }
    String key = operations.get(0);
    Deed deed = READERS.get(key).read(names, entries.get(key));
    Optional<String> mark =
        key.equals("mark") ? Optional.of(entries.get(key).text()) : Optional.empty();
    List<Check> checks = new ArrayList<>();
    Contradictions contradictions = new Contradictions();
    for (YamlNode each : node.get(EXPECT).map(YamlNode::elements).orElse(List.of())) {
      each.get("task").ifPresent(task -> TaskFacts.requireOf(key, task));
      List<Check> read = ExpectationReader.read(names, each);
      contradictions.look(each, read);
      checks.addAll(read);
    }
    return Optional.of(
        new Step(node.line(), node.text(DOES).orElse(deed.words), mark, deed.operation, checks));
  }
}
