/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.ArrayList;
import java.util.List;

/**
 * The links of the chain at one moment, and which of them hear of calls of which procedure. That is
 * found out with the first call of a procedure, so that a call that concerns nobody costs a look
 * into a table. Immutable to the outside; replaced with each change of the links, or of what they
 * want to hear of.
 */
public final class CallLinks {
  static final CallLinks NONE = new CallLinks(List.of());

  private static final int DOORS = Door.values().length;

  /** More than any program has; those of NFSv4 are its operations. */
  private static final int PROCEDURES = 96;

  private static final int NFS_4 = 4;

  private final List<CallInterceptor> all;
  private final boolean isEmpty;

  /** Filled by any thread; what stands in it is immutable. */
  private final Listeners[] found = new Listeners[(DOORS + 1) * PROCEDURES];

  CallLinks(List<CallInterceptor> all) {
    this.all = List.copyOf(all);
    this.isEmpty = all.isEmpty();
  }

  /** Those who hear of one call, from its arrival to its end. Immutable. */
  public static final class Listeners {
    private static final Listeners NOBODY = new Listeners(List.of());

    /** In their order. */
    final CallInterceptor[] links;

    /** Whether it does to tell them once of an answered call; see {@link CallInterceptor#heard}. */
    final boolean areQuiet;

    final boolean keepNothing;

    private Listeners(List<CallInterceptor> concerned) {
      links = concerned.toArray(CallInterceptor[]::new);
      areQuiet = concerned.size() == 1 && concerned.get(0).hearsAtEnd();
      keepNothing = concerned.stream().allMatch(CallInterceptor::keepsNothing);
    }

    /** Whether there are none, so that no record need be made. */
    public boolean isNobody() {
      return links.length == 0;
    }
  }

  List<CallInterceptor> all() {
    return all;
  }

  /** Whether there is no link at all. */
  public boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Those who hear of calls of a procedure.
   *
   * @param version of the program: version 4 of NFS has other procedures than version 3
   * @param procedure its number; except over HTTP, of OpenSDS and of port mappers, a number has one
   *     name at its door
   * @param name as {@link Arrival#procedureName}
   */
  @SuppressWarnings("EnumOrdinal") // a place in a table, in this process only
  public Listeners of(Door door, int version, int procedure, String name) {
    if (!hasNumbers(door) || procedure < 0 || procedure >= PROCEDURES) {
      return find(door, name);
    }
    int row = door == Door.NFS && version == NFS_4 ? DOORS : door.ordinal();
    int place = row * PROCEDURES + procedure;
    Listeners known = found[place];
    if (known == null) {
      known = find(door, name);
      found[place] = known;
    }
    return known;
  }

  /** Whether a number stands for one name in a version, and in those that have the same names. */
  private static boolean hasNumbers(Door door) {
    return switch (door) {
      case NFS, MOUNT, NLM, NSM, VAAI -> true;
      case OPENSDS, PORTMAP, HTTP, UNKNOWN -> false;
    };
  }

  /** The same, by the name only. */
  Listeners find(Door door, String name) {
    List<CallInterceptor> concerned = new ArrayList<>(all.size());
    for (CallInterceptor link : all) {
      CallInterceptor part = link.ofProcedure(door, name);
      if (part != null) {
        concerned.add(part);
      }
    }
    return concerned.isEmpty() ? Listeners.NOBODY : new Listeners(concerned);
  }
}
