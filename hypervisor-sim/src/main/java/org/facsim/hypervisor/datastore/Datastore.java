/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An NFS mount of a host. Paths are relative to the export, with '/' between the names.
 * Thread-safe.
 */
public final class Datastore {
  private static final Logger logger = LoggerFactory.getLogger(Datastore.class);
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final MountOptions mount;
  private final String serverName;
  private final HostSide host;
  private final FileService service;
  private final CloneOffload offload;
  private final Supplier<DatastoreStatus> status;
  private final OffloadCount count;
  private final IoTallies tallies;
  private final UnmapQueue unmaps;
  private final ShortReads shortReads;

  /**
   * A mount.
   *
   * @param serverName tells arrays apart: datastores with the same name are on one array
   * @param status of the mount, which asks no server
   */
  Datastore(
      MountOptions mount,
      String serverName,
      HostSide host,
      FileService service,
      CloneOffload offload,
      Supplier<DatastoreStatus> status) {
    this.mount = mount;
    this.serverName = serverName;
    this.host = host;
    this.service = service;
    this.offload = offload;
    this.status = status;
    this.count = new OffloadCount(host, mount.label());
    this.tallies = new IoTallies(host.time());
    this.shortReads = new ShortReads(host);
    this.unmaps =
        new UnmapQueue(
            offload,
            count.counters(),
            () -> UnmapSettings.of(host.settings()),
            (delay, task) -> host.time().after(delay, task));
  }

  /** The label. */
  public String name() {
    return mount.label();
  }

  /** The export that is mounted, such as {@code /datastore1}. */
  public String exportPath() {
    return mount.export();
  }

  /** How the host sees it now; asks no server. */
  public DatastoreStatus status() {
    return status.get();
  }

  /** Whether the server answers, in the host's judgement. */
  public PathState pathState() {
    return status().pathState();
  }

  /**
   * "Hardware Acceleration", as far as it is known: Unknown until the host has asked the array,
   * then Supported if at least one primitive works. Asks no server.
   */
  public AccelerationStatus accelerationStatus() {
    return offload
        .knownAcceleration()
        .map(HardwareAcceleration::status)
        .orElse(AccelerationStatus.UNKNOWN);
  }

  /** Asks the array anew what it can do, at the next question; as an administrator's refresh. */
  public void forgetAcceleration() {
    offload.forget();
  }

  /** What the array was asked to offload since the mount, and what came of it. */
  public VaaiCounters vaaiCounters() {
    return count.counters();
  }

  /** The log of the host that has mounted it. */
  public VmkernelLog log() {
    return host.log();
  }

  /** The time of the host that has mounted it. */
  public HostTime time() {
    return host.time();
  }

  /** The settings of the host that has mounted it. */
  public AdvancedSettings settings() {
    return host.settings();
  }

  IoTally tally() {
    return tallies.total();
  }

  void warnOfShortRead(DatastoreFile file, long offsetBytes, int wantedBytes, int readBytes) {
    shortReads.note(file, offsetBytes, wantedBytes, readBytes);
  }

  boolean isReadOnly() {
    return mount.readOnly();
  }

  DatastoreException readOnly(String path) {
    return new DatastoreException(
        DatastoreError.READ_ONLY, "%s: %s is mounted read-only".formatted(path, name()));
  }

  void requireWritable(String path) {
    if (isReadOnly()) {
      throw readOnly(path);
    }
  }

  /** The I/O since the mount, in all and by VM. */
  public IoSnapshot ioSnapshot() {
    return tallies.snapshot();
  }

  /** All READs and WRITEs of this mount so far, and how long they took. */
  public IoSample ioTotal() {
    return tallies.total().sample();
  }

  /** All READs and WRITEs of this mount so far. */
  public IoCounters counters() {
    return tallies.total().snapshot();
  }

  /** READs and WRITEs to one file; zero if there were none. */
  public IoCounters counters(String path) {
    return tallies.counters(path);
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
    requireWritable(destination.path());
    count.clone(
        "Full file clone",
        VaaiCounter.FULL_CLONE_SUCCESS,
        VaaiCounter.FULL_CLONE_FAILURE,
        source,
        () -> offload.cloneFile(sourceDatastore, source, destination, progress));
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
    requireWritable(destination.path());
    count.clone(
        "Fast file clone",
        VaaiCounter.FAST_CLONE_SUCCESS,
        VaaiCounter.FAST_CLONE_FAILURE,
        source,
        () -> offload.fastCloneFile(sourceDatastore, source, destination, progress));
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
    requireWritable(file.path());
    return count.of(
        VaaiCounter.RESERVE_SPACE_SUCCESS,
        VaaiCounter.RESERVE_SPACE_FAILURE,
        () -> offload.reserveSpace(file, eagerly, sizeBytes));
  }

