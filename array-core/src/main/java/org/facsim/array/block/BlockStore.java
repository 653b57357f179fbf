/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.FileTable;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.ledger.Reservations;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.block.map.MapReader;
import org.facsim.array.block.map.MapWriter;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.map.RangeClone;
import org.facsim.array.block.map.Shadow;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.payload.PinnedBytes;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.InodeRows;
import org.facsim.array.block.table.NameTable;
import org.facsim.array.block.table.NodeTable;

/**
 * The blocks of one volume: a copy-on-write store.
 *
 * <h2>The structure</h2>
 *
 * A file's map is a radix tree over block numbers, with 256 pointers to a node. Its leaves hold
 * pointers to block entries, and a missing pointer is a hole. Nodes and blocks are counted and
 * shared: a clone of a file is one more reference to its root, whatever its size. A write first
 * makes the path from the root to its leaf private, by copying what is shared ({@link MapWriter}),
 * and then changes the leaf. The {@link Ledger} keeps exact, with every edge, who holds what, what
 * it costs, and what deleting it would free.
 *
 * <pre>
 *   FileMap ---> node ---> leaf ---> block entry (word)            4 KiB in the array, 28 bytes here
 *   FileMap --'      `---> leaf ---> block entry (payload) ---> payload slot, 4 KiB
 *   (clone)
 * </pre>
 *
 * <h2>Who may do what when</h2>
 *
 * Mutations run under {@link #lock}. The lock covers only metadata, because {@link #prepare} has
 * copied the bytes before, except those of a short write in memory: see {@link PreparedWrite}.
 * Reads take no lock. They announce themselves to {@link Epochs}, load the root once and follow
 * acquired pointers. They wait for nothing but a block that is overwritten where it is. They see
 * each block as it was before or after a write. Every mutation happens as a whole, or throws and
 * changes nothing.
 *
 * <h2>Who does what</h2>
 *
 * Every operation begins and ends at the {@link StoreGate}. The structure is in tables, and only
 * {@link NodeTable}, {@link BlockTable} and {@link Ledger} change it. There a durable volume's
 * transaction group collects what is dirty. {@link StoreReclaim} reclaims what was released. {@link
 * #holes}, {@link #sharing}, {@link #figures}, {@link #reservations} and {@link #hiddenMaps} belong
 * to the same store, each for its own kind of caller.
 */
public final class BlockStore implements AutoCloseable {
  /** Bytes in a block. */
  public static final int BLOCK_BYTES = BlockTable.BLOCK_BYTES;

  /** The end of the largest map: 16 TiB. */
  public static final long MAX_BYTES = MapReader.MAX_BYTES;

  private final BlockPool pool;
  private final StoreGate gate;
  private final MetadataAccount metadata;
  private final InodeRows inodeRows;

  /** Null until the names are opened. */
  private NameTable names;

  private final Epochs epochs;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final Payload payload;
  private final Ledger ledger;
  private final MapReader reader;
  private final MapWriter writer;
  private final SpaceReservations reservations;
  private final Holes holes;
  private final FileSharing sharing;
  private final HiddenMaps hiddenMaps;
  private final SpaceFigures figures;
  private final Relocation relocation;
  private final StoreReclaim reclaim;
  private final AtomicBoolean freed = new AtomicBoolean();

  /**
   * @param limitBlocks the most blocks this volume may use, its reservations included
   */
  public BlockStore(BlockPool pool, long limitBlocks) {
    this(pool, limitBlocks, pool.payload());
    pool.join(this);
  }

  /** Makes a store that has not joined the pool yet. */
  BlockStore(BlockPool pool, long limitBlocks, Payload payload) {
    this.pool = pool;
    this.payload = payload;
    epochs = pool.epochs();
    nodes = new NodeTable(pool.memory(), epochs);
    blocks = new BlockTable(pool.memory(), epochs);
    metadata = pool.metadata().open();
    inodeRows = new InodeRows(pool.memory(), epochs);
    ledger =
        new Ledger(
            pool.capacity(),
            pool::reclaimElsewhere,
            epochs,
            nodes,
            blocks,
            payload,
            new FileTable(metadata),
            limitBlocks);
    gate = new StoreGate(pool, ledger);
    reader = new MapReader(nodes, blocks, payload);
    Shadow shadow = new Shadow(ledger, epochs);
    writer = new MapWriter(ledger, reader, shadow);
    LiveBlocks live = new LiveBlocks(nodes, blocks);
    hiddenMaps = new HiddenMaps(pool, gate, ledger, live);
    reservations = new SpaceReservations(gate, ledger, metadata, reader, writer);
    relocation = new Relocation(gate, ledger, reader);
    holes = new Holes(gate, ledger, reader, writer, reservations, live);
    sharing = new FileSharing(gate, ledger, live, new RangeClone(ledger, reader, writer, shadow));
    reclaim = new StoreReclaim(this, pool, gate, hiddenMaps, reservations);
    figures = new SpaceFigures(pool, gate, ledger, live, reclaim);
  }

