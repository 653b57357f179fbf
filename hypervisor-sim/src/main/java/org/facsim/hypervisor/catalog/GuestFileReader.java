/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.facsim.hypervisor.guest.GuestFamily;
import org.facsim.hypervisor.guest.GuestQuiescing;
import org.facsim.hypervisor.guest.GuestSource;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.guest.QuiesceLevel;
import org.facsim.hypervisor.guest.QuiesceRequirement;
import org.facsim.hypervisor.guest.QuiescedBy;

/** Reads guests and their families from YAML, over another table. */
final class GuestFileReader {
  private static final List<String> TOP = List.of("families", "guests");
  private static final List<String> QUIESCING =
      List.of("quiescedBy", "level", "redoLogs", "hotClone", "needs", "source");
  private static final List<String> FAMILY =
      List.of("title", "quiescedBy", "level", "redoLogs", "hotClone", "needs", "source");
  private static final List<String> GUEST =
      List.of(
          "name",
          "family",
          "guestId",
          "vmx",
          "aliases",
          "quiescedBy",
          "level",
          "redoLogs",
          "hotClone",
          "needs",
          "source");
  private static final int MAX_GUESTS = 1000;
  private static final int MAX_ALIASES = 64;
  private static final String OFFLOAD = "offload";
  private static final String HOST_COPY = "host-copy";

  private final Map<String, GuestFamily> families = new LinkedHashMap<>();
  private final Map<String, GuestSpec> guests = new LinkedHashMap<>();

  private GuestFileReader(GuestTable below) {
    below.families().forEach(family -> families.put(family.key(), family));
    below.guests().forEach(guest -> guests.put(guest.key(), guest));
  }

  static GuestTable read(String name, String yaml, GuestTable below) {
    return new GuestFileReader(below).read(YamlEntry.read(name, yaml));
  }

  private GuestTable read(YamlEntry top) {
    top.allowOnly(TOP);
    // What a guest takes from its family can change in this file, so guests of the table below are
    // made once more from the families that they are of.
    Map<String, GuestFamily> before = Map.copyOf(families);
    top.get("families").ifPresent(rows -> rows.entries().forEach(this::readFamily));
    guests.replaceAll((key, guest) -> inFamily(guest, before));
    Optional<YamlEntry> rows = top.get("guests");
    if (rows.isPresent()) {
      for (YamlEntry row : rows.get().entries()) {
        readGuest(row);
      }
    }
    return new GuestTable(families.values(), guests.values());
  }

  private GuestSpec inFamily(GuestSpec guest, Map<String, GuestFamily> before) {
    GuestFamily old = before.get(guest.family());
    GuestFamily now = families.get(guest.family());
    boolean isOfFamily = guest.quiescing().equals(old.quiescing());
    return old.equals(now) || !isOfFamily
        ? guest
        : new GuestSpec(
            guest.key(),
            guest.displayName(),
            guest.family(),
            guest.guestId(),
            guest.vmxName(),
            guest.aliases(),
            now.quiescing(),
            guest.source() == old.source() ? now.source() : guest.source());
  }

  private void readFamily(YamlEntry row) {
    checkKey(row, families.size());
    row.allowOnly(FAMILY);
    GuestFamily old = families.get(row.key());
    if (old == null) {
      row.need("title", "quiescedBy", "level", "redoLogs", "source");
    }
    families.put(
        row.key(),
        new GuestFamily(
            row.key(),
            row.text("title").orElseGet(() -> old.title()),
            quiescing(row, old == null ? null : old.quiescing()),
            source(row).orElseGet(() -> old.source())));
  }

  private void readGuest(YamlEntry row) {
    checkKey(row, guests.size());
    row.allowOnly(GUEST);
    GuestSpec old = guests.get(row.key());
    if (old == null) {
      row.need("name", "family", "guestId");
    }
    GuestFamily family = family(row, old);
    boolean staysInFamily = old != null && old.family().equals(family.key());
    String guestId = row.text("guestId").orElseGet(() -> old.guestId());
    GuestSpec guest =
        new GuestSpec(
            row.key(),
            row.text("name").orElseGet(() -> old.displayName()),
            family.key(),
            guestId,
            row.text("vmx").orElseGet(() -> old == null ? guestId : old.vmxName()),
            row.texts("aliases", MAX_ALIASES)
                .orElseGet(() -> old == null ? List.of() : old.aliases()),
            quiescing(row, staysInFamily ? old.quiescing() : family.quiescing()),
            source(row).orElseGet(() -> staysInFamily ? old.source() : family.source()));
    checkNames(row, guest);
    guests.put(guest.key(), guest);
  }

