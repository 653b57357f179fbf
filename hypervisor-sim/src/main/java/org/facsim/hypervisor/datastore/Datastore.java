/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An NFS mount of a host. Paths are relative to the export, with '/' between the names.
 * Thread-safe.
 */
public final class Datastore {
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final String name;
  private final String serverName;
  private final String exportPath;
  private final FileService service;
  private final CloneOffload offload;
  private final Supplier<PathState> pathState;
  private final VaaiCounters vaaiCounters = new VaaiCounters();
  private final UnmapQueue unmaps;
  private volatile Supplier<UnmapSettings> unmapSettings = () -> UnmapSettings.DEFAULT;
  private final IoTally tally = new IoTally();
  // Keeps one small entry for each path that was ever opened, as long as the mount exists: tasks
  // compare figures before and after, even of files that were deleted in between.
  private final ConcurrentMap<String, IoTally> tallyByPath = new ConcurrentHashMap<>();

  /**
   * A mount.
   *
   * @param serverName tells arrays apart: datastores with the same name are on one array
   */
  Datastore(
      String name,
      String serverName,
      String exportPath,
      FileService service,
      CloneOffload offload) {
    this(name, serverName, exportPath, service, offload, () -> PathState.ACCESSIBLE);
  }

  Datastore(
      String name,
      String serverName,
      String exportPath,
      FileService service,
      CloneOffload offload,
      Supplier<PathState> pathState) {
    this.pathState = pathState;
    this.name = name;
    this.serverName = serverName;
    this.exportPath = exportPath;
    this.service = service;
    this.offload = offload;
    this.unmaps =
        new UnmapQueue(
            offload, vaaiCounters, () -> unmapSettings.get(), Datastore::afterMachineTime);
  }

