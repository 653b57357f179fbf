/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.paths.PathGlob;

/**
 * Which calls a rule is for. Every part that is there must match; a match without parts is every
 * call of every door but HTTP, through which the rules are managed.
 *
 * @param doors any of these; {@link Door#VAAI} is VAAI in every dialect; empty for all but {@link
 *     Door#HTTP}
 * @param procedures any of these names; one of the VAAI program stands for the same call of every
 *     dialect ({@link VaaiCalls}); over HTTP {@code METHOD /path}, where {@code *} is any text;
 *     empty for all
 * @param volume its name
 * @param path of the file, or of the name that the call brings; either one of a call with two
 * @param handle of the file, hexadecimal, either one of a call with two
 * @param client where the call comes from
 * @param uid for whom it is made, as it was sent, before squashing
 * @param host the name that the calling host gives itself in its credential
 * @param after another call that must have come before
 */
public record FaultMatch(
    List<Door> doors,
    List<String> procedures,
    Optional<String> volume,
    Optional<PathGlob> path,
    Optional<String> handle,
    Optional<ClientMatch> client,
    OptionalLong uid,
    Optional<String> host,
    Optional<After> after) {
  /** The most doors, and the most procedures, of one match. */
  public static final int MAX_NAMES = 64;

  /** The longest text of a match, in characters. */
  public static final int MAX_TEXT = 1024;

  /** Every call of every door but HTTP. */
  public static final FaultMatch ANY =
      new FaultMatch(
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty());

  public FaultMatch {
    doors = List.copyOf(doors);
    procedures = List.copyOf(procedures);
    requireFew("doors", doors.size());
    requireFew("procedures", procedures.size());
    procedures.forEach(procedure -> requireShort("a procedure", procedure));
    volume.ifPresent(name -> requireShort("a volume", name));
    handle.ifPresent(hex -> requireShort("a handle", hex));
    host.ifPresent(name -> requireShort("a host", name));
    Objects.requireNonNull(path);
    Objects.requireNonNull(client);
    Objects.requireNonNull(uid);
    Objects.requireNonNull(after);
  }

  private static void requireFew(String what, int count) {
    if (count > MAX_NAMES) {
      throw new IllegalArgumentException(count + " " + what + "; allowed: at most " + MAX_NAMES);
    }
  }

  private static void requireShort(String what, String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          what + " of " + text.length() + " characters; allowed: 1 to " + MAX_TEXT);
    }
  }

  /** What the other call must have in common with this one. */
  public enum Same {
    /** Nothing: once the other call has come, from whomever. */
    NOTHING,
    /** The client's address. */
    CLIENT,
    /** The client's address and port. */
    CONNECTION,
    /** The file that both calls name, by handle. */
    FILE
  }

  /**
   * Another call that must have come before.
   *
   * @param match which one; has no {@code after} of its own
   * @param same what both must have in common
   */
  public record After(FaultMatch match, Same same) {
    public After {
      Objects.requireNonNull(same);
      if (match.after().isPresent()) {
        throw new IllegalArgumentException(
            "'after' within 'after'; allowed: one call that must have come before");
      }
    }
  }

  /**
   * Whether a call is one of the doors. {@link Door#VAAI} is VAAI in every dialect. Without a door,
   * requests over HTTP are meant only if they are calls of VAAI and named.
   */
  boolean isOfDoor(Door door, String procedure) {
    if (doors.isEmpty()) {
      return door != Door.HTTP
          || procedures.stream().anyMatch(name -> VaaiCalls.isNamed(name, door, procedure));
    }
    return doors.contains(door) || (doors.contains(Door.VAAI) && VaaiCalls.isVaai(door, procedure));
  }

  /** Whether a file must be known, which a call names at its operation point only. */
  boolean needsOperation() {
    return volume.isPresent() || path.isPresent() || handle.isPresent();
  }
}
