/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Volume;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.ArrayControl;

/**
 * The export rules of each volume. A change applies from the next call of every client on. It is
 * stored with the volume before it is answered. PUT accepts what GET returns.
 */
final class ExportRoutes {
  private static final String EXPORTS = "/api/v1/exports";
  private static final String OF_VOLUME = "/api/v1/volumes/:volume/exports";
  private static final int OK = 200;

  private final ArrayControl array;

  ExportRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(EXPORTS, this::all);
    routes.get(OF_VOLUME, this::ofVolume);
    routes.put(OF_VOLUME, this::set);
  }

  /** A volume's name, and how it is exported. */
  record ListedExportsJson(
      String volume, String exportPath, boolean exported, List<String> rules) {}

  /**
   * How a volume is exported.
   *
   * @param exported false if not at all; handles that clients hold are then stale
   * @param rules in the words of {@code exports(5)}; without any, nobody is admitted
   */
  record ExportsJson(boolean exported, List<String> rules) {
    static ExportsJson of(Export export) {
      return export == null
          ? new ExportsJson(false, List.of())
          : new ExportsJson(true, export.rules().stream().map(ExportRule::toString).toList());
    }
  }

  /**
   * How a volume is to be exported.
   *
   * @param exported true if absent
   * @param rules at most {@link Export#MAX_RULES}; they replace all earlier ones. May be absent or
   *     empty if the volume is not to be exported at all
   */
  record ExportsRequest(Boolean exported, List<String> rules) {}

  private void all(RoutingContext context) {
    ListPart.answer(
        context,
        ListedExportsJson.class,
        array.volumes().all().stream().map(this::listed).toList());
  }

  private ListedExportsJson listed(Volume volume) {
    ExportsJson now = exportsOf(volume);
    return new ListedExportsJson(volume.name(), "/" + volume.name(), now.exported(), now.rules());
  }

  private ExportsJson exportsOf(Volume volume) {
    return ExportsJson.of(array.exports().of(volume).orElse(null));
  }

  private void ofVolume(RoutingContext context) {
    ExportsJson now = exportsOf(RequestedVolume.of(context, array));
    Etags.show(context, Etags.of(now));
    Answers.json(context, OK, now);
  }

  private void set(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    ExportsRequest wanted = JsonBodies.read(context, ExportsRequest.class);
    Etags.check(context, Etags.of(exportsOf(volume)));
    if (Boolean.FALSE.equals(wanted.exported())) {
      requireNoRules(wanted);
      array.exports().withdraw(volume);
      Answers.json(context, OK, ExportsJson.of(null));
    } else {
      List<ExportRule> rules = rules(VaaiJson.required("rules", wanted.rules()));
      Answers.json(context, OK, ExportsJson.of(array.exports().set(volume, rules)));
    }
  }

  private static void requireNoRules(ExportsRequest wanted) {
    if (wanted.rules() != null && !wanted.rules().isEmpty()) {
      throw Problem.badRequest(
          "field 'rules': for a volume that is not exported; allowed: none, or 'exported': true");
    }
  }

  /**
   * The rules of a request's field {@code rules}.
   *
   * @throws Problem 400
   */
  static List<ExportRule> rules(List<String> texts) {
    List<ExportRule> rules = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String at = "field 'rules[" + i + "]'";
      try {
        rules.addAll(ExportSyntax.parseRules(VaaiJson.required("rules[" + i + "]", texts.get(i))));
      } catch (IllegalArgumentException e) {
        throw Problem.badRequest(at + ": " + e.getMessage());
      }
    }
    if (rules.size() > Export.MAX_RULES) {
      throw Problem.badRequest(
          "field 'rules': " + rules.size() + " rules; allowed: at most " + Export.MAX_RULES);
    }
    return rules;
  }
}
