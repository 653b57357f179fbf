/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.StoreLoading;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.log.Home;
import org.facsim.array.log.file.DataDirectory;

/** The array: its volumes, its clock, its capacity. Thread-safe. */
public final class StorageArray implements Durability, AutoCloseable {
  /** The most volumes of one array. */
  public static final int MAX_VOLUMES = 4096;

  /** The smallest volume. */
  public static final long MIN_VOLUME_BYTES = 1 << 20;

  /** So many volumes can be made in an array's life. */
  private static final int MAX_VOLUME_ID = 1 << 22;

  /** The most named states of one array. */
  public static final int MAX_STATES = 1024;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  private final BlockPool pool;
  private final Timestamps clock;
  private final HandleKey key;
  private final VolumeLimits limits;

  /** Null in memory. */
  private final DurableArray durable;

  private final ArrayStates states;
  private final ArraySettings settings;
  private final ArrayListeners listeners = new ArrayListeners();

  /** The id of the volume made last, deleted or not; guarded by the lock of the states. */
  private int lastVolumeId;

  /** Written with every volume's lock held. */
  private final AtomicLong restoreCount = new AtomicLong();

  /** Payload files that are missing or cut, in words; found while loading. */
  private final List<String> payloadDamage = new ArrayList<>();

  private volatile long writeVerifier;
  private long verifierDraws;

  /** Guarded by this object's monitor. */
  private boolean closed;

  private StorageArray(ArrayOptions options, VolumeLimits limits, Home home) {
    this.limits = limits;
    pool = new BlockPool(Math.max(1, blocks(options.capacityBytes())), budgetOf(options));
    clock = new Timestamps(options.clock());
    durable =
        home == null
            ? null
            : new DurableArray(home, options.seed(), this::drawVerifier, pool.metadata());
    states =
        new ArrayStates(
            clock,
            pool.metadata(),
            durable == null ? Volume::abandonBlocks : durable::remove,
            this::restoring);
    settings = new ArraySettings(this, states);
    key = new HandleKey(durable == null ? options.seed() : durable.seed());
    drawVerifier();
  }

  /** Nothing stops the restore any more; all volumes' locks are held. */
  private void restoring() {
    restoreCount.incrementAndGet();
    listeners.restoring();
  }

  private static MetadataBudget budgetOf(ArrayOptions options) {
    return options.metadataBytes().isPresent()
        ? new MetadataBudget(options.metadataBytes().getAsLong())
        : MetadataBudget.ofThisJvm();
  }

  /** New at each start and after each failed force, whatever the clock says. */
  private synchronized void drawVerifier() {
    long starts = durable == null ? 0 : durable.starts();
    writeVerifier = key.writeVerifier(clock.nowNanos(), starts << Integer.SIZE | verifierDraws++);
  }

  /** An array in memory, empty; gone when closed. */
  public static StorageArray ephemeral(ArrayOptions options) {
    return ephemeral(options, VolumeLimits.DEFAULT);
  }

  static StorageArray ephemeral(ArrayOptions options, VolumeLimits limits) {
    return new StorageArray(options, limits, null);
  }

  /**
   * Opens the array that lives in a data directory, or makes one where nothing or an empty
   * directory is. What was durable is there again, with the same handles; its seed stays the one it
   * was made with.
   *
   * @throws ArrayException BUSY if a process uses the directory, INVALID_ARGUMENT if it is
   *     something else, NOT_SUPPORTED if its format is another version's, IO if it is damaged or
   *     cannot be read, a payload file missing or cut, NO_SPACE if the host's disk or memory is
   *     full
   */
  public static StorageArray open(ArrayOptions options, Path dataDirectory) {
    return open(options, VolumeLimits.DEFAULT, DataDirectory.open(dataDirectory), true);
  }

  /**
   * @param withCommitter whether a thread commits groups; a test does it through {@link
   *     #commitIfDurable}
   */
  static StorageArray open(
      ArrayOptions options, VolumeLimits limits, Home home, boolean withCommitter) {
    StorageArray array = load(options, limits, home);
    try {
      array.requirePayload();
      array.durable.start(withCommitter);
    } catch (RuntimeException | Error e) {
      array.abandon();
      throw e;
    }
    return array;
  }

  private void requirePayload() {
    if (!payloadDamage.isEmpty()) {
      throw new ArrayException(ArrayError.IO, String.join("; ", payloadDamage));
    }
  }

  /** What is wrong with payload files as a whole. */
  List<String> payloadDamage() {
    return List.copyOf(payloadDamage);
  }