  private GuestFamily family(YamlEntry row, GuestSpec oldOrNull) {
    Optional<YamlEntry> named = row.get("family");
    String key = named.map(YamlEntry::text).orElseGet(() -> oldOrNull.family());
    GuestFamily family = families.get(key);
    if (family == null) {
      throw named
          .orElse(row)
          .wrong(
              "no family '%s'; allowed: %s".formatted(key, String.join(", ", families.keySet())));
    }
    return family;
  }

  private void checkNames(YamlEntry row, GuestSpec guest) {
    for (GuestSpec other : guests.values()) {
      if (!other.key().equals(guest.key())) {
        for (String taken : GuestTable.namesOf(other)) {
          for (String name : GuestTable.namesOf(guest)) {
            if (GuestTable.folded(taken).equals(GuestTable.folded(name))) {
              throw row.wrong(
                  "the name '%s' is taken by guest '%s'; allowed: names of no other guest"
                      .formatted(name, other.key()));
            }
          }
        }
      }
    }
  }

  private static void checkKey(YamlEntry row, int count) {
    if (!row.key().matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      throw row.wrong("'%s'; allowed: up to 64 of a-z, 0-9, '.', '_' and '-'".formatted(row.key()));
    }
    if (count >= MAX_GUESTS) {
      throw row.wrong("too many; allowed: " + MAX_GUESTS);
    }
  }

  private static GuestQuiescing quiescing(YamlEntry row, GuestQuiescing old) {
    boolean isChanged = QUIESCING.stream().anyMatch(key -> row.get(key).isPresent());
    if (!isChanged) {
      return old;
    }
    QuiescedBy by =
        choice(row, "quiescedBy", QuiescedBy.values(), QuiescedBy::label).orElseGet(() -> old.by());
    QuiesceLevel level =
        choice(row, "level", QuiesceLevel.values(), QuiesceLevel::label)
            .orElseGet(() -> old.level());
    int redoLogs = row.number("redoLogs", 1, 2).orElseGet(() -> old.redoLogsPerDisk());
    List<QuiesceRequirement> needs =
        row.get("needs").map(GuestFileReader::needs).orElseGet(() -> usualNeeds(level, old));
    GuestQuiescing made;
    try {
      made = new GuestQuiescing(by, level, redoLogs, needs);
    } catch (IllegalArgumentException e) {
      throw row.wrong(e.getMessage());
    }
    checkHotClone(row, made);
    return made;
  }

  /** Application-level quiescing needs everything, unless the row says otherwise. */
  private static List<QuiesceRequirement> usualNeeds(QuiesceLevel level, GuestQuiescing oldOrNull) {
    if (level != QuiesceLevel.APPLICATION) {
      return List.of();
    }
    boolean isKept = oldOrNull != null && oldOrNull.level() == QuiesceLevel.APPLICATION;
    return isKept ? oldOrNull.needs() : List.of(QuiesceRequirement.values());
  }

  private static List<QuiesceRequirement> needs(YamlEntry list) {
    EnumSet<QuiesceRequirement> needs = EnumSet.noneOf(QuiesceRequirement.class);
    for (YamlEntry item : list.items(QuiesceRequirement.values().length)) {
      needs.add(choice(item, QuiesceRequirement.values(), QuiesceRequirement::label));
    }
    return List.copyOf(needs);
  }

  /** The column says what follows from the others, so it must agree with them. */
  private static void checkHotClone(YamlEntry row, GuestQuiescing quiescing) {
    Optional<YamlEntry> said = row.get("hotClone");
    String follows = quiescing.offloadsHotClone() ? OFFLOAD : HOST_COPY;
    if (said.isPresent() && !said.get().text().equals(follows)) {
      throw said.get()
          .wrong(
              "'%s' with redoLogs %d; allowed: %s"
                  .formatted(said.get().text(), quiescing.redoLogsPerDisk(), follows));
    }
  }

  private static Optional<GuestSource> source(YamlEntry row) {
    return choice(row, "source", GuestSource.values(), GuestSource::label);
  }

  private static <T> Optional<T> choice(
      YamlEntry row, String key, T[] values, Function<T, String> label) {
    return row.get(key).map(entry -> choice(entry, values, label));
  }

  private static <T> T choice(YamlEntry entry, T[] values, Function<T, String> label) {
    String text = entry.text();
    return Arrays.stream(values)
        .filter(value -> label.apply(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                entry.wrong(
                    "'%s'; allowed: %s"
                        .formatted(
                            text,
                            Arrays.stream(values).map(label).collect(Collectors.joining(", ")))));
  }
}
