/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.facsim.services.calls.Door;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.TimeSpan;

/** What labs and CI ask for most, under names. */
public final class FaultPresets {
  private static final String FOR = "for";
  private static final String FOR_TEXT = "how long, for example 30s";
  private static final String VOLUME = "volume";
  private static final String VOLUME_TEXT = "only this one";
  private static final String PATH = "path";
  private static final String CLIENT = "client";
  private static final String CLIENT_TEXT = "only clients of this address or range";
  private static final String SEED = "seed";

  private static final List<Preset> ALL =
      List.of(
          new Preset(
              "takeover",
              "A controller takes over: all doors but HTTP are away for a time, keep their state,"
                  + " and come back with a new write verifier and a grace period.",
              List.of(new Parameter(FOR, "30s", FOR_TEXT))),
          new Preset(
              "array-reboot",
              "The power fails now: what is not durable is lost, and the array restarts from its"
                  + " data directory after a time.",
              List.of(new Parameter(FOR, "30s", FOR_TEXT))),
          new Preset(
              "full",
              "The disk is full: WRITE, CREATE and the like over NFS, and clones and reservations in"
                  + " every dialect of VAAI are answered NOSPC.",
              List.of(
                  new Parameter(VOLUME, "", VOLUME_TEXT),
                  new Parameter(FOR, "", "how long; until cleared if not given"))),
          new Preset(
              "flaky-network",
              "Calls and replies are lost now and then, and all replies are late by a jitter.",
              List.of(
                  new Parameter("loss", "0.01", "the share of calls, and of replies, that is lost"),
                  new Parameter("delay", "5ms", "how late replies are"),
                  new Parameter("jitter", "5ms", "by how much more or less"),
                  new Parameter(CLIENT, "", CLIENT_TEXT),
                  new Parameter(SEED, "", "which calls are lost"),
                  new Parameter(FOR, "", "how long; until cleared if not given"))),
          new Preset(
              "slow-clone",
              "Clone jobs take their time, whether they copy or share.",
              List.of(
                  new Parameter("rate", "10MiB", "bytes per second"),
                  new Parameter(VOLUME, "", "only clones into this one"),
                  new Parameter(FOR, "", "how long; until cleared if not given"))),
          new Preset(
              "leftover-lock",
              "Locks outlive their holders: lock files of hosts cannot be removed (ACCES), and NLM"
                  + " does not give locks back (DENIED_NOLOCKS).",
              List.of(
                  new Parameter(PATH, "/**/.lck-*", "the lock files"),
                  new Parameter(FOR, "", "how long; until cleared if not given"))),
          new Preset(
              "zero-window",
              "The array stops reading the next connection that calls; its TCP window closes, and"
                  + " other connections go on.",
              List.of(new Parameter(CLIENT, "", CLIENT_TEXT), new Parameter(FOR, "30s", FOR_TEXT))),
          new Preset(
              "apd",
              "All paths down: connections stay, and no call of any door but HTTP is answered.",
              List.of(
                  new Parameter(CLIENT, "", CLIENT_TEXT), new Parameter(FOR, "150s", FOR_TEXT))));

  private FaultPresets() {}

  /**
   * A preset.
   *
   * @param text a sentence for people
   */
  public record Preset(String name, String text, List<Parameter> parameters) {
    public Preset {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * A parameter of a preset.
   *
   * @param standard its value if it is not given; empty for none
   */
  public record Parameter(String name, String standard, String text) {}

  /** What a preset comes to: rules, or something that happens to the array at once. */
  record Applied(List<FaultRule> rules, Optional<FaultAction> deed) {}

  /** All presets. */
  public static List<Preset> all() {
    return ALL;
  }

  static Applied apply(String name, Map<String, String> given) {
    Preset preset =
        ALL.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "preset '"
                            + name
                            + "' is not there"
                            + Suggestion.of(name, ALL.stream().map(Preset::name).toList())));
    Values values = new Values(preset, given);
    return switch (name) {
      case "takeover" -> deed(new FaultAction.Takeover(values.time(FOR)));
      case "array-reboot" ->
          deed(new FaultAction.LosePower(ArrayFaults.PowerFailure.now(values.time(FOR))));
      case "full" -> rules(full(values));
      case "flaky-network" -> rules(flakyNetwork(values));
      case "slow-clone" -> rules(slowClone(values));
      case "leftover-lock" -> rules(leftoverLock(values));
      case "zero-window" -> rules(zeroWindow(values));
      case "apd" -> rules(allPathsDown(values));
      default -> throw new IllegalStateException("no rules for preset " + name);
    };
  }

  private static Applied deed(FaultAction action) {
    return new Applied(List.of(), Optional.of(action));
  }

