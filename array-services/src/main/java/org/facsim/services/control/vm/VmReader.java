/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;

/** Reads all that is known of one VM, while nobody else uses its volume's scan. */
final class VmReader {
  /** The most files, disks or clones that are told. */
  private static final int MAX_TOLD = 4096;

  private final VolumeScan scan;
  private final Volume volume;

  VmReader(VolumeScan scan) {
    this.scan = scan;
    volume = scan.volume;
  }

  VmDetail read(VmFolder folder) {
    List<VmFile> files = new ArrayList<>();
    List<VmFolder.Entry> descriptors = new ArrayList<>();
    for (VmFolder.Entry file : folder.files) {
      if (files.size() == MAX_TOLD) {
        break;
      }
      file(file).ifPresent(files::add);
      if (file.kind == VmFileKind.DESCRIPTOR) {
        descriptors.add(file);
      }
    }
    files.sort(Comparator.comparing(VmFile::name));
    Vm now = scan.describe(folder);
    Vm told = folder.vm == null ? now : now.withVersion(folder.vm.version());
    return new VmDetail(
        told,
        volume.space().ofTree(folder.inode),
        files,
        new DiskTree(scan, folder).read(descriptors),
        snapshots(folder));
  }

  private Optional<VmFile> file(VmFolder.Entry file) {
    try {
      FileAttributes attributes = file.inode.attributes();
      return Optional.of(
          new VmFile(
              file.name,
              file.kind,
              attributes.fileId(),
              attributes.sizeBytes(),
              attributes.modifyTimeNanos(),
              volume.space().ofTree(file.inode),
              scan.snapshotsOf(attributes.fileId()).size(),
              scan.parentOf(file.inode)));
    } catch (ArrayException gone) {
      return Optional.empty();
    }
  }

  // ---------------------------------------------------------------- snapshots of the array

  private List<VmSnapshot> snapshots(VmFolder folder) {
    Map<Long, Snapshot> own = new HashMap<>();
    Map<Long, String> sources = new HashMap<>();
    add(folder.inode, "", own, sources);
    folder.files.forEach(file -> add(file.inode, file.name, own, sources));
    Map<Long, List<String>> clones = clonesOf(own.keySet());
    Map<Long, List<Snapshot>> children = new HashMap<>();
    List<Snapshot> roots = new ArrayList<>();
    own.values().stream()
        .sorted(Comparator.comparingLong(Snapshot::id))
        .forEach(
            each -> {
              if (own.containsKey(each.parentId())) {
                children.computeIfAbsent(each.parentId(), id -> new ArrayList<>()).add(each);
              } else {
                roots.add(each);
              }
            });
    return roots.stream().map(root -> tree(root, sources, clones, children)).toList();
  }

  private void add(Inode of, String name, Map<Long, Snapshot> own, Map<Long, String> sources) {
    for (Snapshot each : scan.snapshotsOf(of.fileId())) {
      if (own.size() < MAX_TOLD) {
        own.put(each.id(), each);
        sources.put(each.id(), name);
      }
    }
  }

  /** The VMs and files that were made of these snapshots, by snapshot. */
  private Map<Long, List<String>> clonesOf(Set<Long> snapshots) {
    Map<Long, List<String>> clones = new HashMap<>();
    if (snapshots.isEmpty()) {
      return clones;
    }
    for (VmFolder folder : scan.vms()) {
      note(folder.inode, folder.path(), snapshots, clones);
      String prefix = folder.path().isEmpty() ? "" : folder.path() + "/";
      for (VmFolder.Entry file : folder.files) {
        note(file.inode, prefix + file.name, snapshots, clones);
      }
    }
    return clones;
  }

  private void note(Inode clone, String path, Set<Long> snapshots, Map<Long, List<String>> clones) {
    try {
      volume
          .snapshots()
          .originOf(clone)
          .map(Snapshot::id)
          .filter(snapshots::contains)
          .ifPresent(
              id -> {
                List<String> of = clones.computeIfAbsent(id, key -> new ArrayList<>());
                if (of.size() < MAX_TOLD) {
                  of.add(path);
                }
              });
    } catch (ArrayException gone) {
      // it is no clone any more
    }
  }

  /** Without recursion into more than the snapshots that there are: each has one parent. */
  private static VmSnapshot tree(
      Snapshot root,
      Map<Long, String> sources,
      Map<Long, List<String>> clones,
      Map<Long, List<Snapshot>> children) {
    List<Snapshot> inOrder = new ArrayList<>(List.of(root));
    Set<Long> met = new HashSet<>(Set.of(root.id()));
    for (int i = 0; i < inOrder.size(); i++) {
      for (Snapshot child : children.getOrDefault(inOrder.get(i).id(), List.of())) {
        if (met.add(child.id())) {
          inOrder.add(child);
        }
      }
    }
    Map<Long, VmSnapshot> made = new HashMap<>();
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      Snapshot each = inOrder.get(i);
      List<VmSnapshot> below =
          children.getOrDefault(each.id(), List.of()).stream()
              .map(child -> made.get(child.id()))
              .filter(child -> child != null)
              .toList();
      made.put(
          each.id(),
          new VmSnapshot(
              each.name(),
              each.createdNanos(),
              each.automatic(),
              sources.getOrDefault(each.id(), ""),
              clones.getOrDefault(each.id(), List.of()),
              below));
    }
    return made.get(root.id());
  }
}
