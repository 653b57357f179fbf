/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An NFSv4 access control list (RFC 8881, section 6), as a client set it.
 *
 * <p>If an inode has a list, the list and not the mode decides about everybody but root ({@link
 * #grants}). Mode and list always say the same: setting a list also sets the mode that follows from
 * it (section 6.3.2), and setting the mode changes the list ({@link #withMode}). An inode without a
 * list has the one that follows from its mode.
 *
 * <p>An entry for a named user or group has the decimal number of the user or group as its {@code
 * who}. Doors translate names to numbers. Any other name is kept and shown, and concerns nobody.
 * AUDIT and ALARM entries are kept, too, and have no effect.
 *
 * @param entries in the order of evaluation
 */
public record Acl(List<Entry> entries) {
  /** The bits of one class of a mode. */
  private static final int MODE_READ = 4;

  private static final int MODE_WRITE = 2;
  private static final int MODE_EXECUTE = 1;

  /** The most bytes of one list: 16 for each entry, and the names. */
  public static final int MAX_BYTES = 64 << 10;

  /** Types of entries. */
  public static final int ALLOW = 0;

  public static final int DENY = 1;
  public static final int AUDIT = 2;
  public static final int ALARM = 3;

  /** The flag of a directory's entry that new files in it get. */
  public static final int FILE_INHERIT = 0x01;

  /** The flag of a directory's entry that new directories in it get. */
  public static final int DIRECTORY_INHERIT = 0x02;

  /** The flag of an entry that new directories get without its flags of inheritance. */
  public static final int NO_PROPAGATE = 0x04;

  /** The flag of an entry that holds only for new files in the directory. */
  public static final int INHERIT_ONLY = 0x08;

  /** The flag of an entry whose {@code who} is a group. */
  public static final int IDENTIFIER_GROUP = 0x40;

  /** The bits of a mask that mode bits stand for. */
  public static final int READ_DATA = 0x01;

  public static final int WRITE_DATA = 0x02;
  public static final int APPEND_DATA = 0x04;
  public static final int EXECUTE = 0x20;
  public static final int DELETE_CHILD = 0x40;

  /** What a caller needs to set times to values of its own. */
  public static final int WRITE_ATTRIBUTES = 0x100;

  public static final int DELETE = 0x10000;

  /** What a caller needs to set the list or the mode. */
  public static final int WRITE_ACL = 0x40000;

  /** The names of two bits where they concern a directory. */
  public static final int ADD_FILE = WRITE_DATA;

  public static final int ADD_SUBDIRECTORY = APPEND_DATA;

  /** READ_ATTRIBUTES, READ_ACL and SYNCHRONIZE, which every caller has. */
  static final int ALWAYS = 0x80 | 0x20000 | 0x100000;

  /** WRITE_ATTRIBUTES and WRITE_ACL, which only the owner has. */
  static final int OWNERS = WRITE_ATTRIBUTES | WRITE_ACL;

  /** All bits that follow from a mode. */
  private static final int OF_MODE =
      READ_DATA | WRITE_DATA | APPEND_DATA | EXECUTE | DELETE_CHILD | ALWAYS | OWNERS;

  private static final int INHERITANCE =
      FILE_INHERIT | DIRECTORY_INHERIT | NO_PROPAGATE | INHERIT_ONLY;

  public static final String OWNER = "OWNER@";
  public static final String GROUP = "GROUP@";
  public static final String EVERYONE = "EVERYONE@";

  /** The bits of a mode that follow from a list. */
  public static final int MODE_BITS = 0777;

  private static final int ENTRY_BYTES = 16;

  /**
   * One entry.
   *
   * @param type {@link #ALLOW}, {@link #DENY}, {@link #AUDIT} or {@link #ALARM}
   * @param flags as in RFC 8881, section 6.2.1.4
   * @param mask as in section 6.2.1.3
   * @param who a special identifier, or user@domain: 1 to 255 bytes
   */
  public record Entry(int type, int flags, int mask, String who) {
    public Entry {
      int whoBytes = who.getBytes(StandardCharsets.UTF_8).length;
      if (type < ALLOW || type > ALARM || whoBytes < 1 || whoBytes > Name.MAX_BYTES) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT,
            "ACL entry of type " + type + " (at most 3), who of " + whoBytes + " bytes (1 to 255)");
      }
    }

    private boolean isEffective() {
      return (flags & INHERIT_ONLY) == 0 && (type == ALLOW || type == DENY);
    }

    private boolean isSpecial() {
      return who.equals(OWNER) || who.equals(GROUP) || who.equals(EVERYONE);
    }

    private boolean concerns(Caller caller, long uid, long gid) {
      return switch (who) {
        case EVERYONE -> true;
        case OWNER -> caller.uid() == uid;
        case GROUP -> caller.inGroup(gid);
        default -> {
          long id = AclIds.idOf(who);
          yield id >= 0
              && ((flags & IDENTIFIER_GROUP) == 0 ? caller.uid() == id : caller.inGroup(id));
        }
      };
    }

    private Entry withMask(int next) {
      return next == mask ? this : new Entry(type, flags, next, who);
    }

    private Entry withFlags(int next) {
      return next == flags ? this : new Entry(type, next, mask, who);
    }

    private long sizeBytes() {
      return (long) ENTRY_BYTES + who.getBytes(StandardCharsets.UTF_8).length;
    }
  }

  /**
   * @throws ArrayException TOO_BIG
   */
  public Acl {
    entries = List.copyOf(entries);
    long sizeBytes = entries.stream().mapToLong(Entry::sizeBytes).sum();
    if (sizeBytes > MAX_BYTES) {
      throw new ArrayException(
          ArrayError.TOO_BIG, "ACL of " + sizeBytes + " bytes, at most " + MAX_BYTES);
    }
  }

  public long sizeBytes() {
    return entries.stream().mapToLong(Entry::sizeBytes).sum();
  }

  /** Returns the list that says the same as a mode. */
  public static Acl ofMode(int mode, boolean directory) {
    int owner = mask(mode >> 6, directory);
    int group = mask(mode >> 3, directory);
    int everyone = mask(mode, directory);
    List<Entry> entries = new ArrayList<>();
    add(entries, ALLOW, owner | ALWAYS | OWNERS, OWNER);
    add(entries, DENY, (group | everyone) & ~owner, OWNER);
    add(entries, ALLOW, group | ALWAYS, GROUP);
    add(entries, DENY, everyone & ~group, GROUP);
    add(entries, ALLOW, everyone | ALWAYS, EVERYONE);
    return new Acl(entries);
  }

  private static void add(List<Entry> entries, int type, int mask, String who) {
    if (mask != 0) {
      entries.add(new Entry(type, 0, mask, who));
    }
  }

  private static int mask(int rwx, boolean directory) {
    int write = WRITE_DATA | APPEND_DATA | (directory ? DELETE_CHILD : 0);
    return ((rwx & MODE_READ) != 0 ? READ_DATA : 0)
        | ((rwx & MODE_WRITE) != 0 ? write : 0)
        | ((rwx & MODE_EXECUTE) != 0 ? EXECUTE : 0);
  }

  /** Returns the mode that follows from the list. Bits above the lowest nine stay as they are. */
  public int applyTo(int mode) {
    return (mode & ~MODE_BITS) | rwx(OWNER) << 6 | rwx(GROUP) << 3 | rwx(EVERYONE);
  }

  /** RFC 8881, section 6.3.2: if no entry decides about a right, it is denied. */
  private int rwx(String who) {
    int allowed = 0;
    int denied = 0;
    for (Entry entry : entries) {
      boolean concerns = entry.who().equals(who) || entry.who().equals(EVERYONE);
      if (concerns && (entry.flags() & INHERIT_ONLY) == 0) {
        if (entry.type() == ALLOW) {
          allowed |= entry.mask() & ~denied;
        } else if (entry.type() == DENY) {
          denied |= entry.mask() & ~allowed;
        }
      }
    }
    int write = WRITE_DATA | APPEND_DATA;
    return ((allowed & READ_DATA) != 0 ? MODE_READ : 0)
        | ((allowed & write) == write ? MODE_WRITE : 0)
        | ((allowed & EXECUTE) != 0 ? MODE_EXECUTE : 0);
  }

  /**
   * Whether the list gives the caller all of the wanted bits. Each bit is decided by the first
   * entry that concerns the caller and names the bit. A bit that no entry decides is denied.
   *
   * @param uid the owner of the inode
   * @param gid its group
   */
  public boolean grants(Caller caller, long uid, long gid, int wanted) {
    int undecided = wanted;
    for (Entry entry : entries) {
      if (undecided == 0) {
        return true;
      }
      if ((entry.mask() & undecided) != 0
          && entry.isEffective()
          && entry.concerns(caller, uid, gid)) {
        if (entry.type() == DENY) {
          return false;
        }
        undecided &= ~entry.mask();
      }
    }
    return undecided == 0;
  }

  /** Whether an entry that concerns the caller denies one of the bits before others allow it. */
  public boolean denies(Caller caller, long uid, long gid, int bits) {
    int undecided = bits;
    for (Entry entry : entries) {
      if ((entry.mask() & undecided) != 0
          && entry.isEffective()
          && entry.concerns(caller, uid, gid)) {
        if (entry.type() == DENY) {
          return true;
        }
        undecided &= ~entry.mask();
      }
    }
    return false;
  }

  /**
   * Returns the list after a setting of the mode (RFC 8881, section 6.4.1.1). The mode that follows
   * from it is exactly the new one. Named users and groups keep what the bits of the group allow,
   * and all that they are denied. Entries that only new files get stay as they are. If the result
   * were larger than a list may be, it is the list of the mode alone, which the RFC allows, too.
   */
  public Acl withMode(int mode, boolean directory) {
    int owner = mask(mode >> 6, directory);
    int group = mask(mode >> 3, directory);
    int everyone = mask(mode, directory);
    int all = mask(7, directory);
    List<Entry> next = new ArrayList<>();
    add(next, ALLOW, owner | ALWAYS | OWNERS, OWNER);
    add(next, DENY, all & ~owner, OWNER);
    for (Entry entry : entries) {
      keep(next, entry, all & ~group);
    }
    add(next, ALLOW, group | ALWAYS, GROUP);
    add(next, DENY, everyone & ~group, GROUP);
    add(next, ALLOW, everyone | ALWAYS, EVERYONE);
    long bytes = next.stream().mapToLong(Entry::sizeBytes).sum();
    return bytes > MAX_BYTES ? ofMode(mode, directory) : new Acl(next);
  }

  /** Adds what stays of an entry after a setting of the mode. */
  private static void keep(List<Entry> next, Entry entry, int withheld) {
    if (!entry.isEffective()) {
      next.add(entry);
      return;
    }
    if ((entry.flags() & (FILE_INHERIT | DIRECTORY_INHERIT)) != 0) {
      next.add(entry.withFlags(entry.flags() | INHERIT_ONLY)); // new files get what it was
    }
    int kept = entry.mask();
    if (entry.isSpecial()) {
      kept &= ~OF_MODE;
    } else if (entry.type() == ALLOW) {
      kept &= ~withheld;
    }
    if (kept != 0) {
      next.add(entry.withMask(kept).withFlags(entry.flags() & ~INHERITANCE));
    }
  }

  /**
   * Returns the list that a new inode in a directory with this list gets, or null if the list has
   * nothing for it (RFC 8881, section 6.4.3).
   */
  public Acl inheritedBy(boolean directory) {
    List<Entry> inherited = new ArrayList<>();
    for (Entry entry : entries) {
      int flags = entry.flags();
      boolean forFiles = (flags & FILE_INHERIT) != 0;
      boolean forDirectories = (flags & DIRECTORY_INHERIT) != 0;
      boolean goesOn = (flags & NO_PROPAGATE) == 0;
      if ((!directory && forFiles) || (directory && forDirectories && !goesOn)) {
        inherited.add(entry.withFlags(flags & ~INHERITANCE));
      } else if (directory && forDirectories) {
        inherited.add(entry.withFlags(flags & ~INHERIT_ONLY));
      } else if (directory && forFiles && goesOn) {
        inherited.add(entry.withFlags(flags | INHERIT_ONLY));
      }
    }
    return inherited.isEmpty() ? null : new Acl(inherited);
  }
}
