/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which facts of a task each operation has; an expectation of another one could never be met. */
final class TaskFacts {
  private static final List<String> OF_ALL = List.of("state", "fault", "message");
  private static final List<String> OF_A_COPY =
      List.of(
          "by",
          "level",
          "snapshots-taken",
          "redo-logs-per-disk",
          "reason",
          "offload-failure",
          "read",
          "written",
          "seconds",
          "progress");

  private static final Map<String, List<String>> BY_OPERATION =
      Map.of(
          "clone", OF_A_COPY,
          "deploy", OF_A_COPY,
          "migrate",
              List.of("by", "reason", "offload-failure", "read", "written", "seconds", "progress"),
          "array-clone", List.of("by"),
          "offload", List.of("status"),
          "backup", List.of("level", "redo-logs-per-disk", "read", "quiesced-state", "incremental"),
          "trim", List.of("trimmed", "ignored"));

  private TaskFacts() {}

  /** Notes a problem for each fact that the operation of a step does not have. */
  static void requireOf(String operation, YamlNode task) {
    List<String> known = new ArrayList<>(OF_ALL);
    known.addAll(BY_OPERATION.getOrDefault(operation, List.of()));
    task.entries()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                value.wrongKey(
                    "'%s' of a step '%s'; allowed: %s"
                        .formatted(key, operation, String.join(", ", known)));
              }
            });
  }
}
