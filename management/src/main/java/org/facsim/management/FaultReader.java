/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.facsim.management.FaultJson.ActJson;
import org.facsim.management.FaultJson.AttributesJson;
import org.facsim.management.FaultJson.CloneJobJson;
import org.facsim.management.FaultJson.LimitsJson;
import org.facsim.management.FaultJson.MatchJson;
import org.facsim.management.FaultJson.RuleJson;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.calls.FalseAttributes.Change;
import org.facsim.services.faults.ArrayFaults.PowerFailure;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultLimits;
import org.facsim.services.faults.FaultMatch;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRuleBuilder;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.units.TimeSpan;

/** Reads fault rules. Whatever it cannot read is {@link IllegalArgumentException}. */
final class FaultReader {
  private static final Duration BEHIND_LIMIT = Duration.ofSeconds(1);
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private FaultReader() {}

  static FaultRule rule(RuleJson json) {
    if (json.act() == null) {
      throw new IllegalArgumentException("field 'act' is missing; allowed: what happens");
    }
    FaultRuleBuilder rule = builder(json.act());
    if (json.name() != null) {
      rule.name(json.name());
    }
    if (json.match() != null) {
      match(rule, json.match());
    }
    if (json.limits() != null) {
      limits(rule, json.limits());
    }
    if (json.seed() != null) {
      rule.seed(json.seed());
    }
    return rule.rule();
  }

  // ---------------------------------------------------------------- match

  private static void match(FaultRuleBuilder rule, MatchJson json) {
    orEmpty(json.doors()).forEach(name -> rule.door(constant("door", Door.class, name)));
    orEmpty(json.procedures()).forEach(rule::procedure);
    Optional.ofNullable(json.volume()).ifPresent(rule::volume);
    Optional.ofNullable(json.path()).ifPresent(rule::path);
    Optional.ofNullable(json.handle()).ifPresent(rule::handle);
    Optional.ofNullable(json.client()).ifPresent(rule::client);
    Optional.ofNullable(json.uid()).ifPresent(rule::uid);
    Optional.ofNullable(json.host()).ifPresent(rule::host);
    if (json.after() != null) {
      if (json.after().match() == null) {
        throw new IllegalArgumentException(
            "field 'after.match' is missing; allowed: the call that must have come before");
      }
      FaultRuleBuilder earlier = FaultRule.of(new FaultAction.NoAnswer());
      match(earlier, json.after().match());
      String same = json.after().same();
      rule.after(
          earlier.match(),
          same == null ? FaultMatch.Same.NOTHING : constant("same", FaultMatch.Same.class, same));
    }
  }

  private static List<String> orEmpty(List<String> list) {
    return list == null ? List.of() : list;
  }

  private static <E extends Enum<E>> E constant(String what, Class<E> type, String name) {
    for (E each : type.getEnumConstants()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        what
            + " '"
            + name
            + "' is not there; allowed: "
            + Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  private static void limits(FaultRuleBuilder rule, LimitsJson json) {
    Optional.ofNullable(json.nth()).ifPresent(number -> rule.nth(positive("nth", number)));
    Optional.ofNullable(json.every()).ifPresent(rule::every);
    Optional.ofNullable(json.probability()).ifPresent(rule::probability);
    Optional.ofNullable(json.count()).ifPresent(number -> rule.count(positive("count", number)));
    Optional.ofNullable(json.from()).ifPresent(text -> rule.from(from(text)));
    Optional.ofNullable(json.lasting()).ifPresent(text -> rule.lasting(TimeSpan.parse(text)));
  }

  private static long positive(String what, long number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " " + number + "; allowed: 1 and greater");
    }
    return number;
  }

  private static FaultLimits.From from(String text) {
    try {
      return new FaultLimits.From.At(Instant.parse(text));
    } catch (DateTimeParseException e) {
      try {
        return new FaultLimits.From.Added(TimeSpan.parse(text));
      } catch (IllegalArgumentException neither) {
        throw new IllegalArgumentException(
            "from '"
                + text
                + "'; allowed: "
                + TimeSpan.SYNTAX
                + " after the rule is added, or a time such as 2026-11-30T12:00:00Z",
            e);
      }
    }
  }

