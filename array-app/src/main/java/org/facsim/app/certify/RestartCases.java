/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.facsim.app.certify.CertifyCase.Staging;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadError;

/** The cases in which the array goes away: a takeover, and a restart in each state of a job. */
final class RestartCases {
  private RestartCases() {}

  static List<CertifyCase> all() {
    return List.of(
        new CertifyCase(
            "takeover",
            "a controller takes over while the job runs: all doors are away for two seconds",
            Operation.CLONE,
            Cases.EITHER,
            1,
            true,
            Cases.CLONE,
            stage -> {
              stage.jobs(job -> Optional.of(Cases.fault(Cases.SLOW_BYTES_PER_SECOND)));
              stage.link(Links.restartOn("CLONE_STATUS", stage::takeover));
            }),
        restart(
            "restart-queued",
            "the array restarts while the job waits for its turn",
            Operation.CLONE,
            Cases.EITHER,
            1,
            stage -> {
              stage.profile(
                  NamedProfiles.SHARING
                      .draft()
                      .fullClone(FullClone.COPY)
                      .copyBytesPerSecond(1 << 10)
                      .maxConcurrentClones(1)
                      .maxQueuedClones(4)
                      .freeze());
              stage.cloneOfOurOwn();
              stage.link(Links.restartOn("CLONE_STATUS", stage::restartSoon));
            }),
        restart(
            "restart-running",
            "the array restarts while the job runs",
            Operation.CLONE,
            Cases.EITHER,
            1,
            stage -> {
              stage.jobs(job -> Optional.of(Cases.fault(Cases.SLOW_BYTES_PER_SECOND)));
              stage.link(Links.restartOn("CLONE_STATUS", stage::restartSoon));
            }),
        restart(
            "restart-succeeded",
            "the array clones, and restarts before the reply to Cases.CLONE leaves",
            Operation.CLONE,
            Cases.EITHER,
            1,
            stage -> stage.link(Links.restartInsteadOfReply(Cases.CLONE, stage::restartSoon))),
        restart(
            "restart-failed",
            "the job fails, and the array restarts before the command hears of it",
            Operation.CLONE,
            Cases.EITHER,
            1,
            stage -> {
              stage.jobs(job -> Optional.of(Cases.failure(OffloadError.IO)));
              stage.link(
                  Links.restartOnceItHolds(
                      "CLONE_STATUS",
                      () -> stage.changes().stream().anyMatch(each -> each.to().isFinal()),
                      stage::restartSoon));
            }),
        restart(
            "restart-aborted",
            "the command aborts the job, and the array restarts instead of the reply",
            Operation.CANCEL,
            Set.of(Answer.CANCELLED, Answer.NOT_CLONED),
            0,
            stage -> {
              stage.jobs(job -> Optional.of(Cases.fault(Cases.SLOW_BYTES_PER_SECOND / 4)));
              stage.link(Links.restartInsteadOfReply("CLONE_ABORT", stage::restartSoon));
            }));
  }

  private static CertifyCase restart(
      String name,
      String title,
      Operation operation,
      Set<Answer> answers,
      int mostClones,
      Consumer<Stage> prepare) {
    return new CertifyCase(
        name,
        title,
        operation,
        answers,
        mostClones,
        mostClones > 0,
        Cases.CLONE,
        new Staging() {
          @Override
          public void prepare(Stage stage) {
            prepare.accept(stage);
          }

          @Override
          public boolean restarts() {
            return true;
          }
        });
  }
}
