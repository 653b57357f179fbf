/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.facsim.services.access.AddressRange;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.paths.PathGlob;
import org.facsim.services.paths.TextGlob;
import org.facsim.services.units.TimeSpan;

/**
 * Which calls are meant: those that meet all conditions. Readable as a sentence: {@code
 * calls().procedure("WRITE").path("/datastore1/vm/**").from("10.0.0.7")}. Immutable.
 *
 * <p>{@link #with} takes conditions as texts, from HTTP and the command line. A condition that no
 * call could ever meet, such as a procedure that no door has, is refused by whoever is asked with
 * the filter ({@link Journal}), because only a journal knows the names.
 */
public final class CallFilter {
  /** All calls. */
  private static final CallFilter ALL = new CallFilter(List.of());

  /** What {@link #with} knows, for messages. */
  public static final List<String> FIELDS =
      List.of(
          "door",
          "procedure",
          "path",
          "volume",
          "client",
          "user",
          "status",
          "fault",
          "xid",
          "connection",
          "outcome",
          "since",
          "until",
          "min-duration");

  /** What {@code fault} may be, beside a label. */
  static final String ANY = "any";

  static final String NONE = "none";

  /**
   * One condition.
   *
   * @param field one of {@link #FIELDS}
   * @param wanted for people
   * @param seen what a call has there, for people
   */
  record Condition(
      String field,
      String wanted,
      Predicate<JournalEntry> met,
      java.util.function.Function<JournalEntry, String> seen) {}

  private final List<Condition> conditions;

  private CallFilter(List<Condition> conditions) {
    this.conditions = conditions;
  }

  /** All calls, to be narrowed. */
  public static CallFilter calls() {
    return ALL;
  }

  List<Condition> conditions() {
    return conditions;
  }

  /** Whether a call meets all conditions. */
  public boolean matches(JournalEntry call) {
    for (Condition condition : conditions) {
      if (!condition.met.test(call)) {
        return false;
      }
    }
    return true;
  }

  /** The conditions that a call does not meet, for people: what was wanted and what was there. */
  public List<String> misses(JournalEntry call) {
    return conditions.stream()
        .filter(condition -> !condition.met.test(call))
        .map(
            condition ->
                condition.field + " is " + condition.seen.apply(call) + ", not " + condition.wanted)
        .toList();
  }

  private CallFilter and(
      String field,
      String wanted,
      Predicate<JournalEntry> met,
      java.util.function.Function<JournalEntry, String> seen) {
    List<Condition> more = new ArrayList<>(conditions);
    more.add(new Condition(field, wanted, met, seen));
    return new CallFilter(List.copyOf(more));
  }

  // ---------------------------------------------------------------- conditions

  /** By the door; {@link Door#VAAI} is VAAI in every dialect. */
  public CallFilter door(Door door) {
    return and(
        "door",
        door.name(),
        door == Door.VAAI
            ? call -> VaaiCalls.isVaai(call.door(), call.procedure())
            : call -> call.door() == door,
        call -> call.door().name());
  }

  /**
   * By its protocol's name, in upper or lower case. A name of the VAAI program stands for the same
   * call of every dialect: a {@code CLONE} is a clone, however it was asked for. Over HTTP method
   * and path, in which {@code *} is any text: {@code POST /vaai/v1/sessions/*}{@code /clones}.
   */
  public CallFilter procedure(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return and(
        "procedure",
        name,
        isRequest(name)
            ? call -> call.door() == Door.HTTP && TextGlob.matches(name, call.procedure())
            : call ->
                call.procedure().equalsIgnoreCase(name)
                    || VaaiCalls.isNamed(upper, call.door(), call.procedure()),
        JournalEntry::procedure);
  }

  /** Whether a procedure is method and path of a request over HTTP. */
  static boolean isRequest(String procedure) {
    return procedure.indexOf(' ') > 0;
  }

  /**
   * By the path that the file had then, also by the one that it was renamed or linked to.
   *
   * @param glob see {@link PathGlob}
   */
  public CallFilter path(String glob) {
    PathGlob wanted = PathGlob.parse(glob);
    return and(
        "path",
        glob,
        call ->
            (!call.path().isEmpty() && wanted.matches(call.path()))
                || (!call.otherPath().isEmpty() && wanted.matches(call.otherPath())),
        call -> call.path().isEmpty() ? "none" : call.path());
  }

  public CallFilter volume(String name) {
    return and(
        "volume",
        name,
        call -> call.volume().equals(name),
        call -> call.volume().isEmpty() ? "none" : call.volume());
  }

  /**
   * By the client's address.
   *
   * @param range see {@link AddressRange}
   */
  public CallFilter from(String range) {
    AddressRange wanted = AddressRange.parse(range);
    return and(
        "client",
        range,
        call -> wanted.contains(call.client().getAddress()),
        call -> call.client().getAddress().getHostAddress());
  }

  /** By the user for whom the call ran, after squashing. */
  public CallFilter user(long uid) {
    return and(
        "user",
        Long.toString(uid),
        call -> call.uid() != null && call.uid() == uid,
        call -> call.uid() == null ? "unknown" : call.uid().toString());
  }

