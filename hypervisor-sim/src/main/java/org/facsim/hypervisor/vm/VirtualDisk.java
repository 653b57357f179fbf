/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.WriteRun;

/**
 * One disk of a VM: its files, its layers, and what the guest wrote to it. It belongs to one {@link
 * VirtualMachine}, whose lock guards it.
 *
 * <p>The layers form a tree: a base, and on it redo logs (or lazy clones of the array). The live
 * state is one leaf, and states of snapshots are layers, too. Guests write only to the live layer;
 * everything else is frozen.
 */
public final class VirtualDisk {
  private final Datastore datastore;
  private final String directory;
  private final String stem;
  private final DiskFormat format;
  private final Map<String, RedoLog> logByPath = new HashMap<>();
  private final SplittableRandom ids;
  private LiveDescriptor live;
  private volatile DirtyBlocks dirty;
  private volatile DiskState state;

  /**
   * A disk whose files are there.
   *
   * @param ids the source of content ids
   */
  VirtualDisk(
      Datastore datastore,
      String directory,
      String stem,
      DiskFormat format,
      SplittableRandom ids,
      DiskState state) {
    this.ids = ids;
    this.datastore = datastore;
    this.directory = directory;
    this.stem = stem;
    this.format = format;
    this.state = state;
  }

  // ---------------------------------------------------------------- what it is

  private boolean isThin() {
    return state.isThin();
  }

  /** The disk's format, with a flag if it is not the one that was asked for. */
  public DiskProvisioning provisioning() {
    return state.provisioning();
  }

  /** The format that was asked for. */
  DiskFormat format() {
    return format;
  }

  Datastore datastore() {
    return datastore;
  }

  String stem() {
    return stem;
  }

  /** The data file of the whole disk that the live state is based on. */
  public DatastoreFile flat() {
    List<DiskLayer> chain = chain();
    return chain.get(chain.size() - 1).data();
  }

  private List<DiskLayer> chain() {
    DiskState now = state;
    return now.layers().chain(now.livePath());
  }

  DiskLayer live() {
    DiskState now = state;
    return now.layers().get(now.livePath());
  }

  DiskLayers layers() {
    return state.layers();
  }

  /** The data file that the live state is written to. */
  DatastoreFile liveDataFile() {
    return live().data();
  }

  /**
   * The path of the disk's live descriptor, relative to the datastore: that of the newest redo log,
   * or of the base if there is none.
   */
  public String descriptorPath() {
    return state.livePath();
  }

  /** The base's data file, {@code vm/vm-flat.vmdk}, relative to the datastore. */
  public String flatPath() {
    return flat().path();
  }

  public long provisionedBytes() {
    return state.provisionedBytes();
  }

  /** What a reader of the live disk must find, as far as it is known. */
  public DiskContents contents() {
    return state.contents();
  }

  /**
   * Whether {@link #contents} is all that the disk holds. Not so if the VM was registered from
   * files that anybody may have written: it then has only what this guest wrote since. Neither if a
   * write of the guest failed, of which a part may be on the disk.
   */
  public boolean contentsKnown() {
    return state.contentsKnown();
  }

  /** Says what the disk holds, for whoever knows it from elsewhere. */
  void knowContents(DiskContents contents) {
    state = state.withContents(contents, true);
  }

  /** How many redo logs the live state has, including the live one; 0 without a snapshot. */
  public int redoLogCount() {
    return chain().size() - 1;
  }

  /** How many redo logs a layer's state has. */
  int redoLogCount(String path) {
    return state.layers().chain(path).size() - 1;
  }

  /** The live descriptor's name as the .vmx gives it. */
  String liveDescriptorName() {
    return VmPaths.relative(directory, state.livePath());
  }

  /** Whether a layer belongs to this VM; others are parents of a linked clone. */
  boolean isOwn(DiskLayer layer) {
    return Datastore.parentOf(layer.path()).equals(directory);
  }

  /** The data files of the live state that a running VM keeps locked. */
  List<DatastoreFile> dataFiles() {
    return chain().stream().filter(this::isOwn).map(DiskLayer::data).toList();
  }

  // ---------------------------------------------------------------- reading and writing

  /** The open log of a layer that is one. */
  private RedoLog log(DiskLayer layer) {
    RedoLog known = logByPath.get(layer.path());
    if (known == null) {
      known =
          RedoLog.open(
              layer.format(), layer.data().ofVirtualMachine(), chainOf(layer.parentPath()));
      logByPath.put(layer.path(), known);
    }
    return known;
  }

