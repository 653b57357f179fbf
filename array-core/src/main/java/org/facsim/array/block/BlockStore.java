/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.durable.MetadataStore;
import org.facsim.array.durable.PayloadFile;

/**
 * The blocks of one volume: a copy-on-write store.
 *
 * <h2>The structure</h2>
 *
 * A file's map is a radix tree of fan-out 256 over block numbers. Its leaves hold pointers to block
 * entries; a missing pointer is a hole. Nodes and blocks are counted and shared: a clone of a file
 * is one more reference to its root, whatever its size. A write makes the path from the root to its
 * leaf private first, copying what is shared ({@link MapWriter}); then it changes the leaf. Who
 * holds what, what it costs and what deleting would free is kept exact with every edge ({@link
 * Ledger}).
 *
 * <pre>
 *   FileMap ---> node ---> leaf ---> block entry (word)            4 KiB in the array, 32 bytes here
 *   FileMap --'      `---> leaf ---> block entry (payload) ---> payload slot, 4 KiB
 *   (clone)
 * </pre>
 *
 * <h2>Who may do what when</h2>
 *
 * Mutations run under {@link #lock}; it covers metadata only, for {@link #prepare} copied the bytes
 * before. Reads take no lock and never wait: they announce themselves to {@link Epochs}, load the
 * root once and follow acquired pointers; each block is seen as it was before or after a write.
 * Every mutation happens whole or throws and changes nothing.
 *
 * <h2>What a durable home will hook into</h2>
 *
 * All of the structure lives in three tables and changes through {@link NodeTable}, {@link
 * BlockTable} and {@link Ledger} only, always under the lock and between a claim and {@link
 * #finish}: there is where a transaction group collects what is dirty.
 */
public final class BlockStore implements AutoCloseable {
  /** Bytes in a block. */
  public static final int BLOCK_BYTES = 4096;

  /** The end of the largest map: 16 TiB. */
  public static final long MAX_BYTES =
      (long) BLOCK_BYTES << MapReader.spanShift(NodeTable.MAX_HEIGHT);

  /** Leaves taken apart by the mutation itself, so that small deletes need no other thread. */
  private static final int INLINE_RECLAIM_LEAVES = 2;

  /** The most nodes taken apart in one lock hold of the background; fewer if somebody waits. */
  private static final int BATCH_RECLAIM_NODES = 16;

  /** After so long a lock hold of the background ends, whatever came. */
  private static final long BATCH_RECLAIM_NANOS = 100_000;

  private static final long YIELD_NANOS = 1_000;

  /**
   * How long a volume at the array's limit waits for another's lock, to bring blocks back there.
   */
  private static final long PATIENCE_NANOS = 2_000_000;

  private final BlockPool pool;
  private final VolumeLock lock = new VolumeLock();
  private final Epochs epochs;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final Payload payload;
  private final Ledger ledger;
  private final MapReader reader;
  private final MapWriter writer;
  private final Promises promises;
  private final Holes holes;
  private final RangeClone ranges;
  private final LiveBlocks live;
  private final KeptMaps kept;
  private volatile boolean closed;

  /** Set once, when the volume is deleted. */
  private volatile Abandonment abandonment;

  /** Null in memory; set before anybody sees the store. */
  private StoreJournal journal;

  /** Counts mutations; cached answers name the version that they hold for. */
  private long version;

  /**
   * @param limitBlocks the most blocks this volume may use, its reservations included
   */
  public BlockStore(BlockPool pool, long limitBlocks) {
    this(pool, limitBlocks, pool.payload());
    pool.join(this);
  }

  private BlockStore(BlockPool pool, long limitBlocks, Payload payload) {
    this.pool = pool;
    this.payload = payload;
    epochs = pool.epochs();
    nodes = new NodeTable(pool.memory(), epochs);
    blocks = new BlockTable(pool.memory(), epochs);
    ledger = new Ledger(pool, nodes, blocks, payload, limitBlocks);
    reader = new MapReader(nodes, blocks, payload);
    Shadow shadow = new Shadow(ledger, epochs);
    writer = new MapWriter(ledger, reader, shadow);
    live = new LiveBlocks(nodes, blocks);
    kept = new KeptMaps(ledger, live);
    promises = new Promises(ledger, reader, writer);
    holes = new Holes(ledger, reader, writer, promises, live);
    ranges = new RangeClone(ledger, reader, writer, shadow);
  }

