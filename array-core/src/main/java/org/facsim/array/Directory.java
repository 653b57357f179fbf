/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.block.MetadataAccount;

/**
 * The entries of one directory: by name for lookups, by cookie for listings. Both can be read
 * without a lock while one writer, under the volume's lock, changes them.
 *
 * <p>Cookies only grow, and an entry keeps its cookie for life, also when it is renamed within the
 * directory. So a listing that walks up the cookies meets every entry that is there throughout
 * exactly once, whatever comes and goes beside it; an entry that moves in from another directory
 * gets a new cookie and may be met or missed, as POSIX allows.
 *
 * <p>A rename within the directory shows the new name an instant before the old one goes: a reader
 * may find both, never neither.
 */
final class Directory {
  /** What a directory reports as its size; entries cost the volume no blocks. */
  static final long SIZE_BYTES = Volume.BLOCK_BYTES;

  private final ConcurrentHashMap<Name, DirectoryEntry> byName = new ConcurrentHashMap<>();
  private final SparseArray<DirectoryEntry> byCookie = new SparseArray<>();
  private volatile long nextCookie = Volume.FIRST_COOKIE;
  private volatile Inode parent;
  private final MetadataAccount metadata;

  /** Of all entries, by {@link HeapCost}. */
  private long entryBytes;

  /** What was charged last. */
  private long chargedBytes;

  /** What keeps entries before they change; null if nobody does. Under the volume's lock. */
  private InodeImage kept;

  /** Cookies of entries that changed since they were last asked for; null if nobody asks. */
  private final List<Long> changedCookies;

  /**
   * @param parent the directory that {@code ..} names; null for the root, which is its own
   * @param isJournaled whether somebody asks for what changed
   * @param metadata what entries are charged to
   */
  Directory(Inode parent, boolean isJournaled, MetadataAccount metadata) {
    this.metadata = metadata;
    this.parent = parent;
    changedCookies = isJournaled ? new ArrayList<>(1) : null;
  }

  /** A directory of a durable volume whose parent and entries come next. */
  static Directory restored(long nextCookie, MetadataAccount metadata) {
    Directory directory = new Directory(null, true, metadata);
    directory.nextCookie = nextCookie;
    return directory;
  }

  /** Puts an entry back, in the order of cookies. Returns false if it cannot be. */
  boolean restore(Name name, Inode inode, long cookie) {
    DirectoryEntry entry = new DirectoryEntry(name, inode, cookie);
    if (cookie >= nextCookie || byName.put(name, entry) != null) {
      return false;
    }
    byCookie.append(cookie, entry);
    charge(HeapCost.ofEntry(name));
    return true;
  }

