/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code .vmsd}: the tree of a VM's snapshots. Each has a unique id ({@code uid}), the id of
 * its parent if it has one, the {@code .vmsn} with its configuration, and the descriptor of each
 * disk's state. Times are microseconds since 1970, in two signed halves.
 */
final class VmsdFile {
  /** A host refuses longer lists. */
  static final int MAX_SNAPSHOTS = 496;

  private VmsdFile() {}

  /**
   * A snapshot as the file has it.
   *
   * @param snapshot with disks that have no contents yet
   * @param diskFileNames the descriptors of its disks, in the order of the file
   * @param diskNodes the places of these disks, such as {@code scsi0:0}
   */
  record Line(VmSnapshot snapshot, List<String> diskFileNames, List<String> diskNodes) {}

  /**
   * The file's text.
   *
   * @param directory of the VM; the names of descriptors are relative to it
   * @param diskNodes the places of the VM's disks
   */
  static String text(SnapshotTree tree, String directory, List<String> diskNodes) {
    VmDictionary text = VmDictionary.empty();
    if (tree.lastId() > 0) {
      text = text.with("snapshot.lastUID", Integer.toString(tree.lastId()));
    }
    if (tree.currentId() > 0) {
      text = text.with("snapshot.current", Integer.toString(tree.currentId()));
    }
    text = text.with("snapshot.numSnapshots", Integer.toString(tree.snapshots().size()));
    for (int i = 0; i < tree.snapshots().size(); i++) {
      text = snapshot(text, "snapshot" + i, tree.snapshots().get(i), directory, diskNodes);
    }
    return text.toText();
  }

  private static VmDictionary snapshot(
      VmDictionary before,
      String prefix,
      VmSnapshot snapshot,
      String directory,
      List<String> diskNodes) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, snapshot.createTime());
    VmDictionary text = before.with(prefix + ".uid", Integer.toString(snapshot.id()));
    text = text.with(prefix + ".filename", snapshot.stateFileName());
    if (snapshot.parentId() > 0) {
      text = text.with(prefix + ".parent", Integer.toString(snapshot.parentId()));
    }
    text =
        text.with(prefix + ".displayName", snapshot.name())
            .with(prefix + ".description", snapshot.description())
            .with(prefix + ".type", snapshot.memory() ? "1" : "0")
            .with(prefix + ".createTimeHigh", Integer.toString((int) (micros >> 32)))
            .with(prefix + ".createTimeLow", Integer.toString((int) micros))
            .with(prefix + ".numDisks", Integer.toString(snapshot.disks().size()));
    for (int disk = 0; disk < snapshot.disks().size(); disk++) {
      text =
          text.with(
                  "%s.disk%d.fileName".formatted(prefix, disk),
                  VmPaths.relative(directory, snapshot.disks().get(disk).descriptorPath()))
              .with("%s.disk%d.node".formatted(prefix, disk), diskNodes.get(disk));
    }
    return text;
  }

  /** What the file says of the tree. */
  record Parsed(List<Line> lines, int currentId, int lastId) {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is no list of snapshots
   */
  static Parsed parse(VmDictionary text) {
    int count = text.number("snapshot.numSnapshots").orElse(0);
    if (count < 0 || count > MAX_SNAPSHOTS) {
      throw new IllegalArgumentException(
          "snapshot.numSnapshots = \"%d\"; allowed: 0 to %d".formatted(count, MAX_SNAPSHOTS));
    }
    List<Line> lines = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    int lastId = text.number("snapshot.lastUID").orElse(0);
    for (int i = 0; i < count; i++) {
      Line line = line(text, "snapshot" + i);
      if (!ids.add(line.snapshot().id())) {
        throw new IllegalArgumentException(
            "snapshot%d.uid = \"%d\" is there twice".formatted(i, line.snapshot().id()));
      }
      lastId = Math.max(lastId, line.snapshot().id());
      lines.add(line);
    }
    for (Line line : lines) {
      requireKnown(
          ids, line.snapshot().parentId(), "the parent of snapshot " + line.snapshot().id());
    }
    int current = text.number("snapshot.current").orElse(0);
    requireKnown(ids, current, "snapshot.current");
    return new Parsed(parentsFirst(lines), current, lastId);
  }

  private static void requireKnown(Set<Integer> ids, int id, String what) {
    if (id != 0 && !ids.contains(id)) {
      throw new IllegalArgumentException("%s is %d, which is not in the list".formatted(what, id));
    }
  }

  private static List<Line> parentsFirst(List<Line> lines) {
    List<Line> ordered = new ArrayList<>();
    Set<Integer> seen = new HashSet<>(Set.of(0));
    while (ordered.size() < lines.size()) {
      int before = ordered.size();
      for (Line line : lines) {
        if (!seen.contains(line.snapshot().id()) && seen.contains(line.snapshot().parentId())) {
          seen.add(line.snapshot().id());
          ordered.add(line);
        }
      }
      if (ordered.size() == before) {
        throw new IllegalArgumentException("snapshots that are their own ancestors");
      }
    }
    return ordered;
  }

  private static Line line(VmDictionary text, String prefix) {
    int id =
        text.number(prefix + ".uid")
            .orElseThrow(() -> new IllegalArgumentException(prefix + ".uid is missing"));
    if (id <= 0) {
      throw new IllegalArgumentException("%s.uid = \"%d\"; allowed: above 0".formatted(prefix, id));
    }
    List<String> names = new ArrayList<>();
    List<String> nodes = new ArrayList<>();
    int disks = text.number(prefix + ".numDisks").orElse(0);
    if (disks < 0 || disks > VmSpec.MAX_DISKS) {
      throw new IllegalArgumentException(
          "%s.numDisks = \"%d\"; allowed: 0 to %d".formatted(prefix, disks, VmSpec.MAX_DISKS));
    }
    for (int disk = 0; disk < disks; disk++) {
      String key = "%s.disk%d".formatted(prefix, disk);
      names.add(
          text.get(key + ".fileName")
              .orElseThrow(() -> new IllegalArgumentException(key + ".fileName is missing")));
      nodes.add(text.get(key + ".node").orElse(""));
    }
    long high = text.number(prefix + ".createTimeHigh").orElse(0);
    long low = Integer.toUnsignedLong(text.number(prefix + ".createTimeLow").orElse(0));
    VmSnapshot snapshot =
        new VmSnapshot(
            id,
            text.number(prefix + ".parent").orElse(0),
            text.get(prefix + ".displayName").orElse(""),
            text.get(prefix + ".description").orElse(""),
            Instant.EPOCH.plus((high << 32) | low, ChronoUnit.MICROS),
            text.get(prefix + ".type").orElse("0").equals("1"),
            Optional.empty(),
            text.get(prefix + ".filename").orElse(""),
            List.of());
    return new Line(snapshot, names, nodes);
  }
}