  /**
   * A store with its payload in a file, which it closes; everything else is journaled.
   *
   * @param metadata what to load it from
   * @param stored the totals when it was last cut, or null for a new volume
   * @throws ArrayException IO if what is stored is damaged; NO_SPACE if the host has no memory
   */
  public static BlockStore durable(
      BlockPool pool,
      long limitBlocks,
      int volume,
      PayloadFile file,
      MetadataStore metadata,
      StoreTotals stored,
      StoreJournal.Listener listener) {
    return loading(pool, limitBlocks, volume, file, metadata, stored, listener).finish();
  }

  /**
   * The same, but the tables are loaded in a thread of their own while the caller loads what names
   * the block maps; these are there. It ends with {@link StoreLoading#finish} or {@link
   * StoreLoading#abandon}.
   *
   * @throws ArrayException IO if a block map is damaged
   */
  public static StoreLoading loading(
      BlockPool pool,
      long limitBlocks,
      int volume,
      PayloadFile file,
      MetadataStore metadata,
      StoreTotals stored,
      StoreJournal.Listener listener) {
    FilePayload payload = new FilePayload(file, pool.epochs());
    BlockStore store = new BlockStore(pool, limitBlocks, payload);
    store.journal = new StoreJournal(volume, store.ledger, payload, listener);
    StoreLoader loader = new StoreLoader(volume, metadata, store.ledger, payload);
    try {
      return new StoreLoading(store, stored == null ? null : loader, stored);
    } catch (RuntimeException e) {
      store.freeTables();
      throw e;
    }
  }

  /** Everything is there: from now on changes are noted. */
  void loaded() {
    journal.start();
    pool.join(this);
    if (ledger.pendingNodes() > 0) {
      pool.wakeReclaimer();
    }
  }

  /** Recounts everything and says what differs, in words. Slow. Lock held. */
  public List<String> audit() {
    checkLocked();
    return StoreAudit.of(this);
  }

  /** Maps of files that are there. Lock held. */
  public long liveMaps() {
    return ledger.files.all().stream().filter(map -> !map.released && !map.hidden).count();
  }

  /** Maps that only named states hold. Lock held. */
  public long hiddenMaps() {
    return ledger.files.all().stream().filter(map -> !map.released && map.hidden).count();
  }

  /** What a durable store tells its transaction groups; null for one in memory. */
  public StoreJournal journal() {
    return journal;
  }

  /** What is kept of the totals. Lock held. */
  public StoreTotals totals() {
    return ledger.totals();
  }

  /** The map that had this number when the store was loaded, or null. For loading only. */
  public FileMap map(int number) {
    return number > 0 && number < ledger.files.end() ? ledger.files.get(number) : null;
  }

  /**
   * The volume's one lock, reentrant, shared with the namespace. Everything marked "lock held"
   * checks that the caller holds it.
   */
  public Lock lock() {
    return lock;
  }

  /** A new, empty map. Lock held. */
  public FileMap newMap() {
    start();
    return ledger.files.create();
  }

  // ---------------------------------------------------------------- bytes

  /**
   * Copies what remains in {@code source} (whose position does not move) into fresh host memory, or
   * into nothing for a block of one repeated word. No lock. Close the result if it is not written.
   *
   * @throws ArrayException NO_SPACE if the host has no memory
   */
  public PreparedWrite prepare(long offsetBytes, ByteBuffer source) {
    checkRange(offsetBytes, source.remaining());
    int ticket = enter();
    try {
      return PreparedWrite.copyOf(payload, offsetBytes, source);
    } finally {
      epochs.exit(ticket);
    }
  }

  /**
   * Writes, and consumes {@code prepared}. Lock held.
   *
   * @throws ArrayException NO_SPACE, with nothing changed and {@code prepared} unconsumed
   */
  public void write(FileMap map, PreparedWrite prepared) {
    start(map);
    if (prepared.isDone()) {
      throw new IllegalStateException("write is consumed or closed");
    }
    if (prepared.values.length == 0) {
      prepared.consume();
      return;
    }
    long first = prepared.firstBlock();
    long end = prepared.endBlock();
    nodes.ensure(MapWriter.nodesFor(first, end));
    blocks.ensure(end - first);
    ledger.claim(() -> promises.needed(map, first, end));
    writer.complete(map, prepared);
    writer.write(map, prepared);
    promises.drop(map, first, end);
    finish();
  }

