/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.ArraySettings;
import org.facsim.array.ArraySpace;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.NamedState;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.log.Home;
import org.facsim.array.log.file.DataDirectory;
import org.facsim.array.states.ArrayName;
import org.facsim.array.states.NamedStates;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeLimits;

/** The array: its volumes, its clock, its capacity. Thread-safe. */
public final class ArrayEngine implements StorageArray {
  private final BlockPool pool;
  private final Timestamps clock;
  private final HandleKey key;

  /** Null in memory. */
  private final DurableArray durable;

  private final VolumeRegistry registry = new VolumeRegistry();
  private final NamedStates states;
  private final VolumeMaker volumes;
  private final ArraySettings settings;
  private final ArrayListeners listeners = new ArrayListeners();

  /** Written with every volume's lock held. */
  private final AtomicLong restoreCount = new AtomicLong();

  /** Payload files that are missing or cut, in words; found while loading. */
  private final List<String> payloadDamage = new ArrayList<>();

  private volatile long writeVerifier;
  private long verifierDraws;

  /** Guarded by this object's monitor. */
  private boolean closed;

  private ArrayEngine(ArrayOptions options, VolumeLimits limits, Home home) {
    pool = new BlockPool(Math.max(1, blocks(options.capacityBytes())), budgetOf(options));
    clock = new Timestamps(options.clock());
    durable =
        home == null
            ? null
            : new DurableArray(home, options.seed(), this::drawVerifier, pool.metadata());
    states =
        new NamedStates(
            registry,
            clock,
            pool.metadata(),
            durable == null ? volume -> volume.context().life.abandonBlocks() : durable::remove,
            this::restoring);
    settings = new EngineSettings(this, states);
    key = new HandleKey(durable == null ? options.seed() : durable.seed());
    volumes = new VolumeMaker(this, registry, pool, durable, key, clock, limits);
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
  public static ArrayEngine ephemeral(ArrayOptions options) {
    return ephemeral(options, VolumeLimits.DEFAULT);
  }

  public static ArrayEngine ephemeral(ArrayOptions options, VolumeLimits limits) {
    return new ArrayEngine(options, limits, null);
  }

  /**
   * Opens the array that lives in a data directory, or makes one where nothing or an empty
   * directory is. What was durable is there again, with the same handles; its seed stays the one it
   * was made with.
   *
   * @throws ArrayException BUSY if a process uses the directory, INVALID_ARGUMENT if it is
   *     something else, NOT_SUPPORTED if its format is another version's, IO if it is damaged or
   *     cannot be read, a payload file missing or cut, NO_SPACE if the operating system's disk or
   *     memory is full
   */
  public static ArrayEngine open(ArrayOptions options, Path dataDirectory) {
    return open(options, VolumeLimits.DEFAULT, DataDirectory.open(dataDirectory), true);
  }

  /**
   * Opens the array that lives in a home.
   *
   * @param withCommitter whether a thread commits groups; a test does it through {@link
   *     #commitIfDurable}
   */
  public static ArrayEngine open(
      ArrayOptions options, VolumeLimits limits, Home home, boolean withCommitter) {
    ArrayEngine array = load(options, limits, home);
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
  static ArrayEngine load(ArrayOptions options, VolumeLimits limits, Home home) {
    ArrayEngine array = null;
    try {
      array = new ArrayEngine(options, limits, home);
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
    durable.restore(registry, states, volumes.load(payloadDamage));
  }

  @Override
  public Volume createVolume(String name, long sizeBytes) {
    return createVolume(name, sizeBytes, Map.of());
  }

  @Override
  public Volume createVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    ArrayName.require("volume", name);
    requireVolumeSize(sizeBytes);
    rows.forEach(EngineSettings::require);
    admit();
    return listeners.inOrder(
        () -> {
          OpenVolume volume = registry.alone(() -> addVolume(name, sizeBytes, rows));
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

  private OpenVolume addVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    if (volume(name).isPresent()) {
      throw new ArrayException(ArrayError.EXISTS, "volume '" + name + "' exists");
    }
    OpenVolume volume = volumes.make(name, blocks(sizeBytes));
    states.add(volume);
    try {
      rows.forEach(
          (row, value) -> states.set(volume, EngineSettings.keyOf(volume, row), value.clone()));
    } catch (ArrayException e) {
      states.remove(volume);
      throw e;
    }
    return volume;
  }

  /** Before anything is changed; see docs/adr/0009. */
  private void admit() {
    if (durable != null) {
      durable.admit();
    }
  }

  /** Makes everything that was changed before this call durable. */
  public void commitIfDurable() {
    if (durable != null) {
      durable.commit();
    }
  }

  @Override
  public void resizeVolume(Volume given, long sizeBytes) {
    OpenVolume volume = requireMine(given);
    requireVolumeSize(sizeBytes);
    admit();
    listeners.inOrder(
        () -> {
          long before = volume.sizeBytes();
          states.resize(volume, blocks(sizeBytes));
          commitAndTell(listener -> listener.volumeResized(volume, before));
        });
  }

  @Override
  public void deleteVolume(Volume given) {
    OpenVolume volume = requireMine(given);
    listeners.preparing(Set.of(given));
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

  @Override
  public void addListener(ArrayListener listener) {
    listeners.add(listener);
  }

  // ---------------------------------------------------------------- named states

  @Override
  public void saveState(String name) {
    admit();
    listeners.inOrder(
        () -> {
          states.save(name);
          commitAndTell(listener -> listener.stateSaved(name));
        });
  }

  @Override
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

  @Override
  public void deleteState(String name) {
    admit();
    listeners.inOrder(
        () -> {
          states.delete(name);
          commitAndTell(listener -> listener.stateDeleted(name));
        });
  }

  @Override
  public long restoreCount() {
    return restoreCount.get();
  }

  @Override
  public ArraySettings settings() {
    return settings;
  }

  @Override
  public List<NamedState> states() {
    return states.list();
  }

  /** What does not fit about named states, in words. */
  public List<String> auditStates() {
    return states.audit();
  }

  /** Those that only named states have, too. */
  public List<OpenVolume> allVolumes() {
    return registry.allVolumes();
  }

  private OpenVolume requireMine(Volume volume) {
    if (volume instanceof OpenVolume own && own.array() == this) {
      return own;
    }
    throw new IllegalArgumentException("volume '" + volume.name() + "' of another array");
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

  @Override
  public Optional<Volume> volume(String name) {
    return volumes().stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  @Override
  public List<Volume> volumes() {
    return Collections.unmodifiableList(registry.volumes());
  }

  @Override
  public Inode resolve(FileHandle handle) {
    OpenVolume volume = volume(handle.volumeId());
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
  private OpenVolume volume(int id) {
    List<OpenVolume> known = registry.volumes();
    int low = 0;
    int high = Math.max(0, Math.min(id, known.size())) - 1;
    for (int at = high; low <= high; at = (low + high) >>> 1) {
      OpenVolume volume = known.get(at);
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

  @Override
  public long writeVerifier() {
    return writeVerifier;
  }

  @Override
  public long starts() {
    return durable == null ? 0 : durable.starts();
  }

  @Override
  public boolean isDurable(long transactionGroup) {
    return durable == null
        ? transactionGroup <= VolumeContents.EPHEMERAL_GROUP
        : durable.isDurable(transactionGroup);
  }

  @Override
  public void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done) {
    if (durable != null) {
      try {
        durable.whenDurable(transactionGroup, executor, done);
      } catch (ArrayException e) {
        executor.execute(() -> done.accept(e));
      }
      return;
    }
    if (!isDurable(transactionGroup)) {
      throw new IllegalArgumentException(
          "transaction group " + transactionGroup + " was never issued");
    }
    executor.execute(() -> done.accept(null));
  }

  @Override
  public long physicalUsedBytes() {
    return pool.usedBlocks() * Volume.BLOCK_BYTES;
  }

  @Override
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

  @Override
  public void awaitReclaim() {
    pool.awaitReclaim();
  }

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
  public void abandon() {
    synchronized (this) {
      closed = true;
    }
    durable.abandon();
    pool.close();
  }
}
