/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.paths.PathGlob;
import org.facsim.services.paths.TextGlob;

/**
 * Refuses matches that no call can meet, and says which would do: whoever writes a rule that does
 * nothing has misspelled something.
 */
final class MatchCheck {
  private final FaultGround ground;

  MatchCheck(FaultGround ground) {
    this.ground = ground;
  }

  /** A kind of call that a match is for. */
  record Kind(Door door, String procedure) {
    @Override
    public String toString() {
      return door + " " + procedure;
    }
  }

  /**
   * The kinds of calls that a match is for.
   *
   * @return those of doors whose procedures are known; empty if the match is for others only
   * @throws IllegalArgumentException if no call can match
   */
  List<Kind> kinds(FaultMatch match) {
    List<Door> doors = doorsOf(match);
    doors.forEach(this::requireOpen);
    List<Kind> kinds = new ArrayList<>();
    for (Door door : Door.values()) {
      for (String procedure : ground.doors().procedures(door)) {
        if (match.isOfDoor(door, procedure)
            && (match.procedures().isEmpty()
                || match.procedures().stream()
                    .anyMatch(named -> isNamed(named, door, procedure)))) {
          kinds.add(new Kind(door, procedure));
        }
      }
    }
    match.procedures().forEach(named -> requireProcedure(named, doors));
    match.doors().forEach(door -> requireOneOf(door, match));
    requireFile(match, kinds, doors);
    requireUser(match, doors);
    match.volume().ifPresent(name -> requireVolume(name, doors));
    match.path().ifPresent(path -> requireInside(path, match));
    match.handle().ifPresent(this::requireFileOf);
    return kinds;
  }

  static List<Door> doorsOf(FaultMatch match) {
    return match.doors().isEmpty()
        ? Arrays.stream(Door.values()).filter(door -> door != Door.HTTP).toList()
        : match.doors();
  }

  static boolean isNamed(String named, Door door, String procedure) {
    return VaaiCalls.isNamed(named, door, procedure)
        || (door == Door.HTTP ? TextGlob.meet(named, procedure) : named.equals(procedure));
  }

  private void requireOpen(Door door) {
    if (door == Door.HTTP && !ground.doors().isKnown(door)) {
      throw new IllegalArgumentException("door http: this array has none");
    }
  }

  private void requireProcedure(String named, List<Door> doors) {
    boolean isThere =
        doors.stream()
            .anyMatch(
                door ->
                    door == Door.UNKNOWN
                        ? named.matches("\\d{1,10}")
                        : ground.doors().procedures(door).stream()
                            .anyMatch(procedure -> isNamed(named, door, procedure)));
    if (!isThere) {
      throw noProcedure(named, doors);
    }
  }

  private IllegalArgumentException noProcedure(String named, List<Door> doors) {
    Set<String> names = new TreeSet<>();
    doors.forEach(door -> names.addAll(ground.doors().procedures(door)));
    String where =
        doors.size() == 1
            ? "door " + inWords(doors.get(0)) + " has none of that name"
            : "no door of the rule has one of that name";
    return new IllegalArgumentException(
        "procedure '" + named + "': " + where + Suggestion.of(named, names));
  }

  /** A door that is named has one of the procedures that are. */
  private void requireOneOf(Door door, FaultMatch match) {
    if (match.procedures().isEmpty() || door == Door.UNKNOWN) {
      return;
    }
    List<String> has = ground.doors().procedures(door);
    for (String named : match.procedures()) {
      if (has.stream().anyMatch(procedure -> isNamed(named, door, procedure))) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "door "
            + inWords(door)
            + " has none of the procedures "
            + String.join(", ", match.procedures())
            + Suggestion.of(match.procedures().get(0), has));
  }

  // ---------------------------------------------------------------- files

  private void requireFile(FaultMatch match, List<Kind> kinds, List<Door> doors) {
    if (!match.needsOperation()) {
      return;
    }
    if (kinds.stream().noneMatch(MatchCheck::namesFile)) {
      List<String> named = kinds.stream().map(Kind::toString).limit(8).toList();
      throw new IllegalArgumentException(
          "volume, path, handle: "
              + (named.isEmpty() ? doors.toString() : String.join(", ", named))
              + " name no file; allowed: doors nfs, mount, nlm, vaai, opensds, http, and their"
              + " procedures that name one");
    }
  }

  private static boolean namesFile(Kind kind) {
    return switch (kind.door()) {
      case NFS, OPENSDS -> !kind.procedure().equals("NULL");
      case MOUNT -> kind.procedure().equals("MNT");
      case NLM ->
          !Set.of("NULL", "FREE_ALL").contains(kind.procedure())
              && !kind.procedure().endsWith("_RES");
      case VAAI -> !Set.of("NULL", "SESSION_END").contains(kind.procedure());
      case HTTP -> kind.procedure().contains("/volumes/") || kind.procedure().contains("/vaai/");
      case NSM, PORTMAP, UNKNOWN -> false;
    };
  }

  private static void requireUser(FaultMatch match, List<Door> doors) {
    boolean namesUser = match.uid().isPresent() || match.host().isPresent();
    if (namesUser && doors.stream().allMatch(door -> door == Door.HTTP)) {
      throw new IllegalArgumentException(
          "user, host: calls over HTTP name none; allowed: doors of RPC");
    }
  }

  private void requireVolume(String name, List<Door> doors) {
    List<String> names = ground.volumes().stream().map(Volume::name).toList();
    Volume volume =
        ground.volumes().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "volume '" + name + "' is not there" + Suggestion.of(name, names)));
    if (!ground.isExported(volume) && !doors.contains(Door.HTTP)) {
      throw new IllegalArgumentException(
          "volume '" + name + "' is not exported" + Suggestion.of(name, exported()));
    }
  }

  private List<String> exported() {
    return ground.volumes().stream()
        .filter(ground::isExported)
        .map(volume -> "/" + volume.name())
        .toList();
  }

  private void requireInside(PathGlob path, FaultMatch match) {
    List<String> exports =
        match.volume().isPresent() ? List.of("/" + match.volume().get()) : exported();
    if (exports.stream().noneMatch(path::mayBeIn)) {
      String first =
          path.toString().indexOf('/', 1) < 0
              ? path.toString()
              : path.toString().substring(0, path.toString().indexOf('/', 1));
      throw new IllegalArgumentException(
          "path '"
              + path
              + "' lies outside of "
              + (match.volume().isPresent() ? "the rule's volume" : "every export")
              + Suggestion.of(first, exports));
    }
  }

  private void requireFileOf(String hex) {
    try {
      var unused = ground.resolve(Handles.parse(hex));
    } catch (ArrayException none) {
      throw new IllegalArgumentException(
          "handle '"
              + hex
              + "' names no file of this array; allowed: the handle of one that is"
              + " there");
    }
  }

  /** A time window that has not ended yet. */
  void requireTime(FaultLimits limits) {
    Instant now = ground.clock().instant();
    Instant end = limits.end(now);
    if (end != null && !end.isAfter(now)) {
      throw new IllegalArgumentException(
          "the time window ended at " + end + "; allowed: one that ends after " + now);
    }
  }

  static String inWords(Door door) {
    return door.name().toLowerCase(Locale.ROOT);
  }
}
