/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.facsim.app.scenario.RunResult.Finding;
import org.facsim.app.scenario.RunResult.StepResult;

/** Results for programs. Docs: {@code docs/scenarios.md}. */
public final class ReportJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  /** All results in one object. */
  public static String of(long seed, List<RunResult> results) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("seed", seed);
    root.put("passed", results.stream().allMatch(RunResult::isPassed));
    root.put("modelledArray", ModelledTime.ARRAY_IN_WORDS);
    ArrayNode scenarios = root.putArray("scenarios");
    results.forEach(result -> scenario(scenarios.addObject(), result));
    return text(root);
  }

  /** The scenarios that are shipped. */
  public static String ofList(List<Scenario> scenarios) {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode list = root.putArray("scenarios");
    for (Scenario each : scenarios) {
      list.addObject()
          .put("name", each.name())
          .put("number", each.number())
          .put("title", each.title());
    }
    return text(root);
  }

  private static String text(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root).replace("\r\n", "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void scenario(ObjectNode json, RunResult result) {
    Scenario scenario = result.scenario();
    json.put("name", scenario.name());
    json.put("number", scenario.number());
    json.put("title", scenario.title());
    json.put("passed", result.isPassed());
    modelled(json.putObject("modelledMicros"), result.work());
    ArrayNode steps = json.putArray("steps");
    result.steps().forEach(step -> step(steps.addObject(), step));
  }

  private static void modelled(ObjectNode json, ModelledTime.Work work) {
    ModelledTime.NETWORKS.forEach(network -> json.put(network.network(), network.micros(work)));
  }

  private static void step(ObjectNode json, StepResult result) {
    json.put("line", result.step().line());
    json.put("does", result.step().words());
    ObjectNode outcome = json.putObject("found");
    result.outcome().facts().forEach(outcome::put);
    ArrayNode wire = json.putArray("wire");
    for (WireSummary.Kind kind : result.wire().kinds()) {
      wire.addObject()
          .put("door", kind.door())
          .put("procedure", kind.procedure())
          .put("calls", kind.calls())
          .put("requestBytes", kind.requestBytes())
          .put("replyBytes", kind.replyBytes());
    }
    json.put("unansweredCalls", result.wire().hasUnanswered());
    json.put("dataOfFailure", result.wire().hasDataOfFailure());
    modelled(json.putObject("modelledMicros"), result.work());
    json.put("hostMillis", result.took().toMillis());
    ArrayNode expectations = json.putArray("expectations");
    result.findings().forEach(finding -> expectation(expectations.addObject(), finding));
  }

  private static void expectation(ObjectNode json, Finding finding) {
    json.put("line", finding.check().line());
    json.put("subject", finding.check().subject());
    json.put("wanted", finding.check().condition().toString());
    boolean isShown = finding.isExact() || !finding.holds();
    json.put("found", isShown ? finding.fact().value() : "met");
    json.put("holds", finding.holds());
    ArrayNode evidence = json.putArray("evidence");
    if (isShown) {
      finding.fact().evidence().forEach(evidence::add);
    }
  }
}