  /**
   * Fills all that remains in {@code target}, holes as zeros, and moves its position. No lock. Each
   * block is seen as it was before or after any write, never torn. The caller clamps to the file's
   * size; beyond it all reads as zeros.
   */
  public void read(FileMap map, long offsetBytes, ByteBuffer target) {
    int ticket = enter();
    try {
      reader.read(map.root(), offsetBytes, target);
    } finally {
      epochs.exit(ticket);
    }
  }

  /**
   * As {@link #read}, but without a copy: the bytes where they lie, unchanged until closed. No
   * lock.
   *
   * @param lengthBytes at least 1
   * @return null if they are to be had by a copy only
   */
  public PinnedBytes pin(FileMap map, long offsetBytes, int lengthBytes) {
    if (!payload.pins()) {
      return null;
    }
    int ticket = enter();
    try {
      return reader.pin(map.root(), offsetBytes, lengthBytes);
    } finally {
      epochs.exit(ticket);
    }
  }

  // ---------------------------------------------------------------- holes

  /**
   * Unmaps what lies beyond the new size and drops its reservations; bytes after the new size in
   * the cut block become zero. Does nothing if the file grows. Lock held.
   *
   * @throws ArrayException NO_SPACE if the cut block is shared and no block is left for its copy
   */
  public void truncate(FileMap map, long oldSizeBytes, long newSizeBytes) {
    if (newSizeBytes < oldSizeBytes) {
      punchHole(map, newSizeBytes, MAX_BYTES - newSizeBytes);
    }
  }

  /**
   * Unmaps the whole blocks in the range, drops their reservations and zeroes the range's rest.
   * Lock held.
   *
   * @throws ArrayException NO_SPACE as for {@link #truncate}
   */
  public void punchHole(FileMap map, long offsetBytes, long lengthBytes) {
    start(map);
    checkRange(offsetBytes, lengthBytes);
    holes.punch(map, offsetBytes, offsetBytes + lengthBytes);
    finish();
  }

  // ---------------------------------------------------------------- sharing