  /** Loads what is there and writes nothing. */
  static StorageArray load(ArrayOptions options, VolumeLimits limits, Home home) {
    StorageArray array = null;
    try {
      array = new StorageArray(options, limits, home);
      array.loadVolumes();
      return array;
    } catch (RuntimeException | Error e) {
      if (array != null) {
        array.pool.close();
      }
      home.close();
      throw e;
    }
  }

  private void loadVolumes() {
    lastVolumeId = durable.lastVolumeId();
    List<Volume> loaded = new ArrayList<>();
    for (Map.Entry<Integer, VolumeRow> entry : durable.storedVolumes().entrySet()) {
      int id = entry.getKey();
      VolumeRow row = entry.getValue();
      if (id < 1 || id > lastVolumeId) {
        throw new ArrayException(ArrayError.IO, "volume " + id + " is stored but was never made");
      }
      VolumeJournal journal = durable.newJournal();
      StoreLoading loading = durable.openStore(pool, id, row.limitBlocks(), row.totals(), journal);
      try {
        loaded.add(
            new Volume(
                this,
                id,
                row.name(),
                loading.store(),
                key,
                clock,
                limits,
                journal,
                state -> durable.loadNames(state, row)));
      } catch (RuntimeException | Error e) {
        loading.abandon();
        throw e;
      }
      loading.finish();
      String damage = loading.payloadDamage();
      if (damage != null) {
        payloadDamage.add("volume '" + row.name() + "' is damaged: " + damage);
      }
      loaded.get(loaded.size() - 1).dropNameless();
    }
    durable.restore(states, loaded);
  }

  /**
   * Makes an empty volume with a root directory of mode 0755 owned by root. Its size is a limit,
   * not a claim: volumes together may promise more than the array has. It counts whole blocks.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: 1 to 64 of letters, digits, '.', '_',
   *     '-', not starting with '.'; size: at least 1 MiB), NO_SPACE (more than {@value
   *     #MAX_VOLUMES} volumes, memory; on a durable array the host's disk, or IO)
   */
  public Volume createVolume(String name, long sizeBytes) {
    return createVolume(name, sizeBytes, Map.of());
  }

