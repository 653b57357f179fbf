/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.explain.Explanations;

/**
 * The virtual machines of an array, and what changed. Nobody is told by the store that a file
 * changed, because that would cost every WRITE. Instead, whoever asks has the inventory look again,
 * at most once in {@link #INTERVAL}: volumes in which nothing changed cost nothing, the others O(1)
 * for each file. Between two looks the answer is the one before.
 *
 * <p>Versions count up with every look that found something. They begin at a multiple of 2^32 with
 * each run of the array, so a version of another run is known as such, and stay below 2^53.
 *
 * <p>Bounds: {@value #MAX_VMS} VMs, {@value #MAX_FOLDERS} directories and {@value #MAX_ENTRIES}
 * entries of one, down to {@value #MAX_DEPTH} levels; what is beyond is left out. The last {@value
 * #MAX_GONE} VMs that are gone are known. Thread-safe. Calls may wait for a volume's lock.
 */
public final class VmInventory {
  /** The most VMs that are listed. */
  public static final int MAX_VMS = 20_000;

  static final int MAX_FOLDERS = 65_536;
  static final int MAX_ENTRIES = 65_536;
  static final int MAX_DEPTH = 8;
  static final int MAX_GONE = 4096;

  /** The shortest time between two looks. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final int RUN_SHIFT = 32;

  private final StorageArray storage;
  private final Explanations explanations;
  private final AskedClones asked = new AskedClones();
  private final LongSupplier epoch;
  private final LongSupplier nanoTime;
  private final VmTraffic traffic;
  private final ReentrantLock looking = new ReentrantLock();
  private final long firstVersion;

  // Guarded by looking.
  private final Map<Integer, VolumeScan> scans = new LinkedHashMap<>();
  private final Deque<Gone> gone = new ArrayDeque<>();
  private long lookedNanos;

  private volatile Seen seen;

  private record Gone(String id, long version) {}

  /** What the last look found. */
  private record Seen(
      long version,
      long oldestKnown,
      List<Vm> vms,
      List<Gone> gone,
      Map<String, Figures> volumes) {}

  /**
   * What the files of a volume hold together.
   *
   * @param exclusiveBytes what deleting them one by one would free at least
   * @param mappedBytes what they map, shared or not
   * @param vms how many VMs there are
   */
  public record Figures(long exclusiveBytes, long mappedBytes, int vms) {}

  /**
   * An inventory that has not looked yet.
   *
   * @param explanations of the clones that hosts asked for
   * @param epoch a number that differs after whatever changes figures without changing a volume
   */
  public VmInventory(StorageArray storage, Explanations explanations, LongSupplier epoch) {
    this(storage, explanations, epoch, System::nanoTime);
  }

  VmInventory(
      StorageArray storage, Explanations explanations, LongSupplier epoch, LongSupplier nanoTime) {
    this.explanations = explanations;
    this.storage = storage;
    this.epoch = epoch;
    this.nanoTime = nanoTime;
    traffic = new VmTraffic(explanations.transfers(), nanoTime);
    firstVersion = storage.starts() << RUN_SHIFT;
    seen = new Seen(firstVersion, firstVersion, List.of(), List.of(), Map.of());
    lookedNanos = nanoTime.getAsLong() - INTERVAL.toNanos();
  }

  /** All VMs. */
  public VmPage all() {
    Seen now = lookIfDue();
    return new VmPage(now.version, true, now.vms, List.of());
  }

  /**
   * What changed since a version.
   *
   * @param version as {@link VmPage#version} said it
   */
  public VmPage since(long version) {
    Seen now = lookIfDue();
    if (version < now.oldestKnown || version > now.version) {
      return new VmPage(now.version, false, now.vms, List.of());
    }
    if (version == now.version) {
      return new VmPage(version, true, List.of(), List.of());
    }
    Set<String> there = new HashSet<>();
    List<Vm> changed = new ArrayList<>();
    for (Vm vm : now.vms) {
      there.add(vm.id());
      if (vm.version() > version) {
        changed.add(vm);
      }
    }
    List<String> away =
        now.gone.stream()
            .filter(each -> each.version > version && !there.contains(each.id))
            .map(Gone::id)
            .distinct()
            .toList();
    return new VmPage(now.version, true, changed, away);
  }

  /** The version of the last look, after a look if one is due. */
  public long version() {
    return lookIfDue().version;
  }