  /** The live layer's descriptor; opened when it is needed first. */
  private LiveDescriptor liveDescriptor() {
    if (live == null) {
      live = LiveDescriptor.open(datastore, state.livePath(), ids);
    }
    return live;
  }

  /** Writes what is known of changes, because the live layer is about to be frozen or left. */
  private void flush() {
    if (live != null) {
      live.flush();
      live = null;
    }
  }

  /**
   * Checks the disk's files before the VM runs.
   *
   * @throws DatastoreException DAMAGED if a file is not what it should be
   */
  void open() {
    DiskChain.open(datastore, state.livePath());
    logByPath.clear();
    live = LiveDescriptor.open(datastore, state.livePath(), ids);
  }

  /** Makes what is known of the disk's changes stable; the VM stops. */
  void close() {
    flush();
    logByPath.clear();
  }

  /** Starts or stops tracking changes. */
  void trackChanges(boolean enabled) {
    if (enabled) {
      liveDescriptor().trackChanges();
    } else {
      liveDescriptor().forgetChanges();
    }
  }

  /** The tracking of the live state, if changes are tracked. */
  public Optional<ChangeTracking> changeTracking() {
    return liveDescriptor().changeTracking();
  }

  /**
   * The guest trims ranges, in order.
   *
   * @param snapshots whether the VM has snapshots: a base disk is trimmed only without
   */
  DiskTrim.Result trim(List<DiskRange> ranges, boolean snapshots) {
    DiskLayer layer = live();
    ranges.forEach(range -> noteDirty(range.offsetBytes(), range.lengthBytes()));
    DiskTrim.Result result =
        layer.isWhole()
            ? DiskTrim.ofFlat(
                datastore, layer.data(), liveDescriptor(), isThin(), snapshots, ranges)
            : DiskTrim.ofRedoLog(log(layer), liveDescriptor(), ranges);
    DiskContents after = state.contents();
    for (DiskRange range : result.trimmed()) {
      after = after.without(range.offsetBytes(), range.lengthBytes());
    }
    for (DiskRange range : result.doubtful()) {
      if (readsAsZeros(layer.data(), after, range)) {
        after = after.without(range.offsetBytes(), range.lengthBytes());
      }
    }
    state = state.withContents(after, state.contentsKnown());
    return result;
  }

  /** Looks at one sector that was written: the array unmaps all of a range or nothing. */
  private static boolean readsAsZeros(DatastoreFile flat, DiskContents contents, DiskRange range) {
    for (DiskContents.Span span : contents.spans(range.offsetBytes(), range.lengthBytes())) {
      if (span.word() != 0) {
        byte[] sector;
        try {
          sector = flat.readFully(span.offsetBytes(), DiskSpec.SECTOR_BYTES);
        } catch (DatastoreException e) {
          return false; // nobody can read it now
        }
        return Arrays.equals(sector, new byte[DiskSpec.SECTOR_BYTES]);
      }
    }
    return false;
  }

  /** A layer's state, to be read. */
  DiskChain chainOf(String path) {
    List<RedoLog> logs = new ArrayList<>();
    List<DiskLayer> chain = state.layers().chain(path);
    for (DiskLayer layer : chain.subList(0, chain.size() - 1)) {
      logs.add(log(layer));
    }
    return DiskChain.of(chain.get(chain.size() - 1).data(), state.provisionedBytes(), logs);
  }

  /**
   * The guest writes ranges, in order.
   *
   * @param progress is told about the bytes of earlier disks plus those of this one
   */
  void write(List<WriteRun> runs, TransferProgress progress) {
    DiskContents after = state.contents().with(runs);
    LiveDescriptor descriptor = liveDescriptor();
    for (WriteRun run : runs) {
      descriptor.beforeChange(run.offsetBytes(), run.lengthBytes());
      noteDirty(run.offsetBytes(), run.lengthBytes());
    }
    try {
      writeTo(live(), after, runs, progress);
    } catch (RuntimeException e) {
      // A part of it may be there: nobody knows what the disk holds now.
      state = state.withContents(state.contents(), false);
      throw e;
    }
    state = state.withContents(after, state.contentsKnown());
  }

  private void writeTo(
      DiskLayer layer, DiskContents after, List<WriteRun> runs, TransferProgress progress) {
    if (layer.isWhole()) {
      GuestWriter.writeToFlat(layer.data().ofVirtualMachine(), after, runs, progress);
    } else {
      GuestWriter.writeToRedoLog(log(layer), after, runs, progress);
    }
  }

