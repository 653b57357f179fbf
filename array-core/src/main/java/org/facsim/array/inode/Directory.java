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
 * without a lock while one writer, under the volume's lock, changes them. The names are outside the
 * heap, in the volume's {@link NameTable}, and an entry is made of a name whenever somebody asks.
 *
 * <p>Cookies only grow, and an entry keeps its cookie for life, also when it is renamed within the
 * directory. So a listing that follows the cookies meets every entry that stays there exactly once,
 * whatever else comes and goes. An entry that moves in from another directory gets a new cookie,
 * and may be met or missed, as POSIX allows.
 *
 * <p>A rename within the directory shows the new name an instant before the old one goes. A reader
 * may find both, but never neither.
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

  /** What a directory reports as its size. Entries cost the volume no blocks. */
  public static final long SIZE_BYTES = Volume.BLOCK_BYTES;

  /**
   * Where the entries of a volume's directories are.
   *
   * @param names the names, each of which leads to the row of an inode
   * @param inodes the inodes by their rows
   * @param metadata the account to which cookies are charged
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

  /** Whether the directory is gone for good. Its row and its names may be used again then. */
  private volatile boolean discarded;

  /** What was charged last. */
  private long chargedBytes;

  /** What keeps entries before they change; null for none. The volume's lock guards it. */
  private Keeper kept;

  /** Cookies of entries that changed since the last cut; null in an ephemeral array. */
  private final List<Long> changedCookies;

  /**
   * @param parent the directory that {@code ..} names; null for the root, which is its own parent
   */
  public Directory(VolumeInode parent, Home home) {
    this.parent = parent;
    this.home = home;
    changedCookies = home.isStored() ? new ArrayList<>(1) : null;
  }

  /** Makes a directory of a durable volume, whose parent and entries are loaded next. */
  public static Directory restored(long nextCookie, Home home) {
    Directory directory = new Directory(null, home);
    directory.nextCookie = nextCookie;
    return directory;
  }

  /** Sets the row of the directory's inode, before it has an entry. */
  public void bind(int inodeRow) {
    row = inodeRow;
  }

  /**
   * Loads an entry. Entries come in the order of their cookies. Returns false if the entry does not
   * fit.
   */
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

  /** Discards the directory with everything in it. The volume's lock is held. */
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

  /** How many bytes of the heap the cookies take. The volume's lock is held. */
  public long heapBytesOfCookies() {
    return byCookie.heapBytes();
  }

  /** Keeps entries for a named state before they change. */
  public interface Keeper {
    /** Keeps an entry that is about to change. Only the first time counts. */
    void keepEntry(long cookie, NamedInode now);
  }

  /** Receives a changed entry, or null for one that is gone. */
  public interface EntryChanges {
    void changed(long cookie, NamedInode entry);
  }

  /** Tells what changed since the last time, and forgets it. The volume's lock is held. */
  public void drainChanges(EntryChanges changes) {
    for (long cookie : changedCookies) {
      changes.changed(cookie, entryAt(cookie));
    }
    changedCookies.clear();
  }

  /** Returns the entry with a cookie, or null. The volume's lock is held. */
  private NamedInode entryAt(long cookie) {
    int place = discarded ? 0 : byCookie.get(cookie);
    return place == 0 ? null : entryIn(place);
  }

  /**
   * The same without the lock. If the inode is gone, the entry is going, or will lead to another
   * inode.
   */
  private NamedInode entryNow(long cookie) {
    NamedInode entry = null;
    int place = byCookie.get(cookie);
    while (entry == null && place != 0 && !discarded) {
      entry = entryIn(place);
      place = byCookie.get(cookie);
    }
    return entry;
  }

  /** Returns null if the inode is gone, which happens only to a reader without a lock. */
  private NamedInode entryIn(int place) {
    return home.names().list(place, this::listed);
  }

  private NamedInode listed(byte[] name, int inodeRow, long cookie) {
    VolumeInode inode = home.inodes().get(inodeRow);
    return inode == null ? null : new NamedInode(Name.ofStored(name), inode, cookie);
  }

  /** Sets what keeps entries before they change; null if nothing does. */
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

  /** The parent's file id; 0 for the root. The volume's lock is held. */
  public long storedParentId() {
    return parent == null ? 0 : parent.fileId();
  }

  /** The parent; null for the root. The volume's lock is held. */
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

  /** Whether a directory is another one, or is anywhere in it. The volume's lock is held. */
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

  /** Returns the inode to which a name leads, or null. Takes no lock. */
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

  /** Returns the entry, or null. The volume's lock is held. */
  public NamedInode find(Name name) {
    NameTable names = home.names();
    int place = discarded ? 0 : names.placeOf(row, name.bytes());
    if (place == 0) {
      return null;
    }
    return new NamedInode(name, home.inodes().get(names.rowIn(place)), names.cookieIn(place));
  }

  /**
   * Whether there is no entry. The volume's lock is held, because otherwise the answer would not
   * last.
   */
  public boolean isEmpty() {
    return byCookie.count() == 0;
  }

  /** How many entries there are. The volume's lock is held. */
  public long count() {
    return byCookie.count();
  }

  /** Returns every entry in the order of cookies. The volume's lock is held. */
  public List<NamedInode> all() {
    List<NamedInode> entries = new ArrayList<>();
    for (long at = byCookie.next(0); at >= 0; at = byCookie.next(at + 1)) {
      entries.add(entryIn(byCookie.get(at)));
    }
    return entries;
  }

  /**
   * Returns the cookies of all entries, also of a discarded directory. The volume's lock is held.
   */
  public List<Long> cookies() {
    List<Long> cookies = new ArrayList<>();
    for (long at = byCookie.next(0); at >= 0; at = byCookie.next(at + 1)) {
      cookies.add(at);
    }
    return cookies;
  }

  /** Adds a name that is not there yet. The volume's lock is held. */
  public void insert(Name name, VolumeInode inode) {
    long cookie = nextCookie;
    keep(cookie, null);
    NEXT_COOKIE.setRelease(
        this, cookie + 1); // first, so that a cookie that was just listed is known
    append(cookie, name, inode);
    charge();
    noteChange(cookie);
  }

  /** Removes an entry. The volume's lock is held. */
  public void remove(NamedInode entry) {
    keep(entry.cookie(), entry);
    int place = byCookie.remove(entry.cookie());
    entry.inode().unnamed(place);
    home.names().remove(place);
    charge();
    noteChange(entry.cookie());
  }

  /**
   * Gives an entry another name, which is not there yet. It keeps its cookie. The volume's lock is
   * held.
   */
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
   * Lets a name lead to another inode at once. The name was there and stays, and so does its
   * cookie. The volume's lock is held.
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
   * Lets cookies lead to other entries, which the directory had before. There is room for the
   * names. New names are there before old ones go. The volume's lock is held.
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
   * Returns entries after a cookie. Takes no lock.
   *
   * @throws ArrayException BAD_COOKIE if the cookie was never given out
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