  /**
   * Gives {@code destination} the blocks of {@code source} by sharing its root; what it mapped is
   * released, its reservations stay. O(1). Lock held.
   *
   * @throws ArrayException INVALID_ARGUMENT if the two are one
   */
  public void cloneWhole(FileMap source, FileMap destination) {
    start(source);
    start(destination);
    if (source == destination) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "a file cannot be its own clone");
    }
    long shared = source.root();
    long replaced = destination.root();
    destination.setRoot(FileMap.pointer(shared), FileMap.height(shared));
    if (FileMap.pointer(shared) != 0) {
      ledger.addEdge(FileMap.height(shared), FileMap.pointer(shared), destination.name());
    }
    if (FileMap.pointer(replaced) != 0) {
      ledger.removeEdge(FileMap.height(replaced), FileMap.pointer(replaced), destination.name());
    }
    ledger.addMapped(destination, source.mapped - destination.mapped);
    destination.displaced = source.displaced;
    live.replaced(destination);
    finish();
  }

  /**
   * Shares a range of blocks, holes included; atomic for readers. Source and destination may be one
   * map if the ranges do not overlap. Lock held.
   *
   * @throws ArrayException INVALID_ARGUMENT if an argument is not a multiple of {@link
   *     #BLOCK_BYTES} or the ranges of one map overlap; NO_SPACE if the host has no memory
   */
  public void cloneRange(
      FileMap source,
      long sourceOffsetBytes,
      FileMap destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    start(source);
    start(destination);
    checkRange(sourceOffsetBytes, lengthBytes);
    checkRange(destinationOffsetBytes, lengthBytes);
    if ((sourceOffsetBytes | destinationOffsetBytes | lengthBytes) % BLOCK_BYTES != 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "clone of %d bytes from %d to %d: all must be multiples of %d"
              .formatted(lengthBytes, sourceOffsetBytes, destinationOffsetBytes, BLOCK_BYTES));
    }
    if (source == destination
        && Math.abs(sourceOffsetBytes - destinationOffsetBytes) < lengthBytes) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "clone of %d bytes from %d to %d of one file overlaps"
              .formatted(lengthBytes, sourceOffsetBytes, destinationOffsetBytes));
    }
    if (lengthBytes > 0) {
      ranges.share(
          source,
          sourceOffsetBytes / BLOCK_BYTES,
          destination,
          destinationOffsetBytes / BLOCK_BYTES,
          lengthBytes / BLOCK_BYTES);
      live.replaced(destination);
      finish();
    }
  }

  /** The file is gone: its blocks and reservations are released. Lock held. */
  public void release(FileMap map) {
    start(map);
    drop(map);
    finish();
  }

  private void drop(FileMap map) {
    if (map.hidden) {
      kept.showForRelease(map);
    }
    promises.drop(map, 0, Long.MAX_VALUE);
    long root = map.root();
    map.setRoot(0, 0);
    if (FileMap.pointer(root) != 0) {
      ledger.removeEdge(FileMap.height(root), FileMap.pointer(root), map.name());
    }
    ledger.addMapped(map, -map.mapped);
    ledger.releaseFile(map);
  }

  // ---------------------------------------------------------------- hidden maps

  /**
   * A hidden map with all that a file has, for the time when it shall have it again; counts in no
   * figure of a file. To be released like any map. O(1), but for the ranges promised to the file.
   * Lock held.
   */
  public FileMap keep(FileMap file) {
    start(file);
    FileMap hidden = kept.keep(file);
    finish();
    return hidden;
  }

  /** Exchanges the contents and promises of a file with kept ones. O(1). Lock held. */
  public void exchange(FileMap file, FileMap hidden) {
    start(file);
    start(hidden);
    kept.exchange(file, hidden);
    finish();
  }

  /** Whether a file has not changed since its contents were kept. Lock held. */
  public boolean isUnchanged(FileMap file, FileMap hidden) {
    checkLocked();
    return KeptMaps.areSame(file, hidden);
  }

  /** Hides the map of a file that is away, with its promises. Lock held. */
  public void hide(FileMap file) {
    start(file);
    kept.hide(file);
    finish();
  }

  /** Shows the map of a file that is there again; promises may exceed the limit. Lock held. */
  public void show(FileMap file) {
    start(file);
    kept.show(file);
    finish();
  }

  /** Whether so many blocks could be promised if others came back first. Lock held. */
  public boolean hasRoomAfter(long freedBlocks, long promisedBlocks) {
    checkLocked();
    while (ledger.used() + ledger.promised() - freedBlocks + promisedBlocks > ledger.limit()
        && reclaimSome()) {
      Thread.onSpinWait();
    }
    return ledger.used() + ledger.promised() - freedBlocks + promisedBlocks <= ledger.limit();
  }

  /** The same for the capacity of the whole array. Lock held. */
  public boolean arrayHasRoomFor(long blocks) {
    checkLocked();
    while (blocks > pool.freeBlocks() && (reclaimSome() || pool.reclaimElsewhere(ledger))) {
      Thread.onSpinWait();
    }
    return blocks <= pool.freeBlocks();
  }

  /** What lets go of kept maps in the background; before anything is kept. */
  public void setBacklog(Backlog backlog) {
    ledger.backlog = backlog;
  }

  /** There is something in the backlog now. */
  public void wakeReclaimer() {
    pool.wakeReclaimer();
  }

  // ---------------------------------------------------------------- promises

  /**
   * Promises a block to each block of the range that is not privately mapped, so that the next
   * write to it cannot fail for want of space. Promises already made are kept, not doubled. A clone
   * made later shares blocks whose promise was used up; reserve again to be sure of them. Lock
   * held.
   *
   * @param zeroEagerly map zero blocks into the holes now instead of promising them
   * @throws ArrayException NO_SPACE
   */
  public void reserve(FileMap map, long offsetBytes, long lengthBytes, boolean zeroEagerly) {
    start(map);
    checkRange(offsetBytes, lengthBytes);
    long end = (offsetBytes + lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    promises.make(map, offsetBytes / BLOCK_BYTES, end, zeroEagerly);
    finish();
  }

  /** Takes back the promises of a range; what is mapped stays. Lock held. */
  public void unreserve(FileMap map, long offsetBytes, long lengthBytes) {
    start(map);
    checkRange(offsetBytes, lengthBytes);
    long end = (offsetBytes + lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    promises.drop(map, offsetBytes / BLOCK_BYTES, end);
    finish();
  }

  /** Moves the promises of one map to another, as far as they are needed there. Lock held. */
  public void movePromises(FileMap from, FileMap to) {
    start(from);
    start(to);
    promises.move(from, to);
    finish();
  }

  // ---------------------------------------------------------------- seek

  /**
   * The first mapped byte at or after an offset, or -1 if there is none below the size. No lock.
   */
  public long seekData(FileMap map, long offsetBytes, long sizeBytes) {
    int ticket = enter();
    try {
      long end = (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      long block = reader.firstMapped(map.root(), offsetBytes / BLOCK_BYTES, end);
      return block < 0 || offsetBytes >= sizeBytes
          ? -1
          : Math.max(offsetBytes, block * BLOCK_BYTES);
    } finally {
      epochs.exit(ticket);
    }
  }

  /** The first unmapped byte at or after an offset; the size itself if there is none. No lock. */
  public long seekHole(FileMap map, long offsetBytes, long sizeBytes) {
    int ticket = enter();
    try {
      long end = (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      long block = reader.firstHole(map.root(), offsetBytes / BLOCK_BYTES, end);
      return Math.min(sizeBytes, Math.max(offsetBytes, block * BLOCK_BYTES));
    } finally {
      epochs.exit(ticket);
    }
  }

  // ---------------------------------------------------------------- figures

  /**
   * Blocks that would be free if this file were deleted. O(1); after a range clone that moved
   * blocks to other offsets it may walk the map once, then the answer is kept. Lock held.
   */
  public long exclusiveBlocks(FileMap map) {
    checkLocked();
    if (!map.displaced || map.own == map.mapped) {
      return map.own;
    }
    if (map.exclusiveVersion != version) {
      map.exclusiveAnswer = TrialDeletion.of(nodes, blocks, map.root());
      map.exclusiveVersion = version;
    }
    return map.exclusiveAnswer;
  }

  /**
   * Blocks that would be free if these files were deleted together; costs as the answers for each
   * of them. Lock held.
   */
  public long exclusiveBlocks(List<FileMap> maps) {
    checkLocked();
    return switch (maps.size()) {
      case 0 -> 0;
      case 1 -> exclusiveBlocks(maps.get(0));
      default -> TrialDeletion.ofAll(nodes, blocks, maps);
    };
  }

  /**
   * Those of {@link FileMap#chargedBlocks} that the file maps itself; the others are held by its
   * snapshots and clones. O(1) as a rule, see {@link LiveBlocks}. Lock held.
   */
  public long liveBlocks(FileMap map) {
    checkLocked();
    return live.of(map, version);
  }

  /** Changes with every mutation; for answers that are worth keeping. Lock held. */
  public long version() {
    checkLocked();
    return version;
  }

  /** The most blocks this volume may use. */
  public long limitBlocks() {
    return figure(ledger::limit);
  }

  /**
   * Changes the limit. One below what is used and promised only keeps new blocks out. Lock held.
   */
  public void setLimitBlocks(long limitBlocks) {
    start();
    ledger.setLimit(limitBlocks);
  }

  /** Physical blocks in use, those on their way back included; always the sum of all charges. */
  public long usedBlocks() {
    return figure(ledger::used);
  }

  /** Promised to files and not yet used. */
  public long reservedBlocks() {
    return figure(ledger::promised);
  }

  /** Sum over all files of what they map. */
  public long referencedBlocks() {
    return figure(ledger::referenced);
  }

  /** Charged to files that are gone, those on their way back included. */
  public long retainedBlocks() {
    return figure(ledger::retained);
  }

  /** Freed, and on their way back; all blocks of a deleted volume are. */
  public long reclaimPendingBlocks() {
    return figure(() -> abandonment != null ? ledger.used() : ledger.pending());
  }

  /** What can still be allocated or promised here, the array's limit included. */
  public long freeBlocks() {
    return figure(
        () ->
            Math.max(
                0,
                Math.min(ledger.limit() - ledger.used() - ledger.promised(), pool.freeBlocks())));
  }

  private long figure(java.util.function.LongSupplier value) {
    lock.lock();
    try {
      return value.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- reclaim

  /** Waits until every block freed before this call is free for use; does the work itself. */
  public void awaitReclaim() {
    while (reclaimBatch()) {
      Thread.onSpinWait();
    }
  }

  /**
   * One bounded lock hold of reclaim, as the background does it; takes the lock itself. Returns
   * whether there is more to do.
   */
  public boolean reclaimBatch() {
    lock.lockBehindOthers();
    try {
      if (closed) {
        return false;
      }
      if (reclaimSome()) {
        return abandonment != null || ledger.isReclaiming();
      }
      if (abandonment == null) {
        return false;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    leave();
    return false;
  }

  /** One step of reclaim. Returns whether there was anything to do. Lock held. */
  private boolean reclaimSome() {
    boolean dropped = abandonment != null && abandonment.step(this::drop);
    boolean progress = ledger.reclaim(1) || dropped;
    long deadline = System.nanoTime() + BATCH_RECLAIM_NANOS;
    for (int i = 1; i < BATCH_RECLAIM_NODES && progress; i++) {
      if (lock.isWanted() || System.nanoTime() - deadline > 0 || !ledger.reclaim(1)) {
        break;
      }
    }
    if (progress) {
      version++;
      ledger.settle();
      noteChange();
    }
    return progress;
  }

  /** Brings back some blocks for another volume, unless somebody is busy here for long. */
  boolean reclaimFor(Ledger asking) {
    if (asking == ledger || (!ledger.isReclaiming() && abandonment == null)) {
      return false;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!lock.tryLock()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(YIELD_NANOS);
    }
    try {
      return !closed && reclaimSome();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- life

  /**
   * The volume is deleted: every call from now on is answered with STALE, and the background lets
   * go of all files, brings back their blocks and returns the memory to the host. Lock held.
   */
  public void abandon() {
    start();
    ledger.backlog = null; // hidden maps go with all others
    abandonment = new Abandonment(ledger.files);
    pool.wakeReclaimer();
  }

  /** The volume is gone; its memory returns to the host. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      ledger.backlog = null;
      for (FileMap map : ledger.files.all()) {
        if (!map.released) {
          drop(map);
        }
      }
      while (ledger.reclaim(BATCH_RECLAIM_NODES)) {
        ledger.settle();
      }
      ledger.settle();
      closed = true;
    } finally {
      lock.unlock();
    }
    leave();
  }

  private void leave() {
    pool.leave(this);
    epochs.awaitReaders();
    freeTables();
  }

  /** The pool closes: nothing may start from now on. */
  void shut() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  Epochs epochs() {
    return epochs;
  }

  MapReader reader() {
    return reader;
  }

  Ledger ledger() {
    return ledger;
  }

  void freeTables() {
    nodes.freeSlabs();
    blocks.freeSlabs();
    if (payload != pool.payload()) {
      payload.close();
    }
  }

  private int enter() {
    int ticket = epochs.enter();
    if (closed) {
      epochs.exit(ticket);
      throw closedStore();
    }
    return ticket;
  }

  private void start(FileMap map) {
    start();
    if (map.released) {
      throw new IllegalStateException("file is released");
    }
  }

  private void start() {
    checkLocked();
    version++;
  }

  private void checkLocked() {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("the volume's lock is not held");
    }
    if (closed || abandonment != null) {
      throw closedStore();
    }
  }

  /** Ends a mutation. */
  private void finish() {
    ledger.reclaimIfFew(INLINE_RECLAIM_LEAVES);
    ledger.settle();
    if (ledger.isReclaiming()) {
      pool.wakeReclaimer();
    }
    noteChange();
  }

  private void noteChange() {
    if (journal != null) {
      journal.changed();
    }
  }

  private RuntimeException closedStore() {
    return abandonment != null
        ? new ArrayException(ArrayError.STALE, "the volume is deleted")
        : new IllegalStateException("the block store is closed");
  }

  private static void checkRange(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > MAX_BYTES - lengthBytes) {
      throw new ArrayException(
          ArrayError.FILE_TOO_LARGE,
          "%d bytes at %d, a file ends at %d".formatted(lengthBytes, offsetBytes, MAX_BYTES));
    }
  }
}
