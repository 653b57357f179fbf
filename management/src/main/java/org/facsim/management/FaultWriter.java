/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.facsim.management.FaultJson.ActJson;
import org.facsim.management.FaultJson.AfterJson;
import org.facsim.management.FaultJson.AttributesJson;
import org.facsim.management.FaultJson.CloneJobJson;
import org.facsim.management.FaultJson.HitJson;
import org.facsim.management.FaultJson.InstalledJson;
import org.facsim.management.FaultJson.LimitsJson;
import org.facsim.management.FaultJson.MatchJson;
import org.facsim.management.FaultJson.MistakeJson;
import org.facsim.management.FaultJson.PowerFailureJson;
import org.facsim.management.FaultJson.RuleJson;
import org.facsim.services.calls.FalseAttributes.Change;
import org.facsim.services.faults.ClientMatch;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultLimits;
import org.facsim.services.faults.FaultMatch;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.RuleStatus;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.paths.PathGlob;
import org.facsim.services.units.TimeSpan;

/** Writes fault rules as {@link FaultReader} reads them. */
final class FaultWriter {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private FaultWriter() {}

  static InstalledJson installed(RuleStatus status) {
    return new InstalledJson(
        status.id(),
        rule(status.rule()),
        status.addedAt().toString(),
        status.endsAt().map(Object::toString).orElse(null),
        status.matched(),
        status.hits(),
        status.lastHit().map(FaultWriter::hit).orElse(null));
  }