  /** Sets who is told of changes, once everything is loaded. */
  void setChanges(StoreChanges changes) {
    gate.setChanges(changes);
  }

  /** Everything is loaded. From now on changes are noted. */
  void loaded() {
    changes().start();
    pool.join(this);
    if (ledger.detached.isWaiting()) {
      pool.wakeReclaimer();
    }
  }

  /** Recounts everything and says what differs, in words. It is slow. Lock held. */
  public List<String> audit() {
    gate.checkLocked();
    return StoreAudit.of(this);
  }

  /** What a durable store tells its transaction groups; null in an ephemeral array. */
  public StoreChanges changes() {
    return gate.changes();
  }

  /** The totals as they are kept. Lock held. */
  public StoreTotals totals() {
    return ledger.totals();
  }

  /** Returns the map that had this number when the store was loaded, or null. Only for loading. */
  public FileMap map(int number) {
    return number > 0 && number < ledger.files.end() ? ledger.files.get(number) : null;
  }

  /**
   * The volume's only lock, which is reentrant and also guards the volume's names. Every method
   * with "lock held" in its description checks that the caller holds it.
   */
  public Lock lock() {
    return gate.lock;
  }

  /** How much of the heap the volume takes, including its names. */
  public MetadataAccount metadata() {
    return metadata;
  }

  /** How much fits into direct memory. */
  public FreeMemory freeMemory() {
    return new FreeMemory(pool, payload, inodeRows, names);
  }

  /**
   * Makes the table of the volume's names. It is called once.
   *
   * @param key a secret, so that nobody can choose names that collide
   */
  public NameTable openNames(long key) {
    names = new NameTable(pool.memory(), epochs, metadata, key);
    return names;
  }

  /** The rows in which inodes keep what need not be on the heap. */
  public InodeRows inodeRows() {
    return inodeRows;
  }

  /** What the ledger says of files and of the volume. */
  public SpaceFigures figures() {
    return figures;
  }

  /** Space that is reserved for files. */
  public SpaceReservations reservations() {
    return reservations;
  }

  /** Holes of files: making and finding them. */
  public Holes holes() {
    return holes;
  }

  /** Files that get the blocks of others. */
  public FileSharing sharing() {
    return sharing;
  }

  /** Contents that only named states have. */
  public HiddenMaps hiddenMaps() {
    return hiddenMaps;
  }

  /** Makes a new, empty map. Lock held. */
  public FileMap newMap() {
    gate.start();
    return ledger.files.create();
  }

  // ---------------------------------------------------------------- bytes

  /**
   * Copies what remains in {@code source} into new payload slots. If a block is one repeated word,
   * only the word is kept. The position of {@code source} does not move. A short write may keep the
   * source instead: it stays as it is until the result is written or closed. Takes no lock. Close
   * the result if it is not written.
   *
   * @throws ArrayException NO_SPACE if there is no direct memory, or no room on the operating
   *     system's disk; IO
   */
  public PreparedWrite prepare(long offsetBytes, ByteBuffer source) {
    MapReader.checkRange(offsetBytes, source.remaining());
    int ticket = gate.enter();
    try {
      return PreparedWrite.copyOf(payload, offsetBytes, source);
    } finally {
      gate.exit(ticket);
    }
  }

  /**
   * Takes the bytes that lie in a room, if they can become a part of this volume as they are, and
   * otherwise copies them like {@link #prepare(long, ByteBuffer)}.
   *
   * @throws ArrayException as with a buffer
   */
  public PreparedWrite prepare(long offsetBytes, ArenaRoom room) {
    MapReader.checkRange(offsetBytes, room.lengthBytes());
    int ticket = gate.enter();
    try {
      PreparedWrite taken = PreparedWrite.of(payload, offsetBytes, room);
      return taken == null
          ? PreparedWrite.copyOf(payload, offsetBytes, room.memory().duplicate().clear())
          : taken;
    } finally {
      gate.exit(ticket);
    }
  }

