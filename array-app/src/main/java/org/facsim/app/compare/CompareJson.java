/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A result for programs. */
final class CompareJson {
  private CompareJson() {}

  static ObjectNode of(
      List<CompareResult> results, CompareOptions options, AllowedDifferences allowed) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("seed", options.seed());
    whole.put("callsPerHistory", options.calls());
    whole.put("same", results.stream().allMatch(CompareResult::isSame));
    ArrayNode versions = whole.putArray("versions");
    for (CompareResult result : results) {
      ObjectNode version = versions.addObject();
      version.put("version", result.version().toString());
      version.put("histories", result.histories());
      version.put("calls", result.calls());
      ArrayNode failures = version.putArray("differences");
      result.failures().forEach(each -> failure(each, failures.addObject()));
      ArrayNode permitted = version.putArray("allowed");
      for (AllowedDifference each : allowed.all()) {
        Integer count = result.allowed().get(each.id());
        if (count != null) {
          permitted
              .addObject()
              .put("id", each.id())
              .put("count", count)
              .put("source", each.source())
              .put("sentence", each.sentence());
        }
      }
    }
    return whole;
  }

  private static void failure(CompareResult.Failure failure, ObjectNode to) {
    to.put("seed", failure.seed());
    ArrayNode calls = to.putArray("calls");
    failure.history().forEach(step -> calls.add(step.toString()));
    ArrayNode facts = to.putArray("facts");
    for (Difference each : failure.differences()) {
      facts
          .addObject()
          .put("fact", each.fact())
          .put("here", each.here())
          .put("there", each.there());
    }
  }
}