  /** Notes what the guest writes to a whole file from now on; no longer if null. */
  void noteWritesIn(DirtyBlocks blocks) {
    dirty = blocks;
  }

  private void noteDirty(long offsetBytes, long lengthBytes) {
    DirtyBlocks noted = dirty;
    if (noted != null && live().isWhole()) {
      noted.note(offsetBytes, lengthBytes);
    }
  }

  /** Writes to a layer beside the live one, as VSS and its writers do. */
  void writeBeside(DiskLayer layer, DiskContents after, List<WriteRun> runs) {
    LiveDescriptor beside = LiveDescriptor.open(datastore, layer.path(), ids);
    runs.forEach(run -> beside.beforeChange(run.offsetBytes(), run.lengthBytes()));
    writeTo(layer, after, runs, TransferProgress.NONE);
    beside.flush();
  }

  // ---------------------------------------------------------------- layers

  private LayerFiles files() {
    return new LayerFiles(datastore, directory);
  }

  /**
   * Makes an empty redo log on a layer. The live state stays where it is.
   *
   * @param tracksAnew whether change tracking starts anew, as after a revert
   */
  DiskLayer fork(
      String parentPath, RedoLogFormat logFormat, RandomGenerator random, boolean tracksAnew) {
    flush();
    return added(
        files().redoLog(stem, parentPath, logFormat, chainOf(parentPath), random, tracksAnew));
  }

  /**
   * Has the array make a lazy clone of a whole layer. The live state stays where it is.
   *
   * @throws org.facsim.hypervisor.datastore.OffloadException if the array does not
   */
  DiskLayer forkNatively(String parentPath, RandomGenerator random) {
    flush();
    return added(files().nativeSnapshot(stem, state.layers().get(parentPath), random));
  }

  private DiskLayer added(DiskLayer made) {
    state = state.withLayers(state.layers().with(made), state.livePath());
    return made;
  }

  /** Makes another layer the live one. */
  void switchTo(String path, DiskContents contents, boolean known) {
    live = null;
    state = state.withLayers(state.layers(), path).withContents(contents, known);
  }

  /** Makes another layer, which has the same contents, the live one. */
  void switchTo(String path) {
    live = null;
    state = state.withLayers(state.layers(), path);
  }

  /**
   * Copies a redo log into the layer below. Readers of both see what they saw before.
   *
   * @return the bytes copied
   */
  long copyIntoParent(DiskLayer layer, DiskLayer target, TransferProgress progress) {
    flush();
    long copied =
        target.isWhole()
            ? Consolidation.intoFlat(log(layer), target.data(), provisionedBytes(), progress)
            : Consolidation.intoRedoLog(log(layer), log(target), provisionedBytes(), progress);
    ChangePeriods.takenOver(
        datastore,
        ChainLink.read(datastore, layer.path()),
        ChainLink.read(datastore, target.path()),
        ids);
    return copied;
  }

  /** Makes a layer point to another parent with the same contents. */
  void reparent(DiskLayer layer, String parentPathOrNull) {
    files().reparent(layer, parentPathOrNull == null ? null : state.layers().get(parentPathOrNull));
    logByPath.clear();
    state =
        state.withLayers(state.layers().with(layer.withParent(parentPathOrNull)), state.livePath());
  }

  /**
   * Forgets a layer and removes its files.
   *
   * @throws DatastoreException if a file stays; the layer is forgotten all the same
   */
  void drop(DiskLayer layer) {
    logByPath.remove(layer.path());
    state = state.withLayers(state.layers().without(layer.path()), state.livePath());
    files().remove(layer);
  }

  /**
   * Makes the data file all holes again after a failed clone call, which may have filled part of it
   * or removed it.
   */
  public void emptyFlat() {
    new BaseChange(this).empty();
  }

  /** The same disk on another datastore. */
  VirtualDisk movedTo(Datastore destination, DiskLayers layers, DiskProvisioning got) {
    DiskState now = state;
    return new VirtualDisk(
        destination,
        directory,
        stem,
        format,
        ids.split(),
        now.withLayers(layers, now.livePath()).withProvisioning(got));
  }

  // ---------------------------------------------------------------- kept and put back

  DiskState save() {
    return state;
  }

  /** Changes the state, as far as files and the live layer are not concerned. */
  void setState(DiskState newState) {
    state = newState;
  }

  void restore(DiskState saved) {
    live = null;
    logByPath.clear();
    state = saved;
  }
}
