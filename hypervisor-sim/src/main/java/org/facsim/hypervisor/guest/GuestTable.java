/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The guests that hosts know, and how each is quiesced. Immutable. {@code catalog} reads tables
 * from YAML.
 */
public final class GuestTable {
  private final Map<String, GuestFamily> families;
  private final Map<String, GuestSpec> guests;
  private final Map<String, GuestSpec> byName;

  /**
   * A table.
   *
   * @throws IllegalArgumentException if two guests have a name in common, or a family is missing
   */
  public GuestTable(Collection<GuestFamily> families, Collection<GuestSpec> guests) {
    Map<String, GuestFamily> familiesByKey = new LinkedHashMap<>();
    families.forEach(family -> familiesByKey.put(family.key(), family));
    Map<String, GuestSpec> guestsByKey = new LinkedHashMap<>();
    Map<String, GuestSpec> names = new LinkedHashMap<>();
    for (GuestSpec guest : guests) {
      guestsByKey.put(guest.key(), guest);
      for (String name : namesOf(guest)) {
        GuestSpec other = names.putIfAbsent(folded(name), guest);
        if (other != null && !other.key().equals(guest.key())) {
          throw new IllegalArgumentException(
              "guest '%s': the name '%s' is taken by guest '%s'"
                  .formatted(guest.key(), name, other.key()));
        }
      }
    }
    this.families = Collections.unmodifiableMap(familiesByKey);
    this.guests = Collections.unmodifiableMap(guestsByKey);
    this.byName = names;
  }

  /** All families, in the file's order. */
  public List<GuestFamily> families() {
    return List.copyOf(families.values());
  }

  /** All guests, in the file's order. */
  public List<GuestSpec> guests() {
    return List.copyOf(guests.values());
  }

  /**
   * A guest by any of its names, whatever their case: key, name, guestId, guestOS or alias.
   *
   * @return empty if nobody has the name
   */
  public Optional<GuestSpec> find(String name) {
    return Optional.ofNullable(byName.get(folded(name)));
  }

  /**
   * A guest by any of its names.
   *
   * @throws IllegalArgumentException that names what is allowed
   */
  public GuestSpec guest(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no guest '%s'; allowed: %s, or a guestId such as windows7Server64Guest"
                        .formatted(name, String.join(", ", guests.keySet()))));
  }

  Optional<GuestFamily> family(String key) {
    return Optional.ofNullable(families.get(key));
  }

  /** All names of a guest: key, name, guestId, guestOS and aliases. */
  public static List<String> namesOf(GuestSpec guest) {
    List<String> names = new ArrayList<>();
    names.add(guest.key());
    names.add(guest.displayName());
    names.add(guest.guestId());
    names.add(guest.vmxName());
    names.addAll(guest.aliases());
    return names;
  }

  /** A name as it is compared. */
  public static String folded(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
