/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.facsim.array.WriteRoom;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.log.Home;
import org.facsim.array.log.file.DataDirectory;
import org.facsim.array.states.NamedStates;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.RoomInMemory;
import org.facsim.array.volume.VolumeLimits;

/** The array, put together of its parts. Thread-safe. */
public final class ArrayEngine implements StorageArray {
  private final BlockPool pool;

  /** Null if the array is ephemeral. */
  private final DurableArray durable;

  private final VolumeRegistry registry = new VolumeRegistry();
  private final NamedStates states;
  private final VolumeMaker volumes;
  private final ArraySettings settings;
  private final HandleResolver handles;
  private final WriteVerifier verifier;
  private final ArrayAdministration administration;

  /** Which payload files are missing or too short, in words. Loading finds them. */
  private final List<String> payloadDamage = new ArrayList<>();

  private final AtomicLong runsInMemory = new AtomicLong();

  /** Guarded by this object's monitor. */
  private boolean closed;

  private ArrayEngine(ArrayOptions options, VolumeLimits limits, Home home) {
    pool =
        new BlockPool(
            Math.max(1, ArrayAdministration.blocks(options.capacityBytes())), budgetOf(options));
    Timestamps clock = new Timestamps(options.clock());
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
    HandleKey key = new HandleKey(durable == null ? options.seed() : durable.seed());
    handles = new HandleResolver(key, registry);
    verifier = new WriteVerifier(key, clock, this::starts);
    volumes = new VolumeMaker(this, registry, pool, durable, key, clock, limits);
    administration = new ArrayAdministration(this, registry, states, volumes);
  }

  private void restoring() {
    administration.restoring();
  }

  private static MetadataBudget budgetOf(ArrayOptions options) {
    return options.metadataBytes().isPresent()
        ? new MetadataBudget(options.metadataBytes().getAsLong())
        : MetadataBudget.ofThisJvm();
  }

  /** Draws a new write verifier, so that clients learn that unstable writes may be lost. */
  void drawVerifier() {
    verifier.draw();
  }

  /** Makes an empty array in memory. What it holds is gone when it is closed. */
  public static ArrayEngine ephemeral(ArrayOptions options) {
    return ephemeral(options, VolumeLimits.DEFAULT);
  }

  public static ArrayEngine ephemeral(ArrayOptions options, VolumeLimits limits) {
    return new ArrayEngine(options, limits, null);
  }

  /**
   * Opens the array of a data directory. If there is nothing, or an empty directory, makes a new
   * array. What was durable is there again, with the same handles. The array keeps the seed with
   * which it was made.
   *
   * @throws ArrayException BUSY if a process uses the directory, INVALID_ARGUMENT if it holds
   *     something else, NOT_SUPPORTED if another version wrote its format, IO if it is damaged or
   *     cannot be read, or if a payload file is missing or too short, NO_SPACE if the operating
   *     system's disk or memory is full
   */
  public static ArrayEngine open(ArrayOptions options, Path dataDirectory) {
    return open(options, VolumeLimits.DEFAULT, DataDirectory.open(dataDirectory), true);
  }

  /**
   * The same with a power that may fail.
   *
   * @param power new: one for each opening
   */
  public static ArrayEngine open(ArrayOptions options, Path dataDirectory, ArrayPower power) {
    return open(options, VolumeLimits.DEFAULT, power.open(dataDirectory), true);
  }

  /**
   * Opens the array of a home.
   *
   * @param withCommitter whether a thread commits groups; a test without it calls {@link
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

  /** What is wrong with whole payload files, in words. */
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
      try {
        if (array != null) {
          array.pool.close();
        }
      } finally {
        home.close();
      }
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
    return administration.createVolume(name, sizeBytes, rows);
  }

  /** Asks for admission, before anything is changed; see docs/adr/0009. */
  void admit() {
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
    administration.resizeVolume(given, sizeBytes);
  }

  @Override
  public void deleteVolume(Volume given) {
    administration.deleteVolume(given);
  }

  @Override
  public void addListener(ArrayListener listener) {
    administration.addListener(listener);
  }

  @Override
  public void removeListener(ArrayListener listener) {
    administration.removeListener(listener);
  }

  // ---------------------------------------------------------------- named states

  @Override
  public void saveState(String name) {
    administration.saveState(name);
  }

  @Override
  public void saveStateOver(String name) {
    administration.saveStateOver(name);
  }

  @Override
  public void restoreState(String name) {
    administration.restoreState(name);
  }

  @Override
  public void deleteState(String name) {
    administration.deleteState(name);
  }

  @Override
  public long restoreCount() {
    return administration.restoreCount();
  }

  @Override
  public ArraySettings settings() {
    return settings;
  }

  @Override
  public List<NamedState> states() {
    return states.list();
  }

  /** What does not fit in named states, in words. */
  public List<String> auditStates() {
    return states.audit();
  }

  /** All volumes, including those that only named states have. */
  public List<OpenVolume> allVolumes() {
    return registry.allVolumes();
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
    return handles.resolve(handle);
  }

  @Override
  public long writeVerifier() {
    return verifier.value();
  }

  @Override
  public long starts() {
    return durable == null ? runsInMemory.get() : durable.starts();
  }

  @Override
  public long firstStart() {
    return durable == null ? 0 : 1;
  }

  @Override
  public void beginRun() {
    try {
      if (durable == null) {
        runsInMemory.incrementAndGet();
      } else {
        durable.beginRun();
      }
    } finally {
      drawVerifier();
    }
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
  public WriteRoom room(int lengthBytes) {
    ArenaRoom slots = durable == null ? pool.room(lengthBytes) : null;
    return slots == null ? null : new RoomInMemory(slots);
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

  /** How much of the heap metadata may fill, and how much it fills. */
  public MetadataBudget metadata() {
    return pool.metadata();
  }

  @Override
  public void awaitReclaim() {
    pool.awaitReclaim();
  }

  @Override
  public void close() {
    end(DurableArray::commitRest);
  }

  /**
   * Gives all memory back and writes nothing: what was durable before is what remains. Like {@link
   * #close}, only the first call of either does anything.
   */
  public void abandon() {
    end(DurableArray::abandon);
  }

  /**
   * Ends the groups, then closes the payload files, and gives up the home last: whoever opens the
   * home next must find nobody who still writes there.
   */
  private void end(Consumer<DurableArray> groups) {
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
      groups.accept(durable);
    } finally {
      try {
        pool.close();
      } finally {
        durable.closeHome();
      }
    }
  }

  /** Whether it was closed or abandoned. */
  public synchronized boolean isClosed() {
    return closed;
  }
}
