/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.facsim.management.FaultJson.InstalledJson;
import org.facsim.management.FaultJson.ParameterJson;
import org.facsim.management.FaultJson.PresetJson;
import org.facsim.management.FaultJson.PresetRequest;
import org.facsim.management.FaultJson.RemovedJson;
import org.facsim.management.FaultJson.ResumedJson;
import org.facsim.management.FaultJson.RuleJson;
import org.facsim.management.FaultJson.RulesJson;
import org.facsim.management.FaultJson.RulesRequest;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.faults.FaultPresets;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.faults.RuleStatus;

/** Fault rules: adds, lists and removes them. No rule reaches these routes. */
final class FaultRoutes {
  private static final String FAULTS = "/api/v1/faults";
  private static final String FAULT = FAULTS + "/:fault";
  private static final String PRESETS = "/api/v1/fault-presets";
  private static final String PRESET = PRESETS + "/:preset";
  private static final int OK = 200;
  private static final int CREATED = 201;

  /** The most rules that are shown; all are counted. */
  private static final int MAX_SHOWN = 1000;

  private final ArrayControl array;

  FaultRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(FAULTS, this::list);
    routes.post(FAULTS, this::add);
    routes.delete(FAULTS, this::clear);
    routes.get(FAULT, this::show);
    routes.delete(FAULT, this::remove);
    routes.post(FAULT + "/resume", this::resume);
    routes.get(PRESETS, FaultRoutes::presets);
    routes.post(PRESET, this::preset);
  }

  private FaultRules rules() {
    return array.faults();
  }

  private static RulesJson of(List<RuleStatus> statuses) {
    return new RulesJson(
        statuses.size(), statuses.stream().limit(MAX_SHOWN).map(FaultWriter::installed).toList());
  }

  /** Of which rules there are, not of what they have met. */
  private String tag() {
    return Etags.of(rules().list().stream().map(RuleStatus::id).toList());
  }

  private void list(RoutingContext context) {
    ListPart part = ListPart.of(context, InstalledJson.class);
    Etags.show(context, tag());
    List<InstalledJson> matching =
        part.matching(rules().list().stream().map(FaultWriter::installed).toList());
    Answers.json(
        context,
        OK,
        new RulesJson(
            matching.size(),
            part.hasPiece() ? part.piece(matching) : matching.stream().limit(MAX_SHOWN).toList()));
  }

  private void add(RoutingContext context) {
    RulesRequest wanted = JsonBodies.read(context, RulesRequest.class);
    List<RuleJson> given = VaaiJson.required("rules", wanted.rules());
    List<FaultRule> rules = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      String at = "rules[" + i + "]";
      try {
        rules.add(FaultReader.rule(VaaiJson.required(at, given.get(i))));
      } catch (IllegalArgumentException e) {
        throw Problem.badRequest((given.size() == 1 ? "" : at + ": ") + e.getMessage());
      }
    }
    if (rules.isEmpty()) {
      throw Problem.badRequest("field 'rules': none; allowed: one rule or more");
    }
    try {
      Etags.check(context, tag());
      RulesJson added = of(rules().add(rules));
      array.faultsChanged();
      Answers.json(context, CREATED, added);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    }
  }

  private void clear(RoutingContext context) {
    JsonBodies.readNothing(context);
    Etags.check(context, tag());
    int removed = rules().clear();
    array.faultsChanged();
    Answers.json(context, OK, new RemovedJson(removed));
  }

  private void show(RoutingContext context) {
    InstalledJson rule =
        rules().find(id(context)).map(FaultWriter::installed).orElseThrow(() -> notThere(context));
    Answers.json(context, OK, rule);
  }

  private void remove(RoutingContext context) {
    JsonBodies.readNothing(context);
    Etags.check(context, tag());
    if (!rules().remove(id(context))) {
      throw notThere(context);
    }
    array.faultsChanged();
    Answers.json(context, OK, new RemovedJson(1));
  }

  private void resume(RoutingContext context) {
    JsonBodies.readNothing(context);
    OptionalInt resumed = rules().resume(id(context));
    if (resumed.isEmpty()) {
      throw notThere(context);
    }
    Answers.json(context, OK, new ResumedJson(resumed.getAsInt()));
  }

  private static Problem notThere(RoutingContext context) {
    return Problem.notFound(
        "rule "
            + context.pathParam("fault")
            + " is not there; "
            + FAULTS
            + " lists those that are");
  }

  private static long id(RoutingContext context) {
    String text = context.pathParam("fault");
    if (!text.matches("\\d{1,18}")) {
      throw Problem.badRequest("rule '" + text + "'; allowed: the id of a rule, a number");
    }
    return Long.parseLong(text);
  }

  private static void presets(RoutingContext context) {
    ListPart.answer(
        context, PresetJson.class, FaultPresets.all().stream().map(FaultRoutes::of).toList());
  }

  private static PresetJson of(FaultPresets.Preset preset) {
    return new PresetJson(
        preset.name(),
        preset.text(),
        preset.parameters().stream()
            .map(each -> new ParameterJson(each.name(), each.standard(), each.text()))
            .toList());
  }

  private void preset(RoutingContext context) {
    PresetRequest wanted = JsonBodies.read(context, PresetRequest.class);
    Map<String, String> parameters = wanted.parameters() == null ? Map.of() : wanted.parameters();
    parameters.forEach((name, value) -> VaaiJson.required("parameters." + name, value));
    try {
      Etags.check(context, tag());
      RulesJson added = of(rules().preset(context.pathParam("preset"), parameters));
      array.faultsChanged();
      Answers.json(context, OK, added);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    } catch (IllegalStateException away) {
      throw new Problem(409, "Conflict", away.getMessage());
    }
  }
}
