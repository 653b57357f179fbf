/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.VaaiCalls;

/** Refuses rules that can do nothing to any call, and says what would. */
final class RuleCheck {
  private static final Set<String> WITH_DATA = Set.of("READ", "WRITE");
  private static final Set<Door> WITH_CLONES = Set.of(Door.VAAI, Door.OPENSDS, Door.HTTP, Door.NFS);
  private static final Set<String> CLONES = Set.of(VaaiCalls.CLONE, VaaiCalls.OPENSDS);

  private final FaultGround ground;
  private final MatchCheck matches;

  RuleCheck(FaultGround ground) {
    this.ground = ground;
    this.matches = new MatchCheck(ground);
  }

  /**
   * Checks a rule against the array as it is now.
   *
   * @throws IllegalArgumentException if it cannot match any call, or do anything to one
   */
  void check(FaultRule rule) {
    matches.requireTime(rule.limits());
    if (rule.isForJobs()) {
      requireJob(rule.match());
      return;
    }
    List<MatchCheck.Kind> kinds = matches.kinds(rule.match());
    rule.match().after().ifPresent(after -> requireEarlier(after, rule.match()));
    rule.action().ifPresent(action -> requireEffect(action, rule.match(), kinds));
  }

  private void requireEarlier(FaultMatch.After after, FaultMatch match) {
    List<MatchCheck.Kind> kinds;
    try {
      kinds = matches.kinds(after.match());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("after: " + e.getMessage(), e);
    }
    if (after.same() == FaultMatch.Same.FILE && kinds.isEmpty() && match.doors().isEmpty()) {
      throw new IllegalArgumentException("after: calls that name no file have none in common");
    }
  }

  private void requireEffect(FaultAction action, FaultMatch match, List<MatchCheck.Kind> kinds) {
    if (action instanceof FaultAction.Status status) {
      requireStatus(status.name(), match, kinds);
    } else if (action instanceof FaultAction.ShortTransfer) {
      requireAble(match, kinds, "a short read or write", RuleCheck::canBeShort);
    } else if (action instanceof FaultAction.Corrupt) {
      requireAble(match, kinds, "a mistake in the data", RuleCheck::hasData);
    } else if (action instanceof FaultAction.Lie) {
      requireAble(match, kinds, "wrong attributes", RuleCheck::hasAttributes);
    } else if (isAtArrivalOnly(action) && match.needsOperation()) {
      throw new IllegalArgumentException(
          "volume, path, handle: what happens to a connection is decided when a call arrives, and"
              + " the file is not known yet; allowed: door, procedure, client, user, host, counts"
              + " and times");
    } else if (action instanceof FaultAction.Takeover || action instanceof FaultAction.LosePower) {
      requireArray(action);
    }
  }

  private static boolean isAtArrivalOnly(FaultAction action) {
    return action instanceof FaultAction.StopReading
        || action instanceof FaultAction.Pause
        || (action instanceof FaultAction.Limit limit && limit.isForEach());
  }

  // ---------------------------------------------------------------- what calls can meet

  private static boolean hasData(MatchCheck.Kind kind) {
    return kind.door() == Door.NFS && WITH_DATA.contains(kind.procedure());
  }

  private static boolean canBeShort(MatchCheck.Kind kind) {
    return hasData(kind) || kind.door() == Door.HTTP;
  }

  private static boolean hasAttributes(MatchCheck.Kind kind) {
    return kind.door() == Door.NFS && !kind.procedure().equals("NULL");
  }

  @FunctionalInterface
  private interface Ability {
    boolean is(MatchCheck.Kind kind);
  }

