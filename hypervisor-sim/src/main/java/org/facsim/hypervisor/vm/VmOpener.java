/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;

/**
 * Makes a VM object of a VM's files: the {@code .vmx}, the {@code .vmsd} if there is one, and the
 * descriptors of all states that these name. Reads only.
 */
final class VmOpener {
  private final VmHost host;
  private final Datastore datastore;
  private final String path;
  private final String directory;
  private final String stem;

  VmOpener(VmHost host, Datastore datastore, String path) {
    this.host = host;
    this.datastore = datastore;
    this.path = path;
    this.directory = Datastore.parentOf(path);
    String fileName = path.substring(path.lastIndexOf('/') + 1);
    this.stem = fileName.substring(0, fileName.lastIndexOf('.'));
  }

  /**
   * Reads a small file.
   *
   * @throws IllegalArgumentException if it is larger than any such file
   */
  static byte[] readSmall(Datastore datastore, String path) {
    DatastoreFile file = datastore.open(path);
    long size = file.sizeBytes();
    if (size > VmDictionary.MAX_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes; allowed: %d at most".formatted(size, VmDictionary.MAX_BYTES));
    }
    return file.readFully(0, (int) size);
  }

  VirtualMachine open() {
    try {
      return open(VmDictionary.decode(readSmall(datastore, path)));
    } catch (IllegalArgumentException e) {
      throw new MethodFaultException(
          FaultType.INVALID_VM_CONFIG, "%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private VirtualMachine open(VmDictionary text) {
    List<VmxFile.Node> nodes = VmxFile.disks(text);
    if (text.get("config.version").isEmpty() && text.get("displayName").isEmpty()) {
      throw new IllegalArgumentException(
          "neither config.version nor displayName; allowed: the configuration of a VM");
    }
    if (nodes.size() > VmSpec.MAX_DISKS) {
      throw new IllegalArgumentException(
          "%d disks; allowed: %d at most".formatted(nodes.size(), VmSpec.MAX_DISKS));
    }
    VmsdFile.Parsed snapshots = readSnapshots();
    SplittableRandom random = new SplittableRandom(path.hashCode());
    List<VirtualDisk> disks = new ArrayList<>();
    List<DiskSpec> layout = new ArrayList<>();
    for (VmxFile.Node node : nodes) {
      VirtualDisk disk = readDisk(node, snapshots, random);
      disks.add(disk);
      layout.add(new DiskSpec(disk.provisionedBytes(), 0, disk.format()));
    }
    VmState state =
        new VmState(
            datastore,
            directory,
            stem,
            text.get("displayName").filter(name -> !name.isBlank()).orElse(stem),
            VmxFile.guest(text, host.guests()),
            text,
            nodes.stream().map(VmxFile.Node::node).toList(),
            disks,
            layout,
            VmxFile.configuration(text),
            path.endsWith(".vmtx"),
            false,
            tree(snapshots, nodes, disks),
            false);
    return new VirtualMachine(host, state, random, new AtomicInteger());
  }

  /** What the files say of a snapshot, as far as another host may have changed it. */
  private record Named(int id, int parentId, String stateFileName, List<String> states) {}

  /**
   * Whether the files name the same disks, and the same snapshots with the same states, as a host
   * remembers.
   */
  boolean isAsKnown(VmState known) {
    try {
      VmDictionary text = VmDictionary.decode(readSmall(datastore, path));
      return disks(VmxFile.disks(text)).equals(disks(known.diskNodes())) && hasSnapshotsOf(known);
    } catch (IllegalArgumentException e) {
      return false; // whoever opens it is told what is wrong
    }
  }

  private List<VmxFile.Node> disks(List<VmxFile.Node> nodes) {
    return nodes.stream()
        .map(node -> new VmxFile.Node(node.node(), pathOf(node.fileName())))
        .toList();
  }

  private boolean hasSnapshotsOf(VmState known) {
    VmsdFile.Parsed parsed = readSnapshots();
    Set<Named> found = new HashSet<>();
    for (VmsdFile.Line line : parsed.lines()) {
      List<String> states = new ArrayList<>();
      known.diskNodes().forEach(node -> stateOf(line, node).ifPresent(states::add));
      found.add(named(line.snapshot(), states));
    }
    Set<Named> remembered = new HashSet<>();
    for (VmSnapshot each : known.snapshots().snapshots()) {
      List<String> states = each.disks().stream().map(VmSnapshot.Disk::descriptorPath).toList();
      remembered.add(named(each, states));
    }
    return parsed.currentId() == known.snapshots().currentId() && found.equals(remembered);
  }

  private static Named named(VmSnapshot snapshot, List<String> states) {
    return new Named(snapshot.id(), snapshot.parentId(), snapshot.stateFileName(), states);
  }

  private VmsdFile.Parsed readSnapshots() {
    String listPath = Datastore.join(directory, stem + ".vmsd");
    byte[] bytes;
    try {
      bytes = readSmall(datastore, listPath);
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.NOT_FOUND) {
        return new VmsdFile.Parsed(List.of(), 0, 0);
      }
      throw e;
    } catch (IllegalArgumentException e) {
      throw badSnapshots(listPath, e);
    }
    try {
      return VmsdFile.parse(VmDictionary.decode(bytes));
    } catch (IllegalArgumentException e) {
      throw badSnapshots(listPath, e);
    }
  }

  private static MethodFaultException badSnapshots(String listPath, IllegalArgumentException e) {
    return new MethodFaultException(
        FaultType.INVALID_SNAPSHOT_FORMAT, "%s: %s".formatted(listPath, e.getMessage()), e);
  }

  private VirtualDisk readDisk(
      VmxFile.Node node, VmsdFile.Parsed snapshots, SplittableRandom random) {
    String livePath = pathOf(node.fileName());
    Set<String> tops = new LinkedHashSet<>(Set.of(livePath));
    for (VmsdFile.Line line : snapshots.lines()) {
      stateOf(line, node).ifPresent(tops::add);
    }
    Map<String, DiskLayer> layers = new HashMap<>();
    ChainLink live = null;
    for (String top : tops) {
      for (ChainLink link : ChainLink.readAll(datastore, top)) {
        layers.computeIfAbsent(link.path(), key -> layer(link));
        live = link.path().equals(livePath) ? link : live;
      }
    }
    long capacity = live.descriptor().capacityBytes();
    boolean thin = live.isRedoLog() || live.descriptor().isThin();
    DiskFormat format = thin ? DiskFormat.THIN : DiskFormat.THICK_LAZY_ZEROED;
    return new VirtualDisk(
        datastore,
        Datastore.parentOf(livePath),
        stemOf(livePath),
        format,
        random.split(),
        new DiskState(
            capacity,
            DiskProvisioning.asAsked(format),
            DiskLayers.of(layers.values()),
            livePath,
            DiskContents.empty(capacity, random.nextLong()),
            false));
  }

  private String pathOf(String fileName) {
    String prefix = "/vmfs/volumes/%s/".formatted(datastore.name());
    if (fileName.startsWith(prefix)) {
      return VmPaths.resolve("", fileName.substring(prefix.length()));
    }
    if (fileName.startsWith("/")) {
      throw new IllegalArgumentException(
          "disk \"%s\"; allowed: a file in the VM's directory, or %s..."
              .formatted(fileName, prefix));
    }
    return VmPaths.resolve(directory, fileName);
  }

  private Optional<String> stateOf(VmsdFile.Line line, VmxFile.Node node) {
    int disk = line.diskNodes().indexOf(node.node());
    return disk < 0 ? Optional.empty() : Optional.of(pathOf(line.diskFileNames().get(disk)));
  }

  private DiskLayer layer(ChainLink link) {
    DatastoreFile data = datastore.open(link.extentPath());
    if (link.isRedoLog()) {
      return new DiskLayer(
          link.path(), DiskLayer.Kind.REDO_LOG, link.redoLogFormat(), link.parentPath(), data);
    }
    if (link.descriptor().isNativeSnapshot()) {
      return new DiskLayer(
          link.path(), DiskLayer.Kind.NATIVE_SNAPSHOT, null, link.parentPath(), data);
    }
    return new DiskLayer(link.path(), DiskLayer.Kind.BASE, null, null, link.openFlat(datastore));
  }

  /** The name from which those of redo logs are made: without the number of one. */
  private static String stemOf(String descriptorPath) {
    String name = descriptorPath.substring(descriptorPath.lastIndexOf('/') + 1);
    return name.substring(0, name.length() - ".vmdk".length()).replaceFirst("-\\d{6}$", "");
  }

  private SnapshotTree tree(
      VmsdFile.Parsed parsed, List<VmxFile.Node> nodes, List<VirtualDisk> disks) {
    List<VmSnapshot> snapshots = new ArrayList<>();
    for (VmsdFile.Line line : parsed.lines()) {
      List<VmSnapshot.Disk> states = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        Optional<String> state = stateOf(line, nodes.get(i));
        if (state.isPresent()) {
          states.add(new VmSnapshot.Disk(state.get(), disks.get(i).contents(), false));
        }
      }
      snapshots.add(line.snapshot().withDisks(states));
    }
    return new SnapshotTree(snapshots, parsed.currentId(), parsed.lastId());
  }
}
