/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.StoreLoading;
import org.facsim.array.durable.DataDirectory;
import org.facsim.array.durable.Home;

/** The array: its volumes, its clock, its capacity. Thread-safe. */
public final class StorageArray implements AutoCloseable {
  /** The most volumes of one array. */
  public static final int MAX_VOLUMES = 4096;

  /** The smallest volume. */
  public static final long MIN_VOLUME_BYTES = 1 << 20;

  /** So many volumes can be made in an array's life. */
  private static final int MAX_VOLUME_ID = 1 << 22;

  private static final Pattern VOLUME_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  private final BlockPool pool;
  private final Timestamps clock;
  private final HandleKey key;
  private final VolumeLimits limits;

  /** Null in memory. */
  private final DurableArray durable;

  /** By ascending id; replaced whole, under this object's monitor. */
  private volatile List<Volume> volumes = List.of();

  /** The id of the volume made last, deleted or not; guarded by this object's monitor. */
  private int lastVolumeId;

  private volatile long writeVerifier;
  private long verifierDraws;

  private StorageArray(ArrayOptions options, VolumeLimits limits, Home home) {
    this.limits = limits;
    pool = new BlockPool(Math.max(1, blocks(options.capacityBytes())));
    clock = new Timestamps(options.clock());
    durable =
        home == null
            ? null
            : new DurableArray(home, options.seed(), this::volumes, this::drawVerifier);
    key = new HandleKey(durable == null ? options.seed() : durable.seed());
    drawVerifier();
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
   *     cannot be read, NO_SPACE if the host's disk or memory is full
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
      array.durable.start(withCommitter);
    } catch (RuntimeException | Error e) {
      array.abandon();
      throw e;
    }
    return array;
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
                state -> durable.loadNames(state, key, row)));
      } catch (RuntimeException | Error e) {
        loading.abandon();
        throw e;
      }
      loading.finish();
    }
    volumes = List.copyOf(loaded);
  }

  /**
   * Makes an empty volume with a root directory of mode 0755 owned by root. Its size is a limit,
   * not a claim: volumes together may promise more than the array has. It counts whole blocks.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: 1 to 64 of letters, digits, '.', '_',
   *     '-', not starting with '.'; size: at least 1 MiB), NO_SPACE (more than {@value
   *     #MAX_VOLUMES} volumes; on a durable array the host's disk, or IO)
   */
  public Volume createVolume(String name, long sizeBytes) {
    if (!VOLUME_NAME.matcher(name).matches()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "volume name '" + name + "': 1 to 64 of letters, digits, '.', '_', '-', no leading '.'");
    }
    requireVolumeSize(sizeBytes);
    Volume volume = addVolume(name, sizeBytes);
    try {
      commitIfDurable();
    } catch (ArrayException e) {
      remove(volume);
      throw e;
    }
    return volume;
  }

  private synchronized Volume addVolume(String name, long sizeBytes) {
    if (volume(name).isPresent()) {
      throw new ArrayException(ArrayError.EXISTS, "volume '" + name + "' exists");
    }
    if (volumes.size() >= MAX_VOLUMES || lastVolumeId >= MAX_VOLUME_ID) {
      throw new ArrayException(ArrayError.NO_SPACE, "at most " + MAX_VOLUMES + " volumes");
    }
    int id = lastVolumeId + 1;
    VolumeJournal journal = durable == null ? null : durable.newJournal();
    BlockStore store =
        durable == null
            ? new BlockStore(pool, blocks(sizeBytes))
            : durable.openStore(pool, id, blocks(sizeBytes), null, journal).finish();
    Volume volume = new Volume(this, id, name, store, key, clock, limits, journal, null);
    lastVolumeId = id;
    if (durable != null) {
      durable.tookVolumeId(id);
    }
    List<Volume> more = new ArrayList<>(volumes);
    more.add(volume);
    volumes = List.copyOf(more);
    return volume;
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
    volume.resize(blocks(sizeBytes));
    commitIfDurable();
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
    remove(volume);
    commitIfDurable();
  }

  private synchronized void remove(Volume volume) {
    volume.delete();
    volumes = volumes.stream().filter(each -> each != volume).toList();
    if (durable != null) {
      durable.remove(volume);
    }
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
    return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  /** All volumes in the order of their creation. */
  public List<Volume> volumes() {
    return volumes;
  }

  /**
   * The inode that a handle names. Takes no lock and, for a file that is there, computes nothing.
   *
   * @throws ArrayException BAD_HANDLE if the check fails, STALE if the inode or volume is gone
   */
  public Inode resolve(FileHandle handle) {
    Volume volume = volume(handle.volumeId());
    Inode inode = volume == null ? null : volume.find(handle.fileId());
    if (inode != null && inode.isNamedBy(handle)) {
      return inode;
    }
    if (inode == null && key.issued(handle)) {
      throw new ArrayException(ArrayError.STALE, "file " + handle.fileId() + " is removed");
    }
    throw new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
  }

  /** The volume or null. With none deleted, the volume with id n is at n - 1. */
  private Volume volume(int id) {
    List<Volume> known = volumes;
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

  /** Whether everything in the group is on stable storage; always true for an ephemeral array. */
  public boolean isDurable(long commitGroup) {
    return durable == null
        ? commitGroup <= VolumeState.EPHEMERAL_COMMIT_GROUP
        : durable.isDurable(commitGroup);
  }

  /**
   * Runs {@code done} on the executor once the group is durable, with null, or with the failure.
   */
  public void whenDurable(long commitGroup, Executor executor, Consumer<Throwable> done) {
    if (durable != null) {
      durable.whenDurable(commitGroup, executor, done);
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
        volumes.stream().mapToLong(Volume::sizeBytes).sum(),
        pool.reclaimPendingBlocks() * block,
        pool.freeBlocks() * block);
  }

  /** Waits until every block freed before this call is free for use. */
  public void awaitReclaim() {
    pool.awaitReclaim();
  }

  /**
   * Gives all memory back; no operation may run now or later. A durable array is made durable
   * first.
   *
   * @throws ArrayException NO_SPACE or IO if that failed; all is given back all the same
   */
  @Override
  public void close() {
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
    durable.abandon();
    pool.close();
  }
}
