/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.facsim.array.Inode;

/**
 * All opens of one file. It counts how many opens have and deny which access, so that a file that
 * ten thousand clients have open costs a check of two numbers. Guarded by the table.
 */
final class FileOpens {
  /** From this many opens on, an owner's one is found by a map. */
  private static final int MAPPED = 8;

  /** The files that are open. */
  static final class Index {
    private final IdentityHashMap<Inode, FileOpens> files = new IdentityHashMap<>();
    private int denials;

    /** The opens of a file; null if it has none. */
    FileOpens of(Inode file) {
      return files.get(file);
    }

    FileOpens add(Inode file) {
      FileOpens opens = new FileOpens(file, this);
      files.put(file, opens);
      return opens;
    }

    void remove(Inode file) {
      files.remove(file);
    }

    /** A copy. */
    List<FileOpens> all() {
      return List.copyOf(files.values());
    }

    /** The number of opens that deny something. */
    int denials() {
      return denials;
    }
  }

  /** One owner's open. */
  static final class Open {
    private final LockOwner owner;
    private ShareReservation share;
    private Open before;
    private Open after;

    private Open(LockOwner owner, ShareReservation share) {
      this.owner = owner;
      this.share = share;
    }

    LockOwner owner() {
      return owner;
    }

    ShareReservation share() {
      return share;
    }
  }

  private final Inode file;
  private final Index index;
  private Open first;
  private int count;

  /** By owner; null while there are few. */
  private Map<LockOwner, Open> byOwner;

  private int readers;
  private int writers;
  private int readDenials;
  private int writeDenials;

  private FileOpens(Inode file, Index index) {
    this.file = file;
    this.index = index;
  }

  Inode file() {
    return file;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** An owner's open, or null. */
  Open of(LockOwner owner) {
    if (byOwner != null) {
      return byOwner.get(owner);
    }
    for (Open open = first; open != null; open = open.after) {
      if (open.owner.equals(owner)) {
        return open;
      }
    }
    return null;
  }

  void add(LockOwner owner, ShareReservation share) {
    Open open = new Open(owner, share);
    open.after = first;
    if (first != null) {
      first.before = open;
    }
    first = open;
    count++;
    tally(share, 1);
    if (byOwner != null) {
      byOwner.put(owner, open);
    } else if (count > MAPPED) {
      byOwner = new HashMap<>();
      for (Open each = first; each != null; each = each.after) {
        byOwner.put(each.owner, each);
      }
    }
  }

  void change(Open open, ShareReservation share) {
    tally(open.share, -1);
    open.share = share;
    tally(share, 1);
  }

  void remove(Open open) {
    if (open.before == null) {
      first = open.after;
    } else {
      open.before.after = open.after;
    }
    if (open.after != null) {
      open.after.before = open.before;
    }
    count--;
    tally(open.share, -1);
    if (byOwner != null) {
      byOwner.remove(open.owner);
    }
  }

  private void tally(ShareReservation share, int one) {
    readers += (share.access() & ShareReservation.READ) != 0 ? one : 0;
    writers += (share.access() & ShareReservation.WRITE) != 0 ? one : 0;
    readDenials += (share.deny() & ShareReservation.READ) != 0 ? one : 0;
    writeDenials += (share.deny() & ShareReservation.WRITE) != 0 ? one : 0;
    index.denials += share.deny() != 0 ? one : 0;
  }

  /**
   * The client of another open that conflicts with a wish, or null.
   *
   * @param mine the open that does not count; null if the asking owner has none
   */
  LockClient conflict(Open mine, ShareReservation wanted) {
    if (mine != null) {
      tally(mine.share, -1);
    }
    boolean conflicts =
        ((wanted.access() & ShareReservation.READ) != 0 && readDenials > 0)
            || ((wanted.access() & ShareReservation.WRITE) != 0 && writeDenials > 0)
            || ((wanted.deny() & ShareReservation.READ) != 0 && readers > 0)
            || ((wanted.deny() & ShareReservation.WRITE) != 0 && writers > 0);
    if (mine != null) {
      tally(mine.share, 1);
    }
    if (conflicts) {
      for (Open open = first; open != null; open = open.after) {
        if (open != mine && open.share.conflictsWith(wanted)) {
          return open.owner.client();
        }
      }
    }
    return null;
  }

  /** The opens of some owners. */
  List<Open> those(Predicate<LockOwner> whose) {
    List<Open> those = new ArrayList<>();
    for (Open open = first; open != null; open = open.after) {
      if (whose.test(open.owner)) {
        those.add(open);
      }
    }
    return those;
  }

  /** Whether another client's open forbids a delegation to this one. */
  boolean standsAgainst(LockClient client, DelegationKind kind) {
    if (kind == DelegationKind.READ && writers == 0) {
      return false;
    }
    for (Open open = first; open != null; open = open.after) {
      if (!open.owner.client().equals(client) && open.share.forbids(kind)) {
        return true;
      }
    }
    return false;
  }
}
