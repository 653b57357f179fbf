/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

/**
 * Which blocks one file has, and what they cost; made by {@code BlockStore.newMap}. All of it is
 * guarded by the volume's lock, but for the root, which readers load once.
 *
 * <p>A file has a number. Its negative form ({@link #name}) stands among parents, where nodes are
 * positive; the number itself stands as owner in block entries, so it outlives the file until no
 * block is charged to it.
 */
public final class FileMap {
  /** What a map takes of the heap, with its place in the table of maps. */
  public static final int HEAP_BYTES = 64 + 4;

  /** Changed since the last cut. */
  private static final int DIRTY = 1;

  /** The file is gone; the map lives on while blocks are charged to it. */
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
   * The root's pointer and, above {@link #HEIGHT_SHIFT}, the height of the tree. Height 0: the root
   * is a block, the file's first and only one. Published whole, so that a reader's view is whole.
   */
  private volatile long root;

  /** Blocks mapped. */
  public long mapped;

  /** Blocks that hang on single edges all the way from this file. */
  public long own;

  /** Blocks with this file as owner. */
  public long charged;

  /**
   * Those of {@link #charged} that this file still maps itself. Kept with each write; right if
   * {@link #liveKnown} and not displaced.
   */
  long live;

  /** False after whole subtrees came or went whose owners nobody looked at. */
  boolean liveKnown;

  /** This file may hold a block at two places, so {@link #own} is only a lower bound. */
  public boolean displaced;

  /** No file has these contents now: see {@code HiddenMaps}. */
  public boolean hidden;

  /** The {@link FileTable}, or a {@link MapExtra} that knows it. */
  private Object home;

  /** {@link #DIRTY} and {@link #RELEASED}; one byte more would cost each map eight. */
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

  /** What few maps have; makes it. */
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

  /** Something changed here that has to be stored. */
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

  /** Whether the file is gone; the map lives on while blocks are charged to it. */
  public boolean isReleased() {
    return (marks & RELEASED) != 0;
  }

  public void setReleased(boolean released) {
    marks = (byte) (released ? marks | RELEASED : marks & ~RELEASED);
  }

  /** What was promised, or null for nothing. */
  public Reservations reservations() {
    return home instanceof MapExtra extra ? extra.reservations : null;
  }

  /** These are promised from now on; null for nothing. */
  public void setReservations(Reservations next) {
    if (next != null || home instanceof MapExtra) {
      extra().reservations = next;
    }
  }

  /**
   * Stable as long as the map exists; a durable array finds the map again by it. 0 for {@link
   * #NONE}.
   */
  public int number() {
    return number;
  }

  /** What this is charged for. */
  public long heapBytes() {
    int ranges = reservations() == null ? 0 : reservations().rangeCount();
    return HEAP_BYTES + extraBytes() + (long) ranges * Reservations.RANGE_BYTES;
  }

  private int extraBytes() {
    return home instanceof MapExtra ? MapExtra.HEAP_BYTES : 0;
  }

  /** The map is nobody's any more, and promises nothing. */
  void discharge() {
    forgetReservations();
    table().charge(-HEAP_BYTES - extraBytes());
  }

  /** SpaceReservations may come; they are charged to the volume. */
  public Reservations reservationsToAddTo() {
    if (reservations() == null) {
      setReservations(table().newReservations());
    }
    return reservations();
  }

  /** No promise is left; they count nowhere any more. */
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

  /** One load; {@link #pointer} and {@link #height} take it apart. */
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

  /** Whether no file has these contents now: only a named state keeps them. */
  public boolean isHidden() {
    return hidden;
  }

  /** Whether there is nothing in it, and nothing promised to it. */
  public boolean isEmpty() {
    return pointer(root) == 0 && reservedBlocks() == 0;
  }

  /** Blocks that this file maps, shared or not. */
  public long referencedBlocks() {
    return mapped;
  }

  /** Blocks that this file allocated and anyone still holds. */
  public long chargedBlocks() {
    return charged;
  }

  /** Blocks promised to this file and not yet used. */
  public long reservedBlocks() {
    return reservations() == null ? 0 : reservations().count();
  }
}