  private static HitJson hit(RuleStatus.Hit hit) {
    return new HitJson(
        hit.at().toString(),
        hit.client(),
        lower(hit.door()),
        hit.procedure(),
        hit.path().orElse(null));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static RuleJson rule(FaultRule rule) {
    return new RuleJson(
        rule.name().isEmpty() ? null : rule.name(),
        rule.match().equals(FaultMatch.ANY) ? null : match(rule.match()),
        act(rule),
        rule.limits().equals(FaultLimits.NONE) ? null : limits(rule.limits()),
        rule.seed().isPresent() ? rule.seed().getAsLong() : null);
  }

  private static MatchJson match(FaultMatch match) {
    return new MatchJson(
        match.doors().isEmpty() ? null : match.doors().stream().map(FaultWriter::lower).toList(),
        match.procedures().isEmpty() ? null : List.copyOf(match.procedures()),
        match.volume().orElse(null),
        match.path().map(PathGlob::toString).orElse(null),
        match.handle().orElse(null),
        match.client().map(ClientMatch::toString).orElse(null),
        match.uid().isPresent() ? match.uid().getAsLong() : null,
        match.host().orElse(null),
        match
            .after()
            .map(after -> new AfterJson(match(after.match()), lower(after.same())))
            .orElse(null));
  }

  private static LimitsJson limits(FaultLimits limits) {
    return new LimitsJson(
        limits.nth() == 0 ? null : limits.nth(),
        limits.every() == 1 ? null : limits.every(),
        limits.probability() == 1 ? null : limits.probability(),
        limits.count() == 0 ? null : limits.count(),
        limits.from().map(FaultWriter::from).orElse(null),
        limits.length().map(TimeSpan::format).orElse(null));
  }

  private static String from(FaultLimits.From from) {
    return from instanceof FaultLimits.From.At at
        ? at.time().toString()
        : TimeSpan.format(((FaultLimits.From.Added) from).time());
  }

  // ---------------------------------------------------------------- act

  private static ActJson act(FaultRule rule) {
    Act act = new Act();
    rule.action().ifPresent(act::take);
    rule.delay()
        .ifPresent(
            delay -> {
              act.delay = TimeSpan.format(delay.time());
              act.jitter = delay.jitter().isZero() ? null : TimeSpan.format(delay.jitter());
            });
    return act.toJson();
  }

  /** The fields of {@link ActJson}, most of which stay away. */
  private static final class Act {
    private String status;
    private String delay;
    private String jitter;
    private Long bytesPerSecond;
    private Boolean eachConnection;
    private Boolean noAnswer;
    private Boolean close;
    private Boolean reset;
    private Boolean executed;
    private Boolean executedButLost;
    private Boolean twice;
    private Integer behind;
    private String behindLimit;
    private Integer shortBytes;
    private Boolean zeroWindow;
    private Boolean pause;
    private String time;
    private AttributesJson attributes;
    private MistakeJson mistake;
    private String takeover;
    private PowerFailureJson powerFailure;
    private CloneJobJson cloneJob;

    /** A sealed switch needs a newer Java than 17. */
    void take(FaultAction action) {
      if (action instanceof FaultAction.Status given) {
        status = given.name();
      } else if (action instanceof FaultAction.Limit limit) {
        bytesPerSecond = limit.bytesPerSecond();
        eachConnection = limit.isForEach() ? true : null;
      } else if (action instanceof FaultAction.Behind later) {
        behind = later.answers();
        behindLimit = TimeSpan.format(later.limit());
      } else if (action instanceof FaultAction.ShortTransfer shorter) {
        shortBytes = shorter.maxBytes();
      } else if (action instanceof FaultAction.Lie lie) {
        attributes =
            new AttributesJson(
                change(lie.attributes().sizeBytes(), 1),
                change(lie.attributes().mtimeNanos(), NANOS_PER_SECOND),
                change(lie.attributes().fileId(), 1),
                change(lie.attributes().linkCount(), 1));
      } else if (action instanceof FaultAction.Corrupt corrupt) {
        mistake = new MistakeJson(corrupt.count(), corrupt.lengthBytes());
      } else if (action instanceof FaultAction.CloneJob job) {
        cloneJob = cloneJob(job);
      } else {
        takeRest(action);
      }
    }

    private void takeRest(FaultAction action) {
      if (action instanceof FaultAction.NoAnswer) {
        noAnswer = true;
      } else if (action instanceof FaultAction.Close given) {
        close = true;
        executed = given.isExecuted() ? true : null;
      } else if (action instanceof FaultAction.Reset given) {
        reset = true;
        executed = given.isExecuted() ? true : null;
      } else if (action instanceof FaultAction.LoseReply) {
        executedButLost = true;
      } else if (action instanceof FaultAction.Twice) {
        twice = true;
      } else if (action instanceof FaultAction.StopReading stop) {
        zeroWindow = true;
        time = time(stop.time());
      } else if (action instanceof FaultAction.Pause given) {
        pause = true;
        time = time(given.time());
      } else if (action instanceof FaultAction.Takeover given) {
        takeover = TimeSpan.format(given.away());
      } else if (action instanceof FaultAction.LosePower lose) {
        powerFailure =
            new PowerFailureJson(
                lose.failure().atGroup(),
                lose.failure().isRepeated() ? true : null,
                TimeSpan.format(lose.failure().away()));
      } else {
        throw new IllegalStateException("unknown kind of action " + action);
      }
    }

    private static String time(Optional<Duration> time) {
      return time.map(TimeSpan::format).orElse(null);
    }

    private static String change(Change change, long unit) {
      if (change.equals(Change.NONE)) {
        return null;
      }
      long amount = change.amount() / unit;
      return change.isOffset() && amount >= 0 ? "+" + amount : Long.toString(amount);
    }

    private static CloneJobJson cloneJob(FaultAction.CloneJob job) {
      return new CloneJobJson(
          job.bytesPerSecond() == 0 ? null : job.bytesPerSecond(),
          job.slowdown() == 1 ? null : job.slowdown(),
          job.stallAtPercent() == CloneFault.NEVER ? null : job.stallAtPercent(),
          job.failAtPercent() == CloneFault.NEVER ? null : job.failAtPercent(),
          job.failAtPercent() == CloneFault.NEVER ? null : VaaiProblems.codeOf(job.error()).name());
    }

    ActJson toJson() {
      return new ActJson(
          status,
          delay,
          jitter,
          bytesPerSecond,
          eachConnection,
          noAnswer,
          close,
          reset,
          executed,
          executedButLost,
          twice,
          behind,
          behindLimit,
          shortBytes,
          zeroWindow,
          pause,
          time,
          attributes,
          mistake,
          takeover,
          powerFailure,
          cloneJob);
    }
  }
}
