/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An NFSv4 access control list (RFC 8881, section 6), as a client set it.
 *
 * <p>The array stores lists, but it decides by mode bits. To keep the two consistent, setting a
 * list also sets the mode that follows from it (section 6.3.2), and setting the mode discards a
 * stored list. After that, readers see the list that follows from the mode. The array keeps and
 * shows entries for named users and groups, but such entries neither allow nor deny anything.
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

  /** The flag of an entry that holds only for new files in the directory. */
  public static final int INHERIT_ONLY = 0x08;

  /** The bits of a mask that mode bits stand for. */
  public static final int READ_DATA = 0x01;

  public static final int WRITE_DATA = 0x02;
  public static final int APPEND_DATA = 0x04;
  public static final int EXECUTE = 0x20;
  public static final int DELETE_CHILD = 0x40;

  /** READ_ATTRIBUTES, READ_ACL and SYNCHRONIZE, which every caller has. */
  static final int ALWAYS = 0x80 | 0x20000 | 0x100000;

  /** WRITE_ATTRIBUTES and WRITE_ACL, which only the owner has. */
  static final int OWNERS = 0x100 | 0x40000;

  public static final String OWNER = "OWNER@";
  public static final String GROUP = "GROUP@";
  public static final String EVERYONE = "EVERYONE@";

  private static final int MODE_BITS = 0777;
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
}
