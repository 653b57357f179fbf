/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

/**
 * Says which blocks one file has, and what they cost. {@code BlockStore.newMap} makes it. The
 * volume's lock guards all of it, except the root, which readers load once.
 *
 * <p>A file has a number. Among parents, the file is named by the negative number ({@link #name}),
 * because nodes are positive there. As the owner in block entries, it is named by the number
 * itself. So the number outlives the file until no block is charged to it.
 */
public final class FileMap {
  /** How many bytes of the heap a map takes, with its place in the table of maps. */
  public static final int HEAP_BYTES = 64 + 4;

  /** The map changed since the last cut. */
  private static final int DIRTY = 1;

  /** The file is gone. The map stays as long as blocks are charged to it. */
  private static final int RELEASED = 2;

  private static final int HEIGHT_SHIFT = 40;
  private static final long POINTER_MASK = (1L << HEIGHT_SHIFT) - 1;

  /**
   * The map of every file to which nothing was written yet: empty, charged to nobody and never
   * changed. Who writes to such a file gives it a map of its own first.
   */
  public static final FileMap NONE = new FileMap(0, null);

  static {
    NONE.liveKnown = true;
  }

  public final int number;

  /**
   * The root's pointer and, above {@link #HEIGHT_SHIFT}, the height of the tree. With height 0, the
   * root is a block, the file's first and only one. It is published as a whole, so that what a
   * reader sees is whole.
   */
  private volatile long root;

  /** How many blocks are mapped. */
  public long mapped;

  /** How many blocks hang on single edges all the way from this file. */
  public long own;

  /** How many blocks have this file as owner. */
  public long charged;

  /**
   * How many of the {@link #charged} blocks this file still maps itself. Each write keeps it. It is
   * right if {@link #liveKnown} and the file is not displaced.
   */
  long live;

  /** False after whole subtrees came or went and nobody looked at their owners. */
  boolean liveKnown;

  /**
   * Whether this file may hold a block at two places. If so, {@link #own} is only a lower bound.
   */
  public boolean displaced;

  /** Whether no file has these contents now, see {@code HiddenMaps}. */
  public boolean hidden;

  /** The {@link FileTable}, or a {@link MapExtra} that knows the table. */
  private Object home;

  /** {@link #DIRTY} and {@link #RELEASED}. One byte more would cost each map eight bytes. */
  private byte marks;

  FileMap(int number, FileTable table) {
    this.number = number;
    home = table;
  }

  private FileTable table() {
    return home instanceof MapExtra extra ? extra.table : (FileTable) home;
  }

  /** Whether this is the map that files have in common before anything is written to them. */
  public boolean isNone() {
    return number == 0;
  }

  private void requireOwn() {
    if (isNone()) {
      throw new IllegalStateException("a change of the map that is nobody's own");
    }
  }

  /** Returns what only few maps have, and makes it if it is not there. */
  public MapExtra extra() {
    if (home instanceof MapExtra known) {
      return known;
    }
    requireOwn();
    MapExtra made = new MapExtra((FileTable) home);
    made.table.charge(MapExtra.HEAP_BYTES);
    home = made;
    return made;
  }

  /** Notes that something changed that has to be stored. */
  public void touch() {
    requireOwn();
    if ((marks & DIRTY) == 0) {
      FileTable table = table();
      if (table.isTracked()) {
        table.noteDirty(this);
        marks |= DIRTY;
      }
    }
  }

  void clearDirty() {
    marks &= ~DIRTY;
  }

  /** Whether the file is gone. The map stays as long as blocks are charged to it. */
  public boolean isReleased() {
    return (marks & RELEASED) != 0;
  }

  public void setReleased(boolean released) {
    marks = (byte) (released ? marks | RELEASED : marks & ~RELEASED);
  }

  /** The reservations of the file, or null for none. */
  public Reservations reservations() {
    return home instanceof MapExtra extra ? extra.reservations : null;
  }

  /** Sets the reservations of the file; null for none. */
  public void setReservations(Reservations next) {
    if (next != null || home instanceof MapExtra) {
      extra().reservations = next;
    }
  }

  /**
   * The number stays as long as the map exists. A durable array finds the map again by it. 0 for
   * {@link #NONE}.
   */
  public int number() {
    return number;
  }

  /** How many bytes of the heap it is charged for. */
  public long heapBytes() {
    int ranges = reservations() == null ? 0 : reservations().rangeCount();
    return HEAP_BYTES + extraBytes() + (long) ranges * Reservations.RANGE_BYTES;
  }

  private int extraBytes() {
    return home instanceof MapExtra ? MapExtra.HEAP_BYTES : 0;
  }

  /** The map belongs to nobody any more, and has no reservations. */
  void discharge() {
    forgetReservations();
    table().charge(-HEAP_BYTES - extraBytes());
  }

  /** Returns the reservations, to which some may be added. They are charged to the volume. */
  public Reservations reservationsToAddTo() {
    if (reservations() == null) {
      setReservations(table().newReservations());
    }
    return reservations();
  }

  /** Forgets reservations, because none is left. */
  public void forgetReservations() {
    if (reservations() != null) {
      reservations().close();
      setReservations(null);
    }
  }

  /** How parents' XORs call this file: negative, never 0. */
  public int name() {
    return ~number;
  }

  static int numberOf(int name) {
    return ~name;
  }

  /** Loads the root at once. {@link #pointer} and {@link #height} split it. */
  public long root() {
    return root;
  }

  public void setRoot(long pointer, int height) {
    requireOwn();
    root = pointer | (long) height << HEIGHT_SHIFT;
    touch();
  }

  public static long pointer(long root) {
    return root & POINTER_MASK;
  }

  public static int height(long root) {
    return (int) (root >>> HEIGHT_SHIFT);
  }

  /** Whether no file has these contents now, because only a named state keeps them. */
  public boolean isHidden() {
    return hidden;
  }

  /** Whether it maps nothing and has no reservations. */
  public boolean isEmpty() {
    return pointer(root) == 0 && reservedBlocks() == 0;
  }

  /** How many blocks this file maps, shared or not. */
  public long referencedBlocks() {
    return mapped;
  }

  /** How many blocks this file allocated that somebody still holds. */
  public long chargedBlocks() {
    return charged;
  }

  /** How many blocks are reserved for this file and not used yet. */
  public long reservedBlocks() {
    return reservations() == null ? 0 : reservations().count();
  }
}