  // ---------------------------------------------------------------- act

  private static FaultRuleBuilder builder(ActJson json) {
    Optional<FaultAction> action = action(json);
    Optional<FaultAction.Delay> delay = delay(json);
    if (action.isEmpty() && delay.isEmpty()) {
      throw new IllegalArgumentException(
          "field 'act' has no action: nothing would happen; allowed: status, delay, bytesPerSecond,"
              + " noAnswer, close, reset, executedButLost, twice, behind, shortBytes, zeroWindow,"
              + " pause, attributes, mistake, takeover, powerFailure, cloneJob");
    }
    FaultRuleBuilder rule =
        action.map(FaultRule::of).orElseGet(() -> FaultRule.delayed(delay.orElseThrow()));
    delay.ifPresent(rule::delay);
    return rule;
  }

  private static Optional<FaultAction.Delay> delay(ActJson json) {
    if (json.delay() == null) {
      requireAbsent("jitter", json.jitter(), "delay");
      return Optional.empty();
    }
    return Optional.of(
        new FaultAction.Delay(
            TimeSpan.parse(json.delay()),
            json.jitter() == null ? Duration.ZERO : TimeSpan.parse(json.jitter())));
  }

  private static void requireAbsent(String field, Object value, String owner) {
    if (value != null) {
      throw new IllegalArgumentException("field '" + field + "'; allowed: with " + owner);
    }
  }

  private static boolean is(Boolean field) {
    return Boolean.TRUE.equals(field);
  }

  private static Optional<FaultAction> action(ActJson json) {
    List<Supplier<FaultAction>> chosen = new ArrayList<>();
    List<String> names = new ArrayList<>();
    class Choice {
      void of(String name, boolean isChosen, Supplier<FaultAction> action) {
        if (isChosen) {
          chosen.add(action);
          names.add(name);
        }
      }
    }
    Choice choice = new Choice();
    boolean isExecuted = is(json.executed());
    choice.of("status", json.status() != null, () -> new FaultAction.Status(json.status()));
    choice.of(
        "bytesPerSecond",
        json.bytesPerSecond() != null,
        () -> new FaultAction.Limit(json.bytesPerSecond(), is(json.eachConnection())));
    choice.of("noAnswer", is(json.noAnswer()), FaultAction.NoAnswer::new);
    choice.of("close", is(json.close()), () -> new FaultAction.Close(isExecuted));
    choice.of("reset", is(json.reset()), () -> new FaultAction.Reset(isExecuted));
    choice.of("executedButLost", is(json.executedButLost()), FaultAction.LoseReply::new);
    choice.of("twice", is(json.twice()), FaultAction.Twice::new);
    choice.of("behind", json.behind() != null, () -> behind(json));
    choice.of(
        "shortBytes",
        json.shortBytes() != null,
        () -> new FaultAction.ShortTransfer(json.shortBytes()));
    choice.of("zeroWindow", is(json.zeroWindow()), () -> new FaultAction.StopReading(time(json)));
    choice.of("pause", is(json.pause()), () -> new FaultAction.Pause(time(json)));
    choice.of(
        "attributes",
        json.attributes() != null,
        () -> new FaultAction.Lie(attributes(json.attributes())));
    choice.of("mistake", json.mistake() != null, () -> mistake(json));
    choice.of(
        "takeover",
        json.takeover() != null,
        () -> new FaultAction.Takeover(TimeSpan.parse(json.takeover())));
    choice.of("powerFailure", json.powerFailure() != null, () -> powerFailure(json));
    choice.of("cloneJob", json.cloneJob() != null, () -> cloneJob(json.cloneJob()));
    if (chosen.size() > 1) {
      throw new IllegalArgumentException(
          "field 'act' has "
              + String.join(" and ", names)
              + "; allowed: one action, and a delay of the reply");
    }
    requireOwner(json, names);
    return chosen.stream().findFirst().map(Supplier::get);
  }

