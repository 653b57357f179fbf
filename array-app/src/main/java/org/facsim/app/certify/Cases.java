/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.facsim.app.certify.CertifyCase.Staging;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadError;

/** All cases, in the order in which they are run. */
final class Cases {
  /** How long the command is to wait for progress of a job. */
  static final Duration STALL = Duration.ofSeconds(3);

  private static final Set<Answer> CLONES = Set.of(Answer.CLONED);
  private static final Set<Answer> REFUSES = Set.of(Answer.NOT_CLONED);
  static final Set<Answer> EITHER = Set.of(Answer.CLONED, Answer.NOT_CLONED);
  static final String CLONE = "CLONE";
  static final int SLOW_BYTES_PER_SECOND = 4 << 20;

  private Cases() {}

  static List<CertifyCase> all() {
    List<CertifyCase> cases = new ArrayList<>();
    cases.addAll(withoutFault());
    cases.addAll(lostCalls());
    cases.addAll(jobs());
    cases.addAll(refusals());
    cases.addAll(RestartCases.all());
    cases.addAll(statuses());
    return cases;
  }

  static Optional<CertifyCase> named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private static CertifyCase of(
      String name, String title, Set<Answer> answers, int mostClones, Staging staging) {
    return new CertifyCase(
        name,
        title,
        Operation.CLONE,
        answers,
        mostClones,
        name.startsWith("lost-"),
        CLONE,
        staging);
  }

  /** As {@link #of}, where a plugin may see beforehand that it need not ask for the clone. */
  private static CertifyCase refused(String name, String title, Staging staging) {
    return new CertifyCase(
        name, title, Operation.CLONE, REFUSES, 0, false, CertifyCase.ANY, staging);
  }

  private static List<CertifyCase> withoutFault() {
    return List.of(
        of("plain", "nothing goes wrong", CLONES, 1, Staging.NONE),
        of("slow", "the job takes two seconds", CLONES, 1, jobs(fault(SLOW_BYTES_PER_SECOND))),
        new CertifyCase(
            "fast-clone",
            "a fast clone, which makes its destination",
            Operation.FAST_CLONE,
            CLONES,
            1,
            false,
            CLONE,
            Staging.NONE));
  }

  // ---------------------------------------------------------------- calls that get lost

  private static List<CertifyCase> lostCalls() {
    return List.of(
        of(
            "lost-reply",
            "the clone is made, and the reply to CLONE is lost once",
            EITHER,
            1,
            link(() -> Links.loseReply(CLONE, false))),
        of(
            "lost-connection",
            "the clone is made, and the connection is reset instead of the reply to CLONE",
            EITHER,
            1,
            link(() -> Links.loseReply(CLONE, true))),
        of(
            "lost-status-reply",
            "the job is slow, and the reply to one CLONE_STATUS is lost",
            CLONES,
            1,
            both(
                jobs(fault(SLOW_BYTES_PER_SECOND)),
                link(() -> Links.loseReply("CLONE_STATUS", false)))),
        of(
            "no-answer",
            "the array never answers CLONE, and does not clone",
            REFUSES,
            0,
            link(() -> Links.silence(CLONE))));
  }

  // ---------------------------------------------------------------- jobs

  private static List<CertifyCase> jobs() {
    return List.of(
        of(
            "stall",
            "the job stands still at 40 %; the command must give up and abort it",
            REFUSES,
            0,
            jobs(stall(40))),
        new CertifyCase(
            "cancel",
            "the host cancels a slow job; the destination must be as it was",
            Operation.CANCEL,
            Set.of(Answer.CANCELLED),
            0,
            false,
            CLONE,
            jobs(fault(SLOW_BYTES_PER_SECOND / 4))),
        of(
            "fails-midway",
            "the job fails at 60 %, because the medium fails",
            REFUSES,
            0,
            jobs(failure(OffloadError.IO))),
        of(
            "full-midway",
            "the job fails at 60 %, because the disk is full",
            REFUSES,
            0,
            jobs(failure(OffloadError.NO_SPACE))));
  }

  static CloneFault fault(long bytesPerSecond) {
    return new CloneFault(
        "slow",
        bytesPerSecond,
        1,
        CloneFault.NEVER,
        CloneFault.NEVER,
        OffloadError.IO,
        resume -> {});
  }