  /** Every procedure that the rule names must be able to meet it; if it names none, any. */
  private void requireAble(
      FaultMatch match, List<MatchCheck.Kind> kinds, String what, Ability ability) {
    boolean isAble =
        match.procedures().isEmpty()
            ? kinds.stream().anyMatch(ability::is)
            : match.procedures().stream()
                .allMatch(
                    named ->
                        kinds.stream()
                            .filter(
                                kind -> MatchCheck.isNamed(named, kind.door(), kind.procedure()))
                            .anyMatch(ability::is));
    if (!isAble) {
      Set<String> able = new TreeSet<>();
      for (Door door : Door.values()) {
        for (String procedure : ground.doors().procedures(door)) {
          if (door != Door.HTTP && ability.is(new MatchCheck.Kind(door, procedure))) {
            able.add(MatchCheck.inWords(door) + " " + procedure);
          }
        }
      }
      throw new IllegalArgumentException(
          what
              + ": not with "
              + (match.procedures().isEmpty()
                  ? "the doors of the rule"
                  : String.join(", ", match.procedures()))
              + "; allowed: "
              + String.join(", ", able));
    }
  }

  private void requireStatus(String name, FaultMatch match, List<MatchCheck.Kind> kinds) {
    if (match.procedures().isEmpty()) {
      if (kinds.stream().noneMatch(kind -> answers(kind, name))) {
        throw noStatus(name, "the doors of the rule", kinds);
      }
      return;
    }
    for (String named : match.procedures()) {
      List<MatchCheck.Kind> ofName =
          kinds.stream()
              .filter(kind -> MatchCheck.isNamed(named, kind.door(), kind.procedure()))
              .toList();
      if (ofName.stream().noneMatch(kind -> answers(kind, name))) {
        throw noStatus(name, named, ofName);
      }
    }
  }

  private boolean answers(MatchCheck.Kind kind, String name) {
    try {
      var unused = ground.doors().statuses().find(kind.door(), kind.procedure(), name);
      return true;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  private IllegalArgumentException noStatus(
      String name, String where, List<MatchCheck.Kind> kinds) {
    Set<String> names = new TreeSet<>();
    for (MatchCheck.Kind kind : kinds) {
      ground.doors().statuses().of(kind.door()).of(kind.procedure()).stream()
          .map(DoorStatus::name)
          .forEach(names::add);
    }
    return new IllegalArgumentException(
        "status '" + name + "': " + where + " cannot answer it" + Suggestion.of(name, names));
  }

  // ---------------------------------------------------------------- the array, clone jobs

  private void requireArray(FaultAction action) {
    ArrayFaults array = ground.array();
    if (array == null) {
      throw new IllegalArgumentException("nothing can happen to this array as a whole");
    }
    if (action instanceof FaultAction.LosePower && !array.canLosePower()) {
      throw new IllegalArgumentException(
          "power failure: the array lives in memory, and nothing would come back; allowed: with a"
              + " data directory; a takeover without one");
    }
  }

  private void requireJob(FaultMatch match) {
    for (Door door : match.doors()) {
      if (!WITH_CLONES.contains(door)) {
        throw new IllegalArgumentException(
            "door "
                + MatchCheck.inWords(door)
                + " starts no clone jobs; allowed: vaai, opensds, http, nfs (CLONE and COPY of"
                + " NFSv4.2)");
      }
    }
    for (String procedure : match.procedures()) {
      if (!CLONES.contains(procedure)) {
        throw new IllegalArgumentException(
            "procedure '"
                + procedure
                + "' starts no clone job"
                + Suggestion.of(procedure, new TreeSet<>(CLONES)));
      }
    }
    if (match.handle().isPresent()
        || match.host().isPresent()
        || match.after().isPresent()
        || match.client().map(client -> client.port() != 0).orElse(false)) {
      throw new IllegalArgumentException(
          "handle, host, a port, after: a clone job has none; allowed: door, volume, path, the"
              + " client's address, user, counts and times");
    }
    FaultMatch files =
        new FaultMatch(
            List.of(),
            List.of(),
            match.volume(),
            match.path(),
            match.handle(),
            match.client(),
            match.uid(),
            match.host(),
            match.after());
    var unused = matches.kinds(files);
  }
}
