/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/**
 * One disk of a VM: its files, the redo logs of its live state, and what the guest wrote to it. It
 * belongs to one {@link VirtualMachine}, and only that machine's thread may use it.
 *
 * <p>The live state is the base, or the newest of a stack of redo logs on it. Writes go only to the
 * top of the stack; everything below is frozen.
 */
public final class VirtualDisk {
  private final Datastore datastore;
  private final String directory;
  private final String stem;
  private final long provisionedBytes;
  private final DiskFormat format;
  private DatastoreFile flat;
  private DiskProvisioning provisioning;
  private final List<Layer> redoLogs = new ArrayList<>();
  private DiskContents contents;
  private SplittableRandom ids;
  private LiveDescriptor live;

  private VirtualDisk(
      Datastore datastore,
      String directory,
      String stem,
      DatastoreFile flat,
      DiskFormat format,
      DiskContents contents) {
    this.datastore = datastore;
    this.directory = directory;
    this.stem = stem;
    this.flat = flat;
    this.format = format;
    this.contents = contents;
    this.provisionedBytes = contents.capacityBytes();
  }

  /** A redo log with its descriptor's name. */
  private record Layer(String descriptorName, RedoLog log) {}

  /**
   * Makes the files of an empty disk: first the data file at its full size (and has its space
   * reserved for a thick disk), then the descriptor.
   *
   * @param format the format to ask for; {@link #provisioning} tells what the array provided
   * @param contents what the disk will hold once it is filled; empty for a new disk
   * @throws DatastoreException DISK_FULL and others
   */
  static VirtualDisk create(
      Datastore datastore,
      String directory,
      String stem,
      DiskFormat format,
      DiskContents contents,
      RandomGenerator random) {
    String flatName = flatName(stem);
    DatastoreFile flat = datastore.create(Datastore.join(directory, flatName));
    VirtualDisk disk = new VirtualDisk(datastore, directory, stem, flat, format, contents);
    disk.provide();
    DiskDescriptor descriptor =
        DiskDescriptor.base(
            DiskDescriptor.NEVER_WRITTEN,
            contents.capacityBytes(),
            flatName,
            VmFiles.diskUuid(random),
            disk.isThin());
    datastore.writeText(Datastore.join(directory, stem + ".vmdk"), descriptor.toText());
    disk.ids = new SplittableRandom(random.nextLong());
    disk.live = LiveDescriptor.ofNewDisk(datastore, disk.descriptorPath(), disk.ids);
    return disk;
  }

  /** Gives the empty data file its size and has its space reserved for a thick disk. */
  private void provide() {
    flat.setSizeBytes(provisionedBytes);
    provisioning = ThickProvisioning.provide(datastore, flat, format, provisionedBytes);
  }

  private boolean isThin() {
    return provisioning.got() == DiskFormat.THIN;
  }

  /** The disk's format, with a flag if it is not the one that was asked for. */
  public DiskProvisioning provisioning() {
    return provisioning;
  }

  private static String flatName(String stem) {
    return stem + "-flat.vmdk";
  }

  /** The base's data file. */
  public DatastoreFile flat() {
    return flat;
  }