  private static Applied rules(List<FaultRule> rules) {
    return new Applied(rules, Optional.empty());
  }

  private static List<FaultRule> full(Values values) {
    FaultAction full = new FaultAction.Status("NOSPC");
    FaultRuleBuilder files = FaultRule.of(full).name("full").door(Door.NFS);
    for (String procedure : List.of("WRITE", "CREATE", "MKDIR", "SYMLINK", "MKNOD")) {
      files.procedure(procedure);
    }
    FaultRuleBuilder offloads =
        FaultRule.of(full).name("full").door(Door.VAAI).procedure("CLONE").procedure("RESERVE");
    return List.of(values.rule(files), values.rule(offloads));
  }

  private static List<FaultRule> flakyNetwork(Values values) {
    double loss = values.share("loss");
    String name = "flaky-network";
    List<FaultRule> rules = new ArrayList<>();
    rules.add(
        values.rule(FaultRule.of(new FaultAction.NoAnswer()).name(name).probability(loss), 1));
    rules.add(
        values.rule(FaultRule.of(new FaultAction.LoseReply()).name(name).probability(loss), 2));
    Duration delay = values.time("delay");
    if (!delay.isZero()) {
      rules.add(
          values.rule(
              FaultRule.delayed(new FaultAction.Delay(delay, values.time("jitter"))).name(name),
              3));
    }
    return rules;
  }

  private static List<FaultRule> slowClone(Values values) {
    return List.of(
        values.rule(
            FaultRule.of(
                    new FaultAction.CloneJob(
                        values.bytes("rate"),
                        1,
                        CloneFault.NEVER,
                        CloneFault.NEVER,
                        OffloadError.IO))
                .name("slow-clone")));
  }

  private static List<FaultRule> leftoverLock(Values values) {
    return List.of(
        values.rule(
            FaultRule.of(new FaultAction.Status("ACCES"))
                .name("leftover-lock")
                .door(Door.NFS)
                .procedure("REMOVE")
                .path(values.text(PATH).orElseThrow())),
        values.rule(
            FaultRule.of(new FaultAction.Status("DENIED_NOLOCKS"))
                .name("leftover-lock")
                .door(Door.NLM)
                .procedure("UNLOCK")));
  }

  private static List<FaultRule> zeroWindow(Values values) {
    return List.of(
        values.ofClient(
            FaultRule.of(new FaultAction.StopReading(Optional.of(values.time(FOR))))
                .name("zero-window")
                .door(Door.NFS)
                .count(1)));
  }

  private static List<FaultRule> allPathsDown(Values values) {
    return List.of(values.rule(FaultRule.of(new FaultAction.NoAnswer()).name("apd")));
  }

  /** The values of a preset's parameters, those that were given and the others. */
  private static final class Values {
    private final Map<String, String> byName = new LinkedHashMap<>();

    Values(Preset preset, Map<String, String> given) {
      preset.parameters().forEach(each -> byName.put(each.name(), each.standard()));
      given.forEach(
          (name, value) -> {
            if (byName.replace(name, value) == null) {
              throw new IllegalArgumentException(
                  "preset '"
                      + preset.name()
                      + "' has no '"
                      + name
                      + "'"
                      + Suggestion.of(name, byName.keySet()));
            }
          });
    }

    Optional<String> text(String name) {
      return Optional.ofNullable(byName.get(name)).filter(text -> !text.isEmpty());
    }

    private <T> T parsed(String name, Function<String, T> parser) {
      try {
        return parser.apply(byName.get(name));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }

    Duration time(String name) {
      return parsed(name, TimeSpan::parse);
    }

    long bytes(String name) {
      return parsed(name, ByteSize::parse);
    }

    double share(String name) {
      return parsed(
          name,
          text -> {
            try {
              return Double.parseDouble(text);
            } catch (NumberFormatException e) {
              throw new IllegalArgumentException("'" + text + "'; allowed: above 0, at most 1", e);
            }
          });
    }

    /** With the parameters that say which calls, and how long. */
    FaultRule rule(FaultRuleBuilder rule) {
      text(VOLUME).ifPresent(rule::volume);
      text(FOR).ifPresent(text -> rule.lasting(time(FOR)));
      return ofClient(rule);
    }

    FaultRule ofClient(FaultRuleBuilder rule) {
      text(CLIENT).ifPresent(rule::client);
      return rule.rule();
    }

    /** Likewise, with a seed of its own for each rule. */
    FaultRule rule(FaultRuleBuilder rule, int index) {
      text(SEED)
          .ifPresent(text -> rule.seed(Draw.seedOf(parsed(SEED, FaultPresets::number), index)));
      return rule(rule);
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "'; allowed: a whole number of 64 bits", e);
    }
  }
}