  /**
   * As {@link #createVolume(String, long)}, with the first rows of its {@link ArraySettings}.
   * Volume and rows are one change: after a crash both are there, or neither.
   *
   * @throws ArrayException as well as {@link ArraySettings#put(Volume, String, byte[])}
   */
  public Volume createVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    requireName("volume", name);
    requireVolumeSize(sizeBytes);
    rows.forEach(ArraySettings::require);
    admit();
    return listeners.inOrder(
        () -> {
          Volume volume = states.alone(() -> addVolume(name, sizeBytes, rows));
          try {
            commitIfDurable();
          } catch (ArrayException e) {
            states.remove(volume);
            throw e;
          }
          listeners.tell(listener -> listener.volumeMade(volume));
          return volume;
        });
  }

  /**
   * Volumes and states have names of one kind.
   *
   * @throws ArrayException INVALID_ARGUMENT, saying what is allowed
   */
  static void requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          what + " name '" + name + "': 1 to 64 of letters, digits, '.', '_', '-', no leading '.'");
    }
  }

  private Volume addVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    if (volume(name).isPresent()) {
      throw new ArrayException(ArrayError.EXISTS, "volume '" + name + "' exists");
    }
    if (states.allVolumes().size() >= MAX_VOLUMES || lastVolumeId >= MAX_VOLUME_ID) {
      throw new ArrayException(ArrayError.NO_SPACE, "at most " + MAX_VOLUMES + " volumes");
    }
    pool.metadata().require(HeapCost.ofNewVolume());
    int id = lastVolumeId + 1;
    VolumeJournal journal = durable == null ? null : durable.newJournal();
    BlockStore store =
        durable == null
            ? new BlockStore(pool, blocks(sizeBytes))
            : durable.openStore(pool, id, blocks(sizeBytes), null, journal).finish();
    Volume volume = withRoot(id, name, store, journal);
    lastVolumeId = id;
    if (durable != null) {
      durable.tookVolumeId(id);
    }
    states.add(volume);
    try {
      rows.forEach(
          (row, value) -> states.set(volume, ArraySettings.keyOf(volume, row), value.clone()));
    } catch (ArrayException e) {
      states.remove(volume);
      throw e;
    }
    return volume;
  }

  private Volume withRoot(int id, String name, BlockStore store, VolumeJournal journal) {
    try {
      return new Volume(this, id, name, store, key, clock, limits, journal, null);
    } catch (ArrayException e) { // the host has no memory for its root
      store.close();
      throw e;
    }
  }

  /** Before anything is changed; see docs/adr/0009. */
  private void admit() {
    if (durable != null) {
      durable.admit();
    }
  }

  /** Makes everything that was changed before this call durable. */
  void commitIfDurable() {
    if (durable != null) {
      durable.commit();
    }
  }

  /**
   * Gives a volume another size; all its contents stay. Blocks on their way back do not stand
   * against a smaller size: they are brought back first.
   *
   * @throws ArrayException INVALID_ARGUMENT (below what is used and reserved, or below 1 MiB),
   *     STALE; on a durable array also NO_SPACE or IO if the host's disk did not take it
   */
  public void resizeVolume(Volume volume, long sizeBytes) {
    requireMine(volume);
    requireVolumeSize(sizeBytes);
    admit();
    listeners.inOrder(
        () -> {
          long before = volume.sizeBytes();
          states.resize(volume, blocks(sizeBytes));
          commitAndTell(listener -> listener.volumeResized(volume, before));
        });
  }

  /**
   * Deletes a volume with everything in it. At once: its name is free, its handles are stale and
   * every operation on it fails with STALE, also of those who hold files open. Its blocks come back
   * in the background; {@link #awaitReclaim} waits for them. Its id is never given again.
   *
   * @throws ArrayException STALE if it is deleted already; on a durable array also NO_SPACE or IO
   *     if the host's disk did not take it: then it may be there again after a crash
   */
  public void deleteVolume(Volume volume) {
    requireMine(volume);
    listeners.preparing(Set.of(volume));
    admit();
    listeners.inOrder(
        () -> {
          listeners.telling(this::volumes, () -> states.remove(volume));
          commitAndTell(listener -> listener.volumeDeleted(volume));
        });
  }

  /** The change holds in memory: listeners hear of it even if it is not durable. */
  private void commitAndTell(Consumer<ArrayListener> what) {
    try {
      commitIfDurable();
    } finally {
      listeners.tell(what);
    }
  }

  /** Tells from now on of volumes and states that are changed. */
  public void addListener(ArrayListener listener) {
    listeners.add(listener);
  }

  // ---------------------------------------------------------------- named states

  /**
   * Saves the whole array, all volumes at one moment, under a name. Takes as long as the number of
   * volumes asks for, whatever they hold. What the array has now shares all its space with the
   * state; what is overwritten or deleted later is kept for it and stays charged to who wrote it.
   * Access times that reads move are not part of a state, nor is who holds files open.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: as a volume's), NO_SPACE (more than
   *     {@value #MAX_STATES} states); on a durable array also NO_SPACE or IO if the host's disk did
   *     not take it: then it may be gone after a crash
   */
  public void saveState(String name) {
    admit();
    listeners.inOrder(
        () -> {
          states.save(name);
          commitAndTell(listener -> listener.stateSaved(name));
        });
  }

  /**
   * Makes the array what it was when a state was saved: volumes and their sizes, names, contents,
   * attributes, handles, cookies, snapshots, promises of space and every figure of the ledger. What
   * is there now and in no state is lost. The state stays, and can be restored again; so can every
   * other one, those saved later too. It takes as long as what differs asks for.
   *
   * <p>Clients notice: the write verifier is a new one, and whatever changed gets a new change
   * counter and change time. Handles of what is not in the state are stale, also for those who hold
   * it open; those of what was removed since work again. Numbers given out since (file ids,
   * cookies, volume ids) are never given to anything else.
   *
   * @throws ArrayException NOT_FOUND, NO_SPACE (the state promised space to files that there is no
   *     room for now), with nothing changed; on a durable array also NO_SPACE or IO if the host's
   *     disk did not take it: then a crash may undo it
   */
  public void restoreState(String name) {
    listeners.preparing(Set.copyOf(volumes()));
    admit();
    listeners.inOrder(
        () -> {
          ArrayListeners.Changed volumes =
              listeners.telling(this::volumes, () -> states.restore(name));
          drawVerifier();
          commitAndTell(
              listener -> listener.stateRestored(name, volumes.gone(), volumes.returned()));
        });
  }

  /**
   * Deletes a state. The array stays as it is; what only that state kept comes back in the
   * background: {@link #awaitReclaim} waits for it.
   *
   * @throws ArrayException NOT_FOUND; on a durable array also NO_SPACE or IO if the host's disk did
   *     not take it: then it may be there again after a crash
   */
  public void deleteState(String name) {
    admit();
    listeners.inOrder(
        () -> {
          states.delete(name);
          commitAndTell(listener -> listener.stateDeleted(name));
        });
  }

  /**
   * How often a named state was restored in this run. It counts up while every volume is locked, so
   * whoever works on the array in several steps can tell with {@link Volume#unlessRestored} that
   * none of them lies on the other side of a restore.
   */
  public long restoreCount() {
    return restoreCount.get();
  }

  /** What the doors keep with the array and its volumes. */
  public ArraySettings settings() {
    return settings;
  }

  /** All named states in the order of their saving. */
  public List<ArrayState> states() {
    return states.list();
  }

  /** What does not fit about named states, in words. */
  List<String> auditStates() {
    return states.audit();
  }

  /** Those that only named states have, too. */
  List<Volume> allVolumes() {
    return states.allVolumes();
  }

  private void requireMine(Volume volume) {
    if (volume.array() != this) {
      throw new IllegalArgumentException("volume '" + volume.name() + "' of another array");
    }
  }

  private static void requireVolumeSize(long sizeBytes) {
    if (sizeBytes < MIN_VOLUME_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "volume of " + sizeBytes + " bytes, at least " + MIN_VOLUME_BYTES);
    }
  }

  private static long blocks(long sizeBytes) {
    return sizeBytes / Volume.BLOCK_BYTES;
  }

  public Optional<Volume> volume(String name) {
    return volumes().stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  /** All volumes in the order of their creation. */
  public List<Volume> volumes() {
    return states.volumes();
  }

  /**
   * The inode that a handle names. Takes no lock.
   *
   * @throws ArrayException BAD_HANDLE if the check fails, STALE if the inode or volume is gone
   */
  public Inode resolve(FileHandle handle) {
    Volume volume = volume(handle.volumeId());
    Inode inode = volume == null ? null : volume.find(handle.fileId());
    boolean issued = key.issued(handle);
    if (inode == null || !issued) {
      throw unresolved(handle, issued);
    }
    return inode;
  }

  private static ArrayException unresolved(FileHandle handle, boolean issued) {
    return issued
        ? new ArrayException(ArrayError.STALE, "file " + handle.fileId() + " is removed")
        : new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
  }

  /** The volume or null. With none deleted, the volume with id n is at n - 1. */
  private Volume volume(int id) {
    List<Volume> known = volumes();
    int low = 0;
    int high = Math.max(0, Math.min(id, known.size())) - 1;
    for (int at = high; low <= high; at = (low + high) >>> 1) {
      Volume volume = known.get(at);
      if (volume.id() == id) {
        return volume;
      }
      if (volume.id() < id) {
        low = at + 1;
      } else {
        high = at - 1;
      }
    }
    return null;
  }

  /**
   * What WRITE and COMMIT return; changes on restart and after a failed force. It depends on the
   * seed and on the moment of the start, so that an array restarted with its old seed is told from
   * the one that lost its memory.
   */
  public long writeVerifier() {
    return writeVerifier;
  }

  /** A number that is greater at each start; 0 for an array in memory, which starts but once. */
  public long starts() {
    return durable == null ? 0 : durable.starts();
  }

  @Override
  public boolean isDurable(long commitGroup) {
    return durable == null
        ? commitGroup <= VolumeState.EPHEMERAL_COMMIT_GROUP
        : durable.isDurable(commitGroup);
  }

  @Override
  public void whenDurable(long commitGroup, Executor executor, Consumer<Throwable> done) {
    if (durable != null) {
      try {
        durable.whenDurable(commitGroup, executor, done);
      } catch (ArrayException e) {
        executor.execute(() -> done.accept(e));
      }
      return;
    }
    if (!isDurable(commitGroup)) {
      throw new IllegalArgumentException("commit group " + commitGroup + " was never issued");
    }
    executor.execute(() -> done.accept(null));
  }

  /** Physical blocks in use in all volumes, in bytes. */
  public long physicalUsedBytes() {
    return pool.usedBlocks() * Volume.BLOCK_BYTES;
  }

  /** The ledger of the array. */
  public ArraySpace space() {
    long block = Volume.BLOCK_BYTES;
    return new ArraySpace(
        pool.capacityBlocks() * block,
        pool.usedBlocks() * block,
        pool.reservedBlocks() * block,
        volumes().stream().mapToLong(Volume::sizeBytes).sum(),
        pool.reclaimPendingBlocks() * block,
        pool.freeBlocks() * block);
  }

  /** What the array may fill the heap with, and does. */
  public MetadataBudget metadata() {
    return pool.metadata();
  }

  /** Waits until every block freed before this call is free for use. */
  public void awaitReclaim() {
    pool.awaitReclaim();
  }

  /**
   * Gives all memory back; no operation may run now or later. A durable array is made durable
   * first. Only the first call does anything.
   *
   * @throws ArrayException NO_SPACE or IO if that failed; all is given back all the same
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (durable == null) {
      pool.close();
      return;
    }
    try {
      durable.close();
    } finally {
      pool.close();
    }
  }

  /** Gives all memory back and writes nothing: what was durable before is what remains. */
  void abandon() {
    synchronized (this) {
      closed = true;
    }
    durable.abandon();
    pool.close();
  }
}
