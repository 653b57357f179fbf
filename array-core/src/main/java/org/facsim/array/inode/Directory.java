/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.table.NameTable;

/**
 * The entries of one directory: by name for lookups, by cookie for listings. Both can be read
 * without a lock while one writer, under the volume's lock, changes them. The names lie outside the
 * heap, in the volume's {@link NameTable}; an entry is made of one whenever somebody asks.
 *
 * <p>Cookies only grow, and an entry keeps its cookie for life, also when it is renamed within the
 * directory. So a listing that walks up the cookies meets every entry that is there throughout
 * exactly once, whatever comes and goes beside it; an entry that moves in from another directory
 * gets a new cookie and may be met or missed, as POSIX allows.
 *
 * <p>A rename within the directory shows the new name an instant before the old one goes: a reader
 * may find both, never neither.
 */
public final class Directory {
  private static final VarHandle NEXT_COOKIE;

  static {
    try {
      NEXT_COOKIE = MethodHandles.lookup().findVarHandle(Directory.class, "nextCookie", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What a directory reports as its size; entries cost the volume no blocks. */
  public static final long SIZE_BYTES = Volume.BLOCK_BYTES;

  /**
   * Where the entries of a volume's directories are.
   *
   * @param names each leads to the row of an inode
   * @param inodes by that row
   * @param metadata what cookies are charged to
   * @param isStored whether somebody asks for what changed
   */
  public record Home(
      NameTable names, InodeIndex inodes, MetadataAccount metadata, boolean isStored) {}

  private final Home home;
  private final SparsePlaces byCookie = new SparsePlaces();
  private volatile long nextCookie = Volume.FIRST_COOKIE;
  private volatile VolumeInode parent;

  /** The row of this directory's inode, by which its names are found. */
  private int row;

  /** Gone for good: its row and its names may be others' by now. */
  private volatile boolean discarded;

  /** What was charged last. */
  private long chargedBytes;

  /** What keeps entries before they change; null if nobody does. Under the volume's lock. */
  private Keeper kept;

  /** Cookies of entries that changed since they were last asked for; null if nobody asks. */
  private final List<Long> changedCookies;

  /**
   * @param parent the directory that {@code ..} names; null for the root, which is its own
   */
  public Directory(VolumeInode parent, Home home) {
    this.parent = parent;
    this.home = home;
    changedCookies = home.isStored() ? new ArrayList<>(1) : null;
  }

  /** A directory of a durable volume whose parent and entries come next. */
  public static Directory restored(long nextCookie, Home home) {
    Directory directory = new Directory(null, home);
    directory.nextCookie = nextCookie;
    return directory;
  }

  /** It belongs to the inode with this row; before it has an entry. */
  public void bind(int inodeRow) {
    row = inodeRow;
  }

  /** Puts an entry back, in the order of cookies. Returns false if it cannot be. */
  public boolean restore(Name name, VolumeInode inode, long cookie) {
    if (cookie >= nextCookie || home.names().placeOf(row, name.bytes()) != 0) {
      return false;
    }
    home.names().requireRoomFor(1, name.lengthBytes());
    append(cookie, name, inode);
    charge();
    return true;
  }

  private void append(long cookie, Name name, VolumeInode inode) {
    int place = home.names().add(row, name.bytes(), inode.row(), cookie);
    byCookie.append(cookie, place);
    inode.named(place);
  }

  private void charge() {
    long bytes = byCookie.heapBytes();
    if (bytes != chargedBytes) {
      home.metadata().charge(bytes - chargedBytes);
      chargedBytes = bytes;
    }
  }

  /** The directory is gone for good, with whatever is in it; under the volume's lock. */
  public void discard() {
    discarded = true;
    for (long at = byCookie.next(0); at >= 0; at = byCookie.next(at + 1)) {
      int place = byCookie.get(at);
      VolumeInode inode = home.inodes().get(home.names().rowIn(place));
      if (inode != null) {
        inode.unnamed(place);
      }
      home.names().remove(place);
    }
    home.metadata().charge(-chargedBytes);
    chargedBytes = 0;
  }

  /** What finding entries by cookie takes of the heap; under the volume's lock. */
  public long heapBytesOfCookies() {
    return byCookie.heapBytes();
  }

  /** Keeps entries for a named state before they change. */
  public interface Keeper {
    /** An entry is about to change; only the first time counts. */
    void keepEntry(long cookie, NamedInode now);
  }

  /** Receives a changed entry, or null for one that is gone. */
  public interface EntryChanges {
    void changed(long cookie, NamedInode entry);
  }

  /** Hands out what changed since the last time and forgets it; under the volume's lock. */
  public void drainChanges(EntryChanges changes) {
    for (long cookie : changedCookies) {
      changes.changed(cookie, entryAt(cookie));
    }
    changedCookies.clear();
  }

  /** The entry with a cookie, or null; under the volume's lock. */
  private NamedInode entryAt(long cookie) {
    int place = discarded ? 0 : byCookie.get(cookie);
    return place == 0 ? null : entryIn(place);
  }

  /** The same without the lock. If the inode is gone, the entry goes or leads to another. */
  private NamedInode entryNow(long cookie) {
    NamedInode entry = null;
    int place = byCookie.get(cookie);
    while (entry == null && place != 0 && !discarded) {
      entry = entryIn(place);
      place = byCookie.get(cookie);
    }
    return entry;
  }

  /** Null if its inode is gone, which only a reader without a lock can meet. */
  private NamedInode entryIn(int place) {
    return home.names().list(place, this::listed);
  }

  private NamedInode listed(byte[] name, int inodeRow, long cookie) {
    VolumeInode inode = home.inodes().get(inodeRow);
    return inode == null ? null : new NamedInode(Name.ofStored(name), inode, cookie);
  }

  /** From now on entries are kept there before they change; null: they are not. */
  public void keepIn(Keeper difference) {
    kept = difference;
  }

  /** An entry is about to change. */
  private void keep(long cookie, NamedInode now) {
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
  public long storedParentId() {
    return parent == null ? 0 : parent.fileId();
  }

  /** Null for the root; under the volume's lock. */
  public VolumeInode storedParent() {
    return parent;
  }

  /** Under the volume's lock. */
  public long nextCookie() {
    return nextCookie;
  }

  public VolumeInode parent(VolumeInode self) {
    VolumeInode above = parent;
    return above == null ? self : above;
  }

  /** Whether a directory is the other one or lies anywhere in it; under the volume's lock. */
  public static boolean isWithin(VolumeInode directory, VolumeInode ancestor) {
    VolumeInode here = directory;
    VolumeInode above = here.directory().parent(here);
    while (here != ancestor && here != above) {
      here = above;
      above = here.directory().parent(here);
    }
    return here == ancestor;
  }

  /**
   * The name that was given last to an inode, and the directory that holds it; null if it is not
   * known. Takes no lock, but is called within {@link NameTable#enter}.
   */
  public static NamedInode holderOf(VolumeInode inode, Home home) {
    int place = inode.name();
    // a name that is not in use any more may lead to another inode
    if (place == 0 || home.names().rowIn(place) != inode.row()) {
      return null;
    }
    VolumeInode directory = home.inodes().get(home.names().directoryIn(place));
    return directory == null
        ? null
        : new NamedInode(
            Name.ofStored(home.names().nameIn(place)), directory, home.names().cookieIn(place));
  }

  /** Under the volume's lock. */
  public void moveTo(VolumeInode newParent) {
    parent = newParent;
  }

  /** What a name leads to, or null; takes no lock. */
  public VolumeInode lookup(Name name) {
    NameTable names = home.names();
    int ticket = names.enter();
    try {
      VolumeInode inode = null;
      int place = names.placeOf(row, name.bytes());
      while (inode == null && place != 0) {
        inode = home.inodes().get(names.rowIn(place));
        if (inode == null) { // it is gone, and so is the name by now, or it leads to another
          place = names.placeOf(row, name.bytes());
        }
      }
      return discarded ? null : inode; // else it may be another directory's
    } finally {
      names.exit(ticket);
    }
  }

  /** The entry or null; under the volume's lock. */
  public NamedInode find(Name name) {
    NameTable names = home.names();
    int place = discarded ? 0 : names.placeOf(row, name.bytes());
    if (place == 0) {
      return null;
    }
    return new NamedInode(name, home.inodes().get(names.rowIn(place)), names.cookieIn(place));
  }

  /** Under the volume's lock, the only place where the answer lasts. */
  public boolean isEmpty() {
    return byCookie.count() == 0;
  }

  /** Entries now; under the volume's lock. */
  public long count() {
    return byCookie.count();
  }

  /** Every entry in cookie order; under the volume's lock. */
  public List<NamedInode> all() {
    List<NamedInode> entries = new ArrayList<>();
    for (long at = byCookie.next(0); at >= 0; at = byCookie.next(at + 1)) {
      entries.add(entryIn(byCookie.get(at)));
    }
    return entries;
  }

  /** The cookies of all entries, also when they are gone with the directory; under the lock. */
  public List<Long> cookies() {
    List<Long> cookies = new ArrayList<>();
    for (long at = byCookie.next(0); at >= 0; at = byCookie.next(at + 1)) {
      cookies.add(at);
    }
    return cookies;
  }

  /** Adds a name that is not there; under the volume's lock. */
  public void insert(Name name, VolumeInode inode) {
    long cookie = nextCookie;
    keep(cookie, null);
    NEXT_COOKIE.setRelease(this, cookie + 1); // first: a cookie just listed is a known one
    append(cookie, name, inode);
    charge();
    noteChange(cookie);
  }

  /** Takes an entry out; under the volume's lock. */
  public void remove(NamedInode entry) {
    keep(entry.cookie(), entry);
    int place = byCookie.remove(entry.cookie());
    entry.inode().unnamed(place);
    home.names().remove(place);
    charge();
    noteChange(entry.cookie());
  }

  /** Gives an entry another name, which is not there, and the same cookie; under the lock. */
  public void rename(NamedInode entry, Name to) {
    keep(entry.cookie(), entry);
    int before = byCookie.get(entry.cookie());
    put(entry.cookie(), to, entry.inode());
    home.names().remove(before);
    noteChange(entry.cookie());
  }

  private void put(long cookie, Name name, VolumeInode inode) {
    int place = home.names().add(row, name.bytes(), inode.row(), cookie);
    inode.named(place);
    if (byCookie.get(cookie) == 0) {
      byCookie.putBack(cookie, place);
    } else {
      byCookie.replace(cookie, place);
    }
  }

  /**
   * Lets a name lead to another inode at once; under the volume's lock. The name was there and
   * stays, and so does its cookie.
   */
  public void replace(NamedInode entry, VolumeInode inode) {
    keep(entry.cookie(), entry);
    int place = byCookie.get(entry.cookie());
    entry.inode().unnamed(place);
    home.names().setRow(place, inode.row());
    inode.named(place);
    noteChange(entry.cookie());
  }

  /**
   * Lets cookies lead to other entries, all of them known once; under the volume's lock, and there
   * is room for the names. New names are there before old ones go.
   *
   * @param wanted null for no entry
   * @return what was there
   */
  public Map<Long, NamedInode> exchange(Map<Long, NamedInode> wanted) {
    Map<Long, NamedInode> before = new HashMap<>();
    List<Integer> going = new ArrayList<>();
    wanted.forEach(
        (cookie, entry) -> {
          int place = byCookie.get(cookie);
          NamedInode was = entryAt(cookie);
          before.put(cookie, was);
          if (was != null) {
            was.inode().unnamed(place);
          }
          if (entry != null) {
            put(cookie, entry.name(), entry.inode());
          }
          if (place != 0) {
            going.add(place);
          }
        });
    wanted.forEach(
        (cookie, entry) -> {
          if (entry == null && before.get(cookie) != null) {
            byCookie.remove(cookie);
          }
          noteChange(cookie);
        });
    going.forEach(home.names()::remove);
    charge();
    return before;
  }

  /**
   * Entries after a cookie; takes no lock.
   *
   * @throws ArrayException BAD_COOKIE for one that was never given out
   */
  public DirectoryPage page(long cookie, int maxEntries) {
    if (cookie < 0 || cookie >= nextCookie) {
      throw new ArrayException(
          ArrayError.BAD_COOKIE, "cookie " + Long.toUnsignedString(cookie) + " was never issued");
    }
    List<DirectoryEntry> entries = new ArrayList<>(Math.min(maxEntries, 128));
    int ticket = home.names().enter();
    try {
      long at = discarded ? -1 : byCookie.next(cookie + 1);
      while (at >= 0 && entries.size() < maxEntries) {
        NamedInode entry = entryNow(at);
        if (entry != null) {
          entries.add(entry);
        }
        at = byCookie.next(at + 1);
      }
      return new DirectoryPage(entries, at < 0);
    } finally {
      home.names().exit(ticket);
    }
  }
}