  /**
   * Makes the data file all holes again after a failed clone call, which may have filled part of it
   * or removed it.
   */
  public void emptyFlat() {
    try {
      flat.setSizeBytes(0);
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.STALE && e.error() != DatastoreError.NOT_FOUND) {
        throw e;
      }
      flat = datastore.create(flat.path());
    }
    boolean wasThin = isThin();
    provide();
    if (isThin() != wasThin) {
      describe();
    }
  }

  /** Writes the disk's present format into the base's descriptor. */
  private void describe() {
    String path = Datastore.join(directory, stem + ".vmdk");
    DiskDescriptor written = ChainLink.read(datastore, path).descriptor();
    datastore.writeText(path, written.withThin(isThin()).toText());
  }

  /** The data file that the live state is written to. */
  DatastoreFile liveDataFile() {
    return redoLogs.isEmpty() ? flat : redoLogs.get(redoLogs.size() - 1).log().file();
  }

  /**
   * The path of the disk's live descriptor, relative to the datastore: that of the newest redo log,
   * or of the base if there is none.
   */
  public String descriptorPath() {
    return Datastore.join(directory, liveDescriptorName());
  }

  /** The base's data file, {@code vm/vm-flat.vmdk}, relative to the datastore. */
  public String flatPath() {
    return flat.path();
  }

  public long provisionedBytes() {
    return provisionedBytes;
  }

  /** What a reader of the live disk must find. */
  public DiskContents contents() {
    return contents;
  }

  /** How many redo logs the live state has, including the live one; 0 without a snapshot. */
  public int redoLogCount() {
    return redoLogs.size();
  }

  String liveDescriptorName() {
    return redoLogs.isEmpty() ? stem + ".vmdk" : redoLogs.get(redoLogs.size() - 1).descriptorName();
  }

  /** The data files that a running VM keeps locked. */
  List<DatastoreFile> dataFiles() {
    List<DatastoreFile> files = new ArrayList<>();
    files.add(flat);
    redoLogs.forEach(layer -> files.add(layer.log().file()));
    return files;
  }

  /**
   * The guest writes ranges, in order.
   *
   * @param progress is told about the bytes of earlier disks plus those of this one
   */
  void write(List<WriteRun> runs, TransferProgress progress) {
    DiskContents after = contents;
    for (WriteRun run : runs) {
      after = after.with(run);
    }
    runs.forEach(run -> live.beforeChange(run.offsetBytes(), run.lengthBytes()));
    Optional<RedoLog> log = liveRedoLog();
    if (log.isPresent()) {
      GuestWriter.writeToRedoLog(log.get(), after, runs, progress);
    } else {
      GuestWriter.writeToFlat(flat, after, runs, progress);
    }
    contents = after;
  }

  /**
   * The guest trims ranges, in order.
   *
   * @param snapshots whether the VM has snapshots: a base disk is trimmed only without
   */
  public DiskTrim.Result trim(List<DiskRange> ranges, boolean snapshots) {
    Optional<RedoLog> log = liveRedoLog();
    DiskTrim.Result result =
        log.isPresent()
            ? DiskTrim.ofRedoLog(log.get(), live, ranges)
            : DiskTrim.ofFlat(datastore, flat, live, isThin(), snapshots, ranges);
    for (DiskRange range : result.trimmed()) {
      contents = contents.without(range.offsetBytes(), range.lengthBytes());
    }
    return result;
  }

  /**
   * Checks the disk's files before the VM runs.
   *
   * @throws DatastoreException DAMAGED if a file is not what it should be
   */
  void open() {
    DiskChain.open(datastore, descriptorPath());
    live = LiveDescriptor.open(datastore, descriptorPath(), ids);
  }

  /** Makes what is known of the disk's changes stable; the VM stops. */
  void close() {
    live.flush();
  }

  /** Starts or stops tracking changes. */
  public void trackChanges(boolean enabled) {
    if (enabled) {
      live.trackChanges();
    } else {
      live.forgetChanges();
    }
  }

  /** The tracking of the live state, if changes are tracked. */
  public Optional<ChangeTracking> changeTracking() {
    return live.changeTracking();
  }

  /**
   * Freezes the live state. What the guest writes from now on goes to a new redo log on top of it.
   */
  void pushRedoLog(RandomGenerator random) {
    pushRedoLog(defaultFormat(), random);
  }

  /** Freezes the live state under a new redo log of a format. */
  void pushRedoLog(RedoLogFormat redoLogFormat, RandomGenerator random) {
    live.flush();
    String parent = liveDescriptorName();
    redoLogs.add(createRedoLog(redoLogFormat, parent, random));
    live = LiveDescriptor.open(datastore, descriptorPath(), ids);
  }

  private RedoLogFormat defaultFormat() {
    return RedoLogFormat.defaultOf(EsxiVersion.V5_5, provisionedBytes);
  }

  /**
   * Makes a second redo log on the parent of the live one, for what VSS and its writers write.
   *
   * @return the descriptor's path
   */
  FrozenSibling createSibling(RandomGenerator random) {
    return createSibling(defaultFormat(), random);
  }

  /** Makes a second redo log of a format on the parent of the live one. */
  FrozenSibling createSibling(RedoLogFormat redoLogFormat, RandomGenerator random) {
    String parent = frozenDescriptorName();
    Layer layer = createRedoLog(redoLogFormat, parent, random);
    return new FrozenSibling(Datastore.join(directory, layer.descriptorName()), layer.log());
  }

  /** A redo log beside the live one. */
  record FrozenSibling(String descriptorPath, RedoLog log) {}

  /** The descriptor of the state below the live redo log. */
  String frozenDescriptorName() {
    return redoLogs.size() < 2
        ? stem + ".vmdk"
        : redoLogs.get(redoLogs.size() - 2).descriptorName();
  }

  void removeSibling(FrozenSibling sibling) {
    ChangePeriods.removed(datastore, ChainLink.read(datastore, sibling.descriptorPath()));
    datastore.remove(sibling.descriptorPath());
    datastore.remove(sibling.log().file().path());
  }

  /**
   * Consolidates the live redo log into its parent, which becomes the live state, and deletes the
   * log.
   */
  void popRedoLog(RandomGenerator random) {
    Layer top = redoLogs.get(redoLogs.size() - 1);
    if (redoLogs.size() > 1) {
      Consolidation.intoRedoLog(top.log(), redoLogs.get(redoLogs.size() - 2).log());
    } else if (Consolidation.intoFlat(top.log(), flat) > 0) {
      String path = Datastore.join(directory, stem + ".vmdk");
      DiskDescriptor base = ChainLink.read(datastore, path).descriptor();
      datastore.writeText(path, LiveDescriptor.renewed(base, random).toText());
    }
    live.flush();
    ChainLink child = ChainLink.read(datastore, descriptorPath());
    redoLogs.remove(redoLogs.size() - 1);
    ChangePeriods.takenOver(datastore, child, ChainLink.read(datastore, descriptorPath()));
    live = LiveDescriptor.open(datastore, descriptorPath(), ids);
    ChangePeriods.removed(datastore, child);
    datastore.remove(child.path());
    datastore.remove(top.log().file().path());
  }

  private Optional<RedoLog> liveRedoLog() {
    return redoLogs.isEmpty()
        ? Optional.empty()
        : Optional.of(redoLogs.get(redoLogs.size() - 1).log());
  }

  private Layer createRedoLog(
      RedoLogFormat redoLogFormat, String parentName, RandomGenerator random) {
    List<ChainLink> below = ChainLink.readAll(datastore, Datastore.join(directory, parentName));
    String logStem = nextRedoLogStem();
    String extentName = logStem + redoLogFormat.suffix();
    DatastoreFile file = datastore.create(Datastore.join(directory, extentName));
    RedoLog log = RedoLog.create(redoLogFormat, file, DiskChain.of(datastore, below));
    DiskDescriptor parent = below.get(0).descriptor();
    DiskDescriptor descriptor =
        DiskDescriptor.redoLog(
            LiveDescriptor.contentId(random),
            parent,
            parentName,
            redoLogFormat.extentType(),
            extentName);
    String path = Datastore.join(directory, logStem + ".vmdk");
    datastore.writeText(
        path, ChangePeriods.continued(datastore, below.get(0), descriptor, path).toText());
    return new Layer(logStem + ".vmdk", log);
  }

  /** The first of {@code stem-000001}, {@code stem-000002} and so on that has no descriptor. */
  private String nextRedoLogStem() {
    List<String> taken = datastore.list(directory);
    for (int number = 1; number <= 2 * DiskChain.MAX_REDO_LOGS; number++) {
      String candidate = "%s-%06d".formatted(stem, number);
      if (!taken.contains(candidate + ".vmdk")) {
        return candidate;
      }
    }
    throw new DatastoreException(
        DatastoreError.FILE_ERROR, "too many redo logs of " + stem + ".vmdk");
  }
}