  private void charge(long moreEntryBytes) {
    entryBytes += moreEntryBytes;
    long bytes = entryBytes + byCookie.heapBytes();
    metadata.charge(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  /** The directory is gone for good, whatever is in it; under the volume's lock. */
  void discard() {
    metadata.charge(-chargedBytes);
    chargedBytes = 0;
  }

  /** What finding entries by cookie takes of the heap; under the volume's lock. */
  long heapBytesOfCookies() {
    return byCookie.heapBytes();
  }

  /** Receives a changed entry, or null for one that is gone. */
  interface EntryChanges {
    void changed(long cookie, DirectoryEntry entry);
  }

  /** Hands out what changed since the last time and forgets it; under the volume's lock. */
  void drainChanges(EntryChanges changes) {
    for (long cookie : changedCookies) {
      changes.changed(cookie, byCookie.get(cookie));
    }
    changedCookies.clear();
  }

  /** From now on entries are kept there before they change; null: they are not. */
  void keepIn(InodeImage image) {
    kept = image;
  }

  /** An entry is about to change. */
  private void keep(long cookie, DirectoryEntry now) {
    if (kept != null) {
      kept.keepEntry(cookie, now);
    }
  }

  private void noteChange(long cookie) {
    if (changedCookies != null) {
      changedCookies.add(cookie);
    }
  }

  /** 0 for the root; under the volume's lock. */
  long storedParentId() {
    return parent == null ? 0 : parent.fileId();
  }

  /** Null for the root; under the volume's lock. */
  Inode storedParent() {
    return parent;
  }

  /** Under the volume's lock. */
  long nextCookie() {
    return nextCookie;
  }

  Inode parent(Inode self) {
    Inode above = parent;
    return above == null ? self : above;
  }

  /** Whether a directory is the other one or lies anywhere in it; under the volume's lock. */
  static boolean isWithin(Inode directory, Inode ancestor) {
    Inode here = directory;
    Inode above = here.directory().parent(here);
    while (here != ancestor && here != above) {
      here = above;
      above = here.directory().parent(here);
    }
    return here == ancestor;
  }

  /** Under the volume's lock. */
  void moveTo(Inode newParent) {
    parent = newParent;
  }

  /** The entry or null; takes no lock. */
  DirectoryEntry find(Name name) {
    return byName.get(name);
  }

  /** Under the volume's lock, the only place where the answer lasts. */
  boolean isEmpty() {
    return byCookie.count() == 0;
  }

  /** Entries now; under the volume's lock. */
  long count() {
    return byCookie.count();
  }

  /** Every entry in cookie order; under the volume's lock. */
  List<DirectoryEntry> all() {
    List<DirectoryEntry> entries = new ArrayList<>();
    DirectoryEntry entry = byCookie.next(0);
    while (entry != null) {
      entries.add(entry);
      entry = byCookie.next(entry.cookie() + 1);
    }
    return entries;
  }

  /** Adds a name that is not there; under the volume's lock. */
  void insert(Name name, Inode inode) {
    DirectoryEntry entry = new DirectoryEntry(name, inode, nextCookie);
    keep(entry.cookie(), null);
    nextCookie = entry.cookie() + 1; // first, so that a cookie just listed is a known one
    byCookie.append(entry.cookie(), entry);
    byName.put(name, entry);
    charge(HeapCost.ofEntry(name));
    noteChange(entry.cookie());
  }

  /** Takes an entry out; under the volume's lock. */
  void remove(DirectoryEntry entry) {
    keep(entry.cookie(), entry);
    byName.remove(entry.name());
    byCookie.remove(entry.cookie());
    charge(-HeapCost.ofEntry(entry.name()));
    noteChange(entry.cookie());
  }

  /** Gives an entry another name, which is not there, and the same cookie; under the lock. */
  void rename(DirectoryEntry entry, Name to) {
    keep(entry.cookie(), entry);
    DirectoryEntry renamed = new DirectoryEntry(to, entry.inode(), entry.cookie());
    byName.put(to, renamed);
    byCookie.replace(entry.cookie(), renamed);
    byName.remove(entry.name());
    charge(HeapCost.ofEntry(to) - HeapCost.ofEntry(entry.name()));
    noteChange(entry.cookie());
  }

  /**
   * Lets a name lead to another inode at once; under the volume's lock. The name was there and
   * stays, and so does its cookie.
   */
  void replace(DirectoryEntry entry, Inode inode) {
    keep(entry.cookie(), entry);
    DirectoryEntry replaced = new DirectoryEntry(entry.name(), inode, entry.cookie());
    byName.put(entry.name(), replaced);
    byCookie.replace(entry.cookie(), replaced);
    noteChange(entry.cookie());
  }

  /**
   * Lets cookies lead to other entries, all of them known once; under the volume's lock. New names
   * are there before old ones go.
   *
   * @param wanted null for no entry
   * @return what was there
   */
  Map<Long, DirectoryEntry> exchange(Map<Long, DirectoryEntry> wanted) {
    Map<Long, DirectoryEntry> before = new HashMap<>();
    wanted.forEach(
        (cookie, entry) -> {
          DirectoryEntry old = byCookie.get(cookie);
          before.put(cookie, old);
          if (entry == null) {
            return;
          }
          if (old == null) {
            byCookie.putBack(cookie, entry);
          } else {
            byCookie.replace(cookie, entry);
          }
          byName.put(entry.name(), entry);
          charge(HeapCost.ofEntry(entry.name()));
        });
    before.forEach(
        (cookie, old) -> {
          DirectoryEntry entry = wanted.get(cookie);
          if (old != null && entry == null) {
            byCookie.remove(cookie);
          }
          if (old != null) {
            charge(-HeapCost.ofEntry(old.name()));
          }
          if (old != null && (entry == null || !entry.name().equals(old.name()))) {
            byName.remove(old.name(), old); // unless the name leads elsewhere already
          }
          noteChange(cookie);
        });
    return before;
  }

  /**
   * Entries after a cookie; takes no lock.
   *
   * @throws ArrayException BAD_COOKIE for one that was never given out
   */
  DirectoryPage page(long cookie, int maxEntries) {
    if (cookie < 0 || cookie >= nextCookie) {
      throw new ArrayException(
          ArrayError.BAD_COOKIE, "cookie " + Long.toUnsignedString(cookie) + " was never issued");
    }
    List<DirectoryEntry> entries = new ArrayList<>(Math.min(maxEntries, 128));
    DirectoryEntry entry = byCookie.next(cookie + 1);
    while (entry != null && entries.size() < maxEntries) {
      entries.add(entry);
      entry = byCookie.next(entry.cookie() + 1);
    }
    return new DirectoryPage(entries, entry == null);
  }
}
