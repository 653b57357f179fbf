/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Results for programs; {@code docs/certify.md} says what the fields mean. */
final class ResultJson {
  private ResultJson() {}

  static ObjectNode of(List<CaseResult> results) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("cases", results.size());
    all.put("failed", results.stream().filter(CaseResult::isFailed).count());
    all.put("leftOut", results.stream().filter(CaseResult::isLeftOut).count());
    ArrayNode items = all.putArray("items");
    results.forEach(result -> add(result, items.addObject()));
    return all;
  }

  static ObjectNode ofCases(List<CertifyCase> cases) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("cases", cases.size());
    ArrayNode items = all.putArray("items");
    for (CertifyCase each : cases) {
      items
          .addObject()
          .put("case", each.name())
          .put("title", each.title())
          .put("operation", each.operation().label());
    }
    return all;
  }

  private static void add(CaseResult result, ObjectNode item) {
    CaseFacts facts = result.facts();
    item.put("case", result.of().name());
    item.put("title", result.of().title());
    item.put("operation", result.of().operation().label());
    item.put("passed", result.isPassed());
    item.put("leftOut", result.leftOut());
    item.put("exitCode", facts.exitCode());
    item.put("timedOut", facts.isLate());
    item.put("tookMillis", facts.took().toMillis());
    item.put("clonesMade", facts.clonesMade());
    item.put("jobsLeft", facts.jobsLeft());
    item.put("writes", facts.writes());
    item.put("destination", facts.destination().words());
    item.put("takenBytes", facts.takenBytes());
    ArrayNode deeds = item.putArray("calls");
    result.deeds().forEach(deeds::add);
    ArrayNode problems = item.putArray("problems");
    result.problems().forEach(problems::add);
    ArrayNode evidence = item.putArray("evidence");
    result.evidence().forEach(file -> evidence.add(file.toString()));
    ArrayNode output = item.putArray("output");
    facts.output().forEach(output::add);
  }
}