  /** By the name of the door's answer, in upper or lower case, for example {@code JUKEBOX}. */
  public CallFilter status(String name) {
    return and(
        "status",
        name,
        call -> call.status().equalsIgnoreCase(name),
        call -> call.status().isEmpty() ? "none" : call.status());
  }

  /**
   * By a fault that was applied: its label, such as {@code rule 2 (full)}, or either part of it;
   * {@code any} or {@code none} of them.
   */
  public CallFilter fault(String label) {
    Predicate<JournalEntry> met =
        switch (label) {
          case ANY -> call -> !call.faults().isEmpty();
          case NONE -> call -> call.faults().isEmpty();
          default -> call -> call.faults().stream().anyMatch(fault -> isLabel(label, fault));
        };
    return and(
        "fault",
        label,
        met,
        call -> call.faults().isEmpty() ? NONE : String.join(", ", call.faults()));
  }

  /** Rules are labelled by id and, in brackets, by name. */
  private static boolean isLabel(String wanted, String label) {
    return label.equals(wanted)
        || label.startsWith(wanted + " (")
        || label.endsWith(" (" + wanted + ")");
  }

  /** By the number by which the client knows the answer. */
  public CallFilter xid(int xid) {
    return and(
        "xid",
        "%08x".formatted(xid),
        call -> call.xid() == xid,
        call -> "%08x".formatted(call.xid()));
  }

  public CallFilter connection(long number) {
    return and(
        "connection",
        Long.toString(number),
        call -> call.connection() == number,
        call -> Long.toString(call.connection()));
  }

  public CallFilter outcome(JournalEntry.Outcome outcome) {
    return and(
        "outcome",
        outcome.name(),
        call -> call.outcome() == outcome,
        call -> call.outcome().name());
  }

  /** Calls that arrived then or later. */
  public CallFilter since(Instant time) {
    return and(
        "since", time.toString(), call -> !call.time().isBefore(time), call -> "" + call.time());
  }

  /** Calls that arrived before. */
  public CallFilter until(Instant time) {
    return and(
        "until", time.toString(), call -> call.time().isBefore(time), call -> "" + call.time());
  }

  /** Calls that took at least so long from arrival to answer. */
  public CallFilter tookAtLeast(Duration time) {
    return and(
        "min-duration",
        TimeSpan.format(time),
        call -> call.duration() != null && call.duration().compareTo(time) >= 0,
        call -> call.duration() == null ? "unknown" : TimeSpan.format(call.duration()));
  }

  /**
   * Adds a condition that is given as texts.
   *
   * @param now for times such as {@code 5s}, which are that long ago
   * @throws IllegalArgumentException which says what is wrong and what is allowed
   */
  public CallFilter with(String field, String value, Instant now) {
    return switch (field) {
      case "door" -> door(one(Door.class, field, value));
      case "procedure" -> procedure(value);
      case "path" -> path(value);
      case "volume" -> volume(value);
      case "client" -> from(value);
      case "user" -> user(number(field, value, 0xffff_ffffL));
      case "status" -> status(value);
      case "fault" -> fault(value);
      case "xid" -> xid(xidOf(value));
      case "connection" -> connection(number(field, value, Long.MAX_VALUE));
      case "outcome" -> outcome(one(JournalEntry.Outcome.class, field, value));
      case "since" -> since(time(field, value, now));
      case "until" -> until(time(field, value, now));
      case "min-duration" -> tookAtLeast(TimeSpan.parse(value));
      default ->
          throw new IllegalArgumentException(
              "'" + field + "'; allowed: " + String.join(", ", FIELDS));
    };
  }

  private static <E extends Enum<E>> E one(Class<E> type, String field, String value) {
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_'))) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        field
            + " '"
            + value
            + "'; allowed: "
            + String.join(
                ", ", List.of(type.getEnumConstants()).stream().map(Enum::name).toList()));
  }

  private static long number(String field, String value, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw new IllegalArgumentException(field + " '" + value + "'; allowed: 0 to " + most);
  }

  private static int xidOf(String value) {
    try {
      return value.startsWith("0x")
          ? Integer.parseUnsignedInt(value.substring(2), 16)
          : Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "xid '" + value + "'; allowed: 0 to 4294967295, or 0x and hexadecimal digits", e);
    }
  }

  private static Instant time(String field, String value, Instant now) {
    try {
      return Instant.parse(value);
    } catch (java.time.format.DateTimeParseException e) {
      try {
        return now.minus(TimeSpan.parse(value));
      } catch (IllegalArgumentException notOne) {
        throw new IllegalArgumentException(
            field
                + " '"
                + value
                + "'; allowed: how long ago ("
                + TimeSpan.SYNTAX
                + "), or a time such as 2026-11-30T12:00:00Z",
            notOne);
      }
    }
  }

  /** The conditions, as a person reads them. */
  @Override
  public String toString() {
    return conditions.isEmpty()
        ? "all calls"
        : "calls with "
            + String.join(
                ", ",
                conditions.stream()
                    .map(condition -> condition.field + "=" + condition.wanted)
                    .toList());
  }
}