  /**
   * Writes, and consumes {@code prepared}. Lock held.
   *
   * @throws ArrayException NO_SPACE, with nothing changed and {@code prepared} unconsumed
   */
  public void write(FileMap map, PreparedWrite prepared) {
    gate.start(map);
    if (prepared.isDone()) {
      throw new IllegalStateException("write is consumed or closed");
    }
    if (prepared.values.length == 0) {
      prepared.consume();
      return;
    }
    long first = prepared.firstBlock();
    long end = prepared.endBlock();
    if (map.reservations() != null) {
      metadata.require(
          Reservations.RANGE_BYTES); // using a part within a reserved range leaves two ranges
    }
    nodes.ensure(MapWriter.nodesFor(first, end));
    blocks.ensure(end - first);
    ledger.claim(() -> reservations.needed(map, first, end));
    writer.complete(map, prepared);
    writer.write(map, prepared);
    reservations.drop(map, first, end);
    gate.finish();
  }

  /**
   * Fills all that remains in {@code target}, and moves its position. Holes read as zeros. Takes no
   * lock. Each block is as it was before or after any write, and never torn. The caller stops at
   * the file's size, because everything beyond it reads as zeros.
   */
  public void read(FileMap map, long offsetBytes, ByteBuffer target) {
    int ticket = gate.enter();
    try {
      reader.read(map.root(), offsetBytes, target);
    } finally {
      gate.exit(ticket);
    }
  }

  /**
   * Reads like {@link #read}, but without a copy. The bytes stay where they lie, and do not change
   * until the result is closed. It waits for no lock. If this is the second visit to scattered
   * blocks, they are moved side by side first ({@link Relocation}).
   *
   * @param lengthBytes at least 1
   * @return null if the bytes can only be copied
   */
  public PinnedBytes pin(FileMap map, long offsetBytes, int lengthBytes) {
    if (!payload.isInMemory()) {
      return null;
    }
    PinnedBytes scattered;
    int ticket = gate.enter();
    try {
      long root = map.root();
      PinnedBytes found = reader.pin(root, offsetBytes, lengthBytes);
      if (found == null || !relocation.isDue(found, root, offsetBytes, lengthBytes)) {
        return found;
      }
      scattered = found;
    } finally {
      gate.exit(ticket);
    }
    scattered.close(); // because what is pinned is not moved
    relocation.gather(map, offsetBytes, lengthBytes);
    int again = gate.enter();
    try {
      return reader.pin(map.root(), offsetBytes, lengthBytes);
    } finally {
      gate.exit(again);
    }
  }

  /** Releases the blocks and reservations of a file that is gone, if it has any. Lock held. */
  public void release(FileMap map) {
    gate.start(map);
    if (!map.isNone()) {
      reclaim.drop(map);
      gate.finish();
    }
  }

  // ---------------------------------------------------------------- reclaim and life

  /**
   * Waits until every block that was freed before this call can be used again. It does the work
   * itself.
   */
  public void awaitReclaim() {
    while (reclaim.step()) {
      Thread.onSpinWait();
    }
  }

  /**
   * Does one bounded step of reclaim, as the background does. It takes the lock itself. Returns
   * whether there is more to do.
   */
  public boolean reclaimStep() {
    return reclaim.step();
  }

  /**
   * Whether reclaim should pause, because it would add to what already waits for the operating
   * system's disk. Takes no lock.
   */
  boolean pausesReclaim() {
    StoreChanges changes = gate.changes();
    return changes != null && changes.isBehind();
  }

  /** Reclaims some blocks for another volume, unless somebody is busy here for long. */
  boolean reclaimFor(Ledger asking) {
    return reclaim.stepFor(asking);
  }

  /**
   * The volume is deleted. From now on every call gets STALE. The background releases all files,
   * reclaims their blocks, and returns the memory to the operating system. Lock held.
   */
  public void abandon() {
    reclaim.abandon();
  }

  /**
   * Releases everything at once, and returns the memory to the operating system. Only the first
   * call does anything.
   */
  @Override
  public void close() {
    reclaim.close();
  }

  /** The pool closes. Nothing may start from now on. */
  void shut() {
    gate.lock.lock();
    try {
      gate.close();
    } finally {
      gate.lock.unlock();
    }
  }

  Epochs epochs() {
    return epochs;
  }

  Relocation relocation() {
    return relocation;
  }

  MapReader reader() {
    return reader;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Gives back the store's memory, and closes its payload. Only the first call does anything. */
  void freeTables() {
    if (!freed.compareAndSet(false, true)) {
      return;
    }
    metadata.close();
    inodeRows.leaveSlabs();
    if (names != null) {
      names.leaveSlabs();
    }
    nodes.freeSlabs();
    blocks.freeSlabs();
    if (payload != pool.payload()) {
      payload.close();
    }
  }
}