  private static void afterMachineTime(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task);
  }

  public String name() {
    return name;
  }

  /** The export that is mounted, such as {@code /datastore1}. */
  public String exportPath() {
    return exportPath;
  }

  /** Whether the server answers, in the host's judgement. */
  public PathState pathState() {
    return pathState.get();
  }

  /** All READs and WRITEs of this mount so far. */
  public IoCounters counters() {
    return tally.snapshot();
  }

  /** READs and WRITEs to one file; zero if there were none. */
  public IoCounters counters(String path) {
    IoTally one = tallyByPath.get(path);
    return one == null ? IoCounters.ZERO : one.snapshot();
  }

  /** What the array says it can do. The host asks once and keeps the answer. */
  public HardwareAcceleration hardwareAcceleration() {
    return offload.acceleration();
  }

  /**
   * The space that a file takes, according to the array's extended statistics if the array has
   * them. The result is flagged if they disagree with NFS.
   */
  public FileSpaceUse spaceOf(String path) {
    return SpaceQuery.of(this, open(path));
  }

  /**
   * Has the array clone a whole file into an existing file of this datastore.
   *
   * @param sourceDatastore the mount of the source, of the same array
   * @param source a file of {@code sourceDatastore}
   * @param destination a file of this datastore, sized like the source
   * @throws OffloadException if the array refuses, fails or stalls
   */
  public void offloadClone(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    var unused =
        counted(
            VaaiCounter.FULL_CLONE_SUCCESS,
            VaaiCounter.FULL_CLONE_FAILURE,
            () -> {
              offload.cloneFile(sourceDatastore, source, destination, progress);
              return null;
            });
  }

  /**
   * Has the array make a fast (lazy, native) clone of a whole file into an existing file of this
   * datastore: for linked clones and native snapshots.
   *
   * @param sourceDatastore the mount of the source; arrays refuse a fast clone from another volume
   * @param source a file of {@code sourceDatastore}
   * @param destination a file of this datastore, which gets the source's contents and size
   * @throws OffloadException if the array refuses, fails or stalls
   */
  public void offloadFastClone(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    var unused =
        counted(
            VaaiCounter.FAST_CLONE_SUCCESS,
            VaaiCounter.FAST_CLONE_FAILURE,
            () -> {
              offload.fastCloneFile(sourceDatastore, source, destination, progress);
              return null;
            });
  }

  private <T> T counted(VaaiCounter success, VaaiCounter failure, Supplier<T> call) {
    try {
      T answer = call.get();
      vaaiCounters.count(success);
      return answer;
    } catch (RuntimeException e) {
      vaaiCounters.count(failure);
      throw e;
    }
  }

  /**
   * Has the array reserve the space of a file that already has its full size.
   *
   * @param eagerly whether the array stores zeros now
   * @return how many bytes, from the start of the file, are guaranteed; less than the size if the
   *     array answers OK and does not reserve
   * @throws OffloadException if the array refuses, fails or stalls
   * @throws DatastoreException DISK_FULL
   */
  public long reserveSpace(DatastoreFile file, boolean eagerly, long sizeBytes) {
    return counted(
        VaaiCounter.RESERVE_SPACE_SUCCESS,
        VaaiCounter.RESERVE_SPACE_FAILURE,
        () -> offload.reserveSpace(file, eagerly, sizeBytes));
  }

  /** The array's own figures of a file's space, counted; as {@link CloneOffload}. */
  CloneOffload.Space extendedStatistics(DatastoreFile file) {
    return counted(
        VaaiCounter.EXT_STATS_SUCCESS,
        VaaiCounter.EXT_STATS_FAILURE,
        () -> offload.extendedStatistics(file));
  }

  /** What guests trim goes through here: collected in batch windows, and sent as few UNMAPs. */
  public UnmapQueue unmaps() {
    return unmaps;
  }

  /**
   * Has the array unmap ranges of a file, at once and whatever the advanced settings say, as the
   * queue does in the end. Waits for the array.
   *
   * @throws OffloadException if the array refuses, fails or does not answer
   */
  public UnmappedSpace unmap(DatastoreFile file, List<FileRange> ranges) {
    return counted(
        VaaiCounter.UNMAP_SUCCESS,
        VaaiCounter.UNMAP_FAILURE,
        () -> OffloadException.await(offload.unmap(file, ranges)));
  }

  /**
   * Says where the advanced settings of UNMAP come from; {@link UnmapSettings#DEFAULT} until then.
   */
  public void unmapSettings(Supplier<UnmapSettings> source) {
    unmapSettings = Objects.requireNonNull(source);
  }

  /** What ESXi shows as {@code vaaistats} of this datastore. */
  public VaaiCounters vaaiCounters() {
    return vaaiCounters;
  }

  /** The names in a directory; {@code ""} is the root. */
  public List<String> list(String directory) {
    return Replies.await(service.list(resolve(directory)));
  }

  /** Tells arrays apart: datastores with the same name are on one array. */
  public String serverName() {
    return serverName;
  }

  CloneOffload offload() {
    return offload;
  }

  /**
   * Looks a file up.
   *
   * @throws DatastoreException NOT_FOUND and others
   */
  public DatastoreFile open(String path) {
    return file(path, resolve(path));
  }

  /**
   * Makes a file that must not exist.
   *
   * @throws DatastoreException ALREADY_EXISTS and others
   */
  public DatastoreFile create(String path) {
    return file(path, Replies.await(service.create(resolve(parentOf(path)), nameOf(path), true)));
  }

  /**
   * Makes a directory that must not exist.
   *
   * @throws DatastoreException ALREADY_EXISTS and others
   */
  public void makeDirectory(String path) {
    Replies.await(service.makeDirectory(resolve(parentOf(path)), nameOf(path)));
  }

  /**
   * Removes a file.
   *
   * @throws DatastoreException NOT_FOUND and others
   */
  public void remove(String path) {
    Replies.await(service.remove(resolve(parentOf(path)), nameOf(path)));
  }

  void removeDirectory(String path) {
    Replies.await(service.removeDirectory(resolve(parentOf(path)), nameOf(path)));
  }

  /**
   * Removes a directory and the files in it after a failure, as far as possible.
   *
   * @param failure what ended the removal, if anything did, is added to it as a suppressed
   *     exception
   */
  public void removeTree(String directory, RuntimeException failure) {
    try {
      for (String entry : list(directory)) {
        remove(join(directory, entry));
      }
      removeDirectory(directory);
    } catch (DatastoreException cleanup) {
      failure.addSuppressed(cleanup);
    }
  }

  /** Creates a small file, or replaces the contents of an existing one. */
  public void writeText(String path, String text) {
    FileRef ref = Replies.await(service.create(resolve(parentOf(path)), nameOf(path), false));
    DatastoreFile file = file(path, ref);
    byte[] bytes = text.getBytes(UTF_8);
    file.writeStable(0, bytes);
    file.setSizeBytes(bytes.length);
  }

  /**
   * Reads a small file.
   *
   * @throws DatastoreException DAMAGED if it is larger than any text a host writes
   */
  public String readText(String path) {
    DatastoreFile file = open(path);
    long size = file.sizeBytes();
    if (size > MAX_TEXT_BYTES) {
      throw new DatastoreException(DatastoreError.DAMAGED, path + " has " + size + " bytes");
    }
    return new String(file.readFully(0, (int) size), UTF_8);
  }

  void close() {
    unmaps.close();
    offload.close();
    service.close();
  }

  /** The path of a file in a directory; {@code ""} is the root. */
  public static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** The directory of a file, {@code ""} for the root. */
  public static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private DatastoreFile file(String path, FileRef ref) {
    IoTally fileTally = tallyByPath.computeIfAbsent(path, key -> new IoTally());
    return new DatastoreFile(service, path, ref, tally, fileTally);
  }

  private FileRef resolve(String path) {
    FileRef at = service.root();
    if (path.isEmpty()) {
      return at;
    }
    for (String component : path.split("/", -1)) {
      try {
        at = Replies.await(service.lookup(at, component));
      } catch (DatastoreException e) {
        throw new DatastoreException(e.error(), "%s: %s".formatted(path, e.getMessage()), e);
      }
    }
    return at;
  }
}