  private static CloneFault stall(int percent) {
    return new CloneFault(
        "stall",
        SLOW_BYTES_PER_SECOND,
        1,
        percent,
        CloneFault.NEVER,
        OffloadError.IO,
        resume -> {});
  }

  static CloneFault failure(OffloadError error) {
    return new CloneFault(
        "failure", SLOW_BYTES_PER_SECOND, 1, CloneFault.NEVER, 60, error, resume -> {});
  }

  // ---------------------------------------------------------------- refusals

  private static List<CertifyCase> refusals() {
    return List.of(
        of(
            "full-disk",
            "the array copies, and the volume has no room for that",
            REFUSES,
            0,
            stage -> {
              stage.profile(NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).freeze());
              stage.array().storage().resizeVolume(stage.volume(), Stage.SOURCE_BYTES + (1 << 20));
            }),
        new CertifyCase(
            "depth",
            "the source is a fast clone, and the array allows no fast clone of one",
            Operation.FAST_CLONE,
            REFUSES,
            0,
            false,
            CLONE,
            Cases::deep),
        of(
            "busy",
            "another clone runs, and the array takes one at a time",
            REFUSES,
            0,
            stage -> {
              stage.profile(
                  NamedProfiles.SHARING
                      .draft()
                      .fullClone(FullClone.COPY)
                      .copyBytesPerSecond(1 << 10)
                      .maxConcurrentClones(1)
                      .whenBusy(WhenBusy.BUSY)
                      .freeze());
              stage.cloneOfOurOwn();
            }),
        of(
            "busy-once",
            "the first CLONE is answered BUSY, the next ones are served",
            EITHER,
            1,
            link(() -> Links.busy(CLONE, 1))),
        refused(
            "takeover-busy",
            "a controller takes over: calls are answered BUSY, and nothing is supported",
            profile("takeover")),
        refused("switched-off", "offloading is switched off for the export", profile("off")),
        refused(
            "statistics-only",
            "the array supports statistics and no clone",
            profile("statistics-only")),
        refused(
            "not-allowed",
            "the export's rules allow NFS and refuse VAAI",
            stage ->
                stage
                    .array()
                    .exports()
                    .export(
                        stage.volume(), ExportSyntax.parseRules("*(rw,no_root_squash,novaai)"))));
  }

  private static void deep(Stage stage) {
    stage.profile(NamedProfiles.find("depth-1").orElseThrow());
    var volume = stage.volume();
    var source = stage.file(Stage.SOURCE).orElseThrow();
    var unused =
        volume
            .clones()
            .cloneAsWithSnapshot(
                Caller.ROOT,
                source,
                volume.root(),
                Name.of("middle-flat.vmdk"),
                AttributeChanges.NONE);
    volume.names().remove(Caller.ROOT, volume.root(), Name.of(Stage.SOURCE));
    volume
        .names()
        .rename(
            Caller.ROOT,
            volume.root(),
            Name.of("middle-flat.vmdk"),
            volume.root(),
            Name.of(Stage.SOURCE));
  }

  // ---------------------------------------------------------------- statuses

  /** One for each status with which CLONE can be refused. */
  private static List<CertifyCase> statuses() {
    return Arrays.stream(VaaiStatus.values())
        .filter(status -> status != VaaiStatus.OK)
        .map(
            status ->
                of(
                    "status-" + status.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "every CLONE is answered " + status,
                    REFUSES,
                    0,
                    stage ->
                        stage.link(
                            Links.refuse(
                                CLONE,
                                status.name(),
                                stage.array().calls().statuses(),
                                door -> stage.unsaid(door + " cannot say " + status)))))
        .toList();
  }

  // ---------------------------------------------------------------- stagings

  private static Staging profile(String name) {
    return stage -> stage.profile(NamedProfiles.find(name).orElseThrow());
  }

  private static Staging jobs(CloneFault fault) {
    return stage -> stage.jobs(job -> Optional.of(fault));
  }

  private static Staging link(Supplier<CallInterceptor> link) {
    return stage -> stage.link(link.get());
  }

  private static Staging both(Staging... all) {
    return stage -> Stream.of(all).forEach(each -> each.prepare(stage));
  }
}
