/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayException;
import org.facsim.array.FileSpace;
import org.facsim.array.NotedSpace;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ExplanationControl;
import org.facsim.services.explain.CloneCost;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explainer;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.ExplanationText;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Finding;
import org.facsim.services.explain.Precondition;

/** Why clones were offloaded, or why not. */
final class ExplanationRoutes {
  private static final String EXPLANATIONS = "/api/v1/explanations";
  private static final String EXPLANATION = "/api/v1/explanation";
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;
  private static final String ALLOWED =
      "allowed: 'path', a client's path such as /datastore1/vm/clone-flat.vmdk, or 'job', a number";

  private final ArrayControl array;

  ExplanationRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(EXPLANATION, this::one);
    routes.get(EXPLANATIONS, this::last);
  }

  record FindingJson(String precondition, String judgement, String words, String evidence) {
    static FindingJson of(Finding finding) {
      return new FindingJson(
          finding.precondition().label(),
          finding.judgement().words(),
          finding.precondition().words(),
          finding.evidence());
    }
  }

  /** A {@link NotedSpace}; exclusiveBytes is null where only a walk could have told. */
  record NotedJson(
      long logicalBytes,
      long referencedBytes,
      Long exclusiveBytes,
      long chargedBytes,
      long reservedBytes) {
    static NotedJson of(NotedSpace of) {
      return new NotedJson(
          of.logicalBytes(),
          of.referencedBytes(),
          of.exclusiveBytes().isPresent() ? of.exclusiveBytes().getAsLong() : null,
          of.chargedBytes(),
          of.reservedBytes());
    }
  }

  /** The ledger around a clone and now; null where there is none. */
  record CostJson(
      NotedJson sourceBefore,
      NotedJson sourceAfter,
      NotedJson destinationBefore,
      NotedJson destinationAfter,
      FileSpace sourceNow,
      FileSpace now) {
    static CostJson of(Explanation of) {
      CloneCost cost = of.cost();
      return new CostJson(
          cost.sourceBefore().map(NotedJson::of).orElse(null),
          cost.sourceAfter().map(NotedJson::of).orElse(null),
          cost.destinationBefore().map(NotedJson::of).orElse(null),
          cost.destinationAfter().map(NotedJson::of).orElse(null),
          of.sourceNow().orElse(null),
          of.spaceNow().orElse(null));
    }
  }

  /**
   * An {@link Explanation}.
   *
   * @param text the same for people, line by line
   */
  record ExplanationJson(
      String subject,
      String outcome,
      boolean offloaded,
      String headline,
      String kind,
      String client,
      String dialect,
      String jobId,
      String at,
      String status,
      String firstFailed,
      List<FindingJson> preconditions,
      Explanation.Moved moved,
      CostJson cost,
      List<String> advice,
      List<Explanation.Section> sections,
      List<String> text) {
    static ExplanationJson of(Explanation of) {
      return new ExplanationJson(
          of.subject(),
          of.outcome().label(),
          of.outcome().isOffloaded(),
          of.headline(),
          of.kind(),
          of.client(),
          of.dialect(),
          of.jobId().map(Long::toUnsignedString).orElse(null),
          of.at().map(Object::toString).orElse(null),
          of.status(),
          of.firstFailed().map(Precondition::label).orElse(null),
          of.preconditions().stream().map(FindingJson::of).toList(),
          of.moved(),
          CostJson.of(of),
          of.advice(),
          of.sections(),
          ExplanationText.lines(of));
    }
  }

  /**
   * One of the last clones, in brief.
   *
   * @param source as the host named it
   * @param destination likewise
   * @param sourcePath where it is now; absent if it is not known, or gone
   * @param destinationPath likewise
   */
  record BriefJson(
      String at,
      String volume,
      String client,
      String dialect,
      String kind,
      boolean dryRun,
      String source,
      String destination,
      String sourcePath,
      String destinationPath,
      String jobId,
      String outcome,
      String firstFailed,
      String status,
      String reason) {
    static BriefJson of(CloneReport report, Explainer.Paths paths) {
      return new BriefJson(
          report.at().toString(),
          report.request().volume(),
          report.request().client(),
          report.request().dialect(),
          report.request().kind(),
          report.request().isDryRun(),
          report.request().source(),
          report.request().destination(),
          paths.source().orElse(null),
          paths.destination().orElse(null),
          report.jobId() == 0 ? null : Long.toUnsignedString(report.jobId()),
          report.outcome().label(),
          report.firstFailed().map(Precondition::label).orElse(null),
          report.status(),
          report.reason());
    }
  }

  private void last(RoutingContext context) {
    ExplanationControl memory = array.explanations();
    ListPart.answer(
        context,
        BriefJson.class,
        memory.last().stream()
            .map(report -> BriefJson.of(report, memory.pathsOf(report)))
            .toList());
  }

  private void one(RoutingContext context) {
    List<String> paths = context.queryParam("path");
    List<String> jobs = context.queryParam("job");
    if (paths.size() + jobs.size() != 1) {
      throw Problem.badRequest("one parameter names the clone; " + ALLOWED);
    }
    Explanation explanation = paths.isEmpty() ? ofJob(jobs.get(0)) : ofPath(paths.get(0));
    Answers.json(context, OK, ExplanationJson.of(explanation));
  }

  private Explanation ofJob(String text) {
    long job;
    try {
      job = Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw Problem.badRequest("parameter 'job': '" + text + "' is no number; " + ALLOWED);
    }
    return array
        .explanations()
        .ofJob(job)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "no clone of job "
                        + text
                        + " is remembered: the array forgets them when it restarts, and remembers"
                        + " the last "
                        + Explanations.MAX_REPORTS));
  }

  private Explanation ofPath(String path) {
    try {
      return array
          .explanations()
          .ofPath(path)
          .orElseThrow(
              () ->
                  new Problem(
                      404,
                      "Not found",
                      "there is no file '" + path + "', and no clone of that name is remembered",
                      Map.of("path", path)));
    } catch (ArrayException refused) {
      if (ArrayProblems.httpStatus(refused.error()) >= SERVER_ERROR) {
        throw refused; // for example because the array is away: the path may be right
      }
      throw Problem.badRequest("parameter 'path': " + refused.getMessage());
    }
  }
}