  /** How many VMs the last look found. */
  public int count() {
    return seen.vms.size();
  }

  /** What the files of each volume hold, by the volume's name. */
  public Map<String, Figures> volumes() {
    return lookIfDue().volumes;
  }

  /**
   * One VM with all that is known of it now.
   *
   * @param path its directory below the volume
   * @return empty if there is no directory with a VM
   */
  public Optional<VmDetail> find(Volume volume, String path) {
    looking.lock();
    try {
      look();
      VolumeScan scan = scans.get(volume.id());
      if (scan == null) {
        return Optional.empty();
      }
      return scan.vms().stream()
          .filter(folder -> folder.path().equals(path))
          .findFirst()
          .map(folder -> new VmReader(scan).read(folder));
    } finally {
      looking.unlock();
    }
  }

  private Seen lookIfDue() {
    boolean mayWait = seen.version == firstVersion;
    if (mayWait) {
      looking.lock();
    } else if (!looking.tryLock()) {
      return seen; // somebody looks just now
    }
    try {
      if (nanoTime.getAsLong() - lookedNanos >= INTERVAL.toNanos()) {
        look();
      }
      return seen;
    } finally {
      looking.unlock();
    }
  }

  // ---------------------------------------------------------------- under the lock

  /** Clones that hosts asked for, which went by way of no snapshot. */
  private final class AskedClones implements VolumeScan.Parents {
    @Override
    public VmParent of(Inode clone) {
      return explanations.sourceOf(clone.handle()).map(this::placeOf).orElse(null);
    }

    private VmParent placeOf(FileHandle source) {
      VolumeScan scan = scans.get(source.volumeId());
      return scan == null
          ? null
          : new VmParent(
              scan.volume.name(), scan.ofFile(source.fileId()).map(VmFolder::path).orElse(""), "");
    }

    @Override
    public long stamp() {
      return explanations.countCameOut();
    }
  }

  private void look() {
    lookedNanos = nanoTime.getAsLong();
    long epochNow = epoch.getAsLong();
    List<Volume> volumes = storage.volumes();
    boolean isDifferent = scans.keySet().retainAll(volumes.stream().map(Volume::id).toList());
    for (Volume volume : volumes) {
      try {
        isDifferent |= scanOf(volume).look(epochNow);
      } catch (ArrayException deleted) {
        scans.remove(volume.id());
        isDifferent = true;
      }
    }
    isDifferent |= traffic.look(scans);
    if (isDifferent || seen.version == firstVersion) {
      publish();
    }
  }

  /** A volume that came back with a named state is another object with the same id. */
  private VolumeScan scanOf(Volume volume) {
    VolumeScan known = scans.get(volume.id());
    if (known == null || !known.volume.equals(volume)) {
      known = new VolumeScan(volume, asked);
      scans.put(volume.id(), known);
    }
    return known;
  }

  private void publish() {
    long version = seen.version + 1;
    List<Vm> vms = new ArrayList<>(seen.vms.size());
    Map<String, Figures> volumes = new HashMap<>();
    for (VolumeScan scan : scans.values()) {
      for (VmFolder folder : scan.vms()) {
        Vm now = scan.describe(folder);
        if (folder.vm == null || !folder.vm.withVersion(0).equals(now)) {
          folder.vm = now.withVersion(version);
        }
        vms.add(folder.vm);
      }
      volumes.put(
          scan.volume.name(),
          new Figures(scan.exclusiveBytes(), scan.mappedBytes(), scan.vms().size()));
    }
    vms.sort(Comparator.comparing(Vm::id));
    List<Vm> bounded = vms.size() > MAX_VMS ? vms.subList(0, MAX_VMS) : vms;
    long oldestKnown = noteGone(bounded, version);
    seen =
        new Seen(
            version,
            oldestKnown,
            Collections.unmodifiableList(bounded),
            List.copyOf(gone),
            Map.copyOf(volumes));
  }

  private long noteGone(List<Vm> now, long version) {
    Set<String> there = new HashSet<>();
    now.forEach(vm -> there.add(vm.id()));
    for (Vm before : seen.vms) {
      if (!there.contains(before.id())) {
        gone.add(new Gone(before.id(), version));
      }
    }
    long oldestKnown = seen.oldestKnown == firstVersion ? firstVersion + 1 : seen.oldestKnown;
    while (gone.size() > MAX_GONE) {
      oldestKnown = gone.remove().version;
    }
    return oldestKnown;
  }
}
