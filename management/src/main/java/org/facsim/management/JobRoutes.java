/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.facsim.management.VaaiJson.JobJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.offload.ListedJob;
import org.facsim.services.offload.OffloadFailure;

/** Clone jobs of all hosts, and an administrator's way to abort one. */
final class JobRoutes {
  private static final String JOBS = "/api/v1/jobs";
  private static final String JOB = JOBS + "/:job";
  private static final int OK = 200;

  /** Jobs shown at most, the newest; all are counted. */
  private static final int MAX_SHOWN = 1000;

  private final ArrayControl array;

  JobRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(JOBS, this::jobs);
    routes.delete(JOB, this::abort);
  }

  /**
   * A clone job.
   *
   * @param volume of the destination
   * @param client the address of the host that asked
   */
  record ListedJobJson(String volume, String client, JobJson job) {
    static ListedJobJson of(ListedJob listed) {
      return new ListedJobJson(listed.volume(), listed.client(), JobJson.of(listed.job()));
    }
  }

  /**
   * The jobs under way and those that are remembered.
   *
   * @param count of all; {@code items} has the newest {@value #MAX_SHOWN} of them at most
   */
  record JobsJson(int count, List<ListedJobJson> items) {}

  private void jobs(RoutingContext context) {
    ListPart part = ListPart.of(context, ListedJobJson.class);
    List<ListedJobJson> jobs =
        part.matching(array.jobs().all().stream().map(ListedJobJson::of).toList());
    Answers.json(
        context,
        OK,
        new JobsJson(
            jobs.size(),
            part.hasPiece()
                ? part.piece(jobs)
                : jobs.stream().skip(Math.max(0, jobs.size() - MAX_SHOWN)).toList()));
  }

  private void abort(RoutingContext context) {
    JsonBodies.readNothing(context);
    try {
      Answers.json(
          context, OK, JobJson.of(array.jobs().abort(VaaiJson.jobId(context.pathParam("job")))));
    } catch (OffloadFailure refused) {
      throw VaaiProblems.of(refused);
    }
  }
}