  /** Fields that say more of an action are there with it only. */
  private static void requireOwner(ActJson json, List<String> names) {
    String name = names.isEmpty() ? "" : names.get(0);
    if (!name.equals("close") && !name.equals("reset")) {
      requireAbsent("executed", json.executed(), "close, reset");
    }
    if (!name.equals("zeroWindow") && !name.equals("pause")) {
      requireAbsent("time", json.time(), "zeroWindow, pause");
    }
    if (!name.equals("behind")) {
      requireAbsent("behindLimit", json.behindLimit(), "behind");
    }
    if (!name.equals("bytesPerSecond")) {
      requireAbsent("eachConnection", json.eachConnection(), "bytesPerSecond");
    }
  }

  private static Optional<Duration> time(ActJson json) {
    return Optional.ofNullable(json.time()).map(TimeSpan::parse);
  }

  private static FaultAction behind(ActJson json) {
    return new FaultAction.Behind(
        json.behind(),
        json.behindLimit() == null ? BEHIND_LIMIT : TimeSpan.parse(json.behindLimit()));
  }

  private static FaultAction mistake(ActJson json) {
    Integer count = json.mistake().count();
    Integer length = json.mistake().lengthBytes();
    return new FaultAction.Corrupt(count == null ? 1 : count, length == null ? 1 : length);
  }

  private static FalseAttributes attributes(AttributesJson json) {
    FalseAttributes lie = FalseAttributes.NONE;
    if (json.size() != null) {
      lie = lie.withSizeBytes(change("size", json.size(), 1));
    }
    if (json.mtime() != null) {
      lie = lie.withMtimeNanos(change("mtime", json.mtime(), NANOS_PER_SECOND));
    }
    if (json.fileId() != null) {
      lie = lie.withFileId(change("fileId", json.fileId(), 1));
    }
    return json.links() == null ? lie : lie.withLinkCount(change("links", json.links(), 1));
  }

  private static Change change(String field, String text, long unit) {
    if (!text.matches("[+-]?\\d{1,18}")) {
      throw new IllegalArgumentException(
          field + " '" + text + "'; allowed: +N or -N from the truth, or N, of up to 18 digits");
    }
    long amount;
    try {
      amount = Math.multiplyExact(Long.parseLong(text), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          field + " '" + text + "'; allowed: at most " + Long.MAX_VALUE / unit, e);
    }
    return text.charAt(0) == '+' || text.charAt(0) == '-' ? Change.by(amount) : Change.to(amount);
  }

  private static FaultAction powerFailure(ActJson json) {
    Long group = json.powerFailure().atGroup();
    String away = json.powerFailure().away();
    return new FaultAction.LosePower(
        new PowerFailure(
            group == null ? 0 : group,
            is(json.powerFailure().repeated()),
            away == null ? Duration.ZERO : TimeSpan.parse(away)));
  }

  private static FaultAction cloneJob(CloneJobJson json) {
    return new FaultAction.CloneJob(
        json.bytesPerSecond() == null ? 0 : json.bytesPerSecond(),
        json.slowdown() == null ? 1 : json.slowdown(),
        json.stallAtPercent() == null ? CloneFault.NEVER : json.stallAtPercent(),
        json.failAtPercent() == null ? CloneFault.NEVER : json.failAtPercent(),
        json.error() == null ? OffloadError.IO : error(json.error()));
  }

  private static OffloadError error(String name) {
    for (OffloadError each : OffloadError.values()) {
      if (VaaiProblems.codeOf(each).name().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "error '"
            + name
            + "'; allowed: "
            + Arrays.stream(OffloadError.values())
                .map(each -> VaaiProblems.codeOf(each).name())
                .collect(Collectors.joining(", ")));
  }
}
