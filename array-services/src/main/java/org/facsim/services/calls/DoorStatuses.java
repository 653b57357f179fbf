/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statuses of all doors by their protocols' names. Each door publishes its own list; whoever
 * puts the doors together makes this of them. Immutable.
 */
public final class DoorStatuses {
  /** No door, and no status. */
  public static final DoorStatuses NONE = new DoorStatuses(Map.of());

  private final Map<Door, OfDoor> doors;

  /** The statuses of one door. */
  public interface OfDoor {
    /**
     * What calls of a procedure can be answered, success excepted.
     *
     * @param procedure as {@link CallRecord#procedureName} says it; null for what calls of any
     *     procedure can be answered
     * @return in the order of their numbers; empty if there is no such procedure
     */
    List<DoorStatus> of(String procedure);

    /**
     * Whether calls of one version of the door's protocol can be answered so.
     *
     * @param status one of {@link #of}
     */
    default boolean isOf(int version, DoorStatus status) {
      return true;
    }

    /** The one of a name in upper case, if there is one. */
    default Optional<DoorStatus> named(String procedure, String name) {
      return of(procedure).stream().filter(status -> status.name().equals(name)).findFirst();
    }

    /** What {@link #named} finds, for people; empty if that is nothing. */
    default String allowed(String procedure) {
      return of(procedure).stream().map(DoorStatus::name).collect(Collectors.joining(", "));
    }
  }

  public DoorStatuses(Map<Door, OfDoor> doors) {
    this.doors = doors.isEmpty() ? Map.of() : new EnumMap<>(doors);
  }

  /** The statuses of a door; of a door that is not there, none. */
  public OfDoor of(Door door) {
    return doors.getOrDefault(Objects.requireNonNull(door), procedure -> List.of());
  }

  /** The names that {@link #find} knows. */
  public List<String> names(Door door, String procedure) {
    return of(door).of(procedure).stream().map(DoorStatus::name).toList();
  }

  /**
   * The status of a name.
   *
   * @param procedure null for any
   * @param name upper and lower case are the same; the prefix of the protocol may be there ({@code
   *     NFS3ERR_JUKEBOX})
   * @throws IllegalArgumentException if the door has none of that name for the procedure; the
   *     message lists those that it has
   */
  public DoorStatus find(Door door, String procedure, String name) {
    OfDoor statuses = of(door);
    return statuses
        .named(procedure, withoutPrefix(name.toUpperCase(Locale.ROOT)))
        .orElseThrow(
            () -> {
              String allowed = statuses.allowed(procedure);
              String where = door + (procedure == null ? "" : " " + procedure);
              return new IllegalArgumentException(
                  allowed.isEmpty()
                      ? where + " answers no status that could be chosen"
                      : "status " + name + "; " + where + " has " + allowed);
            });
  }

  private static String withoutPrefix(String name) {
    for (String prefix : List.of("NFS3ERR_", "NFS4ERR_", "MNT3ERR_", "NLM4_", "VAAI_")) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }
}