  /** The array's own figures of a file's space, counted; as {@link CloneOffload}. */
  CloneOffload.Space extendedStatistics(DatastoreFile file) {
    return count.of(
        VaaiCounter.EXT_STATS_SUCCESS,
        VaaiCounter.EXT_STATS_FAILURE,
        () -> offload.extendedStatistics(file));
  }

  /** What guests trim goes through here: collected in batch windows, and sent as few UNMAPs. */
  public UnmapQueue unmaps() {
    return unmaps;
  }

  /** The names in a directory; {@code ""} is the root. */
  public List<String> list(String directory) {
    return Replies.await(service.list(resolve(directory)));
  }

  /** The version of NFS over which it is mounted. */
  public MountVersion version() {
    return mount.version();
  }

  /** The addresses over which it is mounted; several with session trunking. */
  public List<InetSocketAddress> servers() {
    return mount.servers();
  }

  Optional<ShareReservations> reservations() {
    return service.reservations();
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
    requireWritable(path);
    return file(path, Replies.await(service.create(resolve(parentOf(path)), nameOf(path), true)));
  }

  /**
   * Makes a directory that must not exist.
   *
   * @throws DatastoreException ALREADY_EXISTS and others
   */
  public void makeDirectory(String path) {
    requireWritable(path);
    Replies.await(service.makeDirectory(resolve(parentOf(path)), nameOf(path)));
  }

  /**
   * Removes a file.
   *
   * @throws DatastoreException NOT_FOUND and others
   */
  public void remove(String path) {
    requireWritable(path);
    Replies.await(service.remove(resolve(parentOf(path)), nameOf(path)));
  }

  void removeDirectory(String path) {
    requireWritable(path);
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
      for (String entry : inOrderOfRemoval(list(directory))) {
        remove(join(directory, entry));
      }
      removeDirectory(directory);
    } catch (DatastoreException cleanup) {
      failure.addSuppressed(cleanup);
    }
  }

  /**
   * A VM's configuration goes after its data, so that a removal that failed can be made again; the
   * locks go last, so that no other host starts what is half gone.
   */
  private static List<String> inOrderOfRemoval(List<String> names) {
    return names.stream()
        .sorted(
            Comparator.comparing((String name) -> name.startsWith(".lck-"))
                .thenComparing(name -> name.endsWith(".vmx") || name.endsWith(".vmtx")))
        .toList();
  }

  /**
   * Creates a small file, or replaces the contents of an existing one. One WRITE does that, so that
   * a reader, or a host after a failure, finds the old text or the new one: what an older, longer
   * text leaves is overwritten with line ends first and cut off then. If it cannot be cut off, the
   * text is right all the same.
   */
  public void writeText(String path, String text) {
    FileRef ref = Replies.await(service.create(resolve(parentOf(path)), nameOf(path), false));
    DatastoreFile file = file(path, ref);
    byte[] bytes = text.getBytes(UTF_8);
    long oldBytes = Math.min(MAX_TEXT_BYTES, file.sizeBytes());
    if (oldBytes <= bytes.length) {
      file.writeStable(0, bytes);
      return;
    }
    byte[] padded = Arrays.copyOf(bytes, (int) oldBytes);
    Arrays.fill(padded, bytes.length, padded.length, (byte) '\n');
    file.writeStable(0, padded);
    try {
      file.setSizeBytes(bytes.length);
    } catch (DatastoreException e) {
      logger.info("{} ends in empty lines: {}", path, e.getMessage());
    }
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
    return new DatastoreFile(this, service, path, ref, tallies.of(path));
  }

  /** The file id of a path, without waiting; empty if there is no such file. */
  CompletableFuture<OptionalLong> fileIdOf(String path) {
    CompletableFuture<FileRef> at = CompletableFuture.completedFuture(service.root());
    for (String component : path.split("/", -1)) {
      at = at.thenCompose(directory -> service.lookup(directory, component));
    }
    return at.handle(
        (found, failure) -> {
          if (failure == null) {
            return OptionalLong.of(found.fileId());
          }
          DatastoreException known = Replies.failure(failure);
          if (known.error() == DatastoreError.NOT_FOUND) {
            return OptionalLong.empty();
          }
          throw known;
        });
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
