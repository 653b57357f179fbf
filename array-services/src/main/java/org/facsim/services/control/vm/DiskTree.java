/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the descriptors of a VM into the tree that they form: a redo log names its parent by a hint,
 * relative to its own directory or below a datastore. A parent in another directory, as linked
 * clones have it, is looked up there.
 */
final class DiskTree {
  private static final String MAGIC = "# Disk DescriptorFile";
  private static final String NO_PARENT = "ffffffff";
  private static final long SECTOR_BYTES = 512;

  /** How long a chain of parents is followed. */
  private static final int MAX_CHAIN = 256;

  private static final int MAX_DISKS = 4096;

  private static final Pattern EXTENT =
      Pattern.compile("^(?:RW|RDONLY|NOACCESS)\\s+(\\d{1,15})\\s+\\S+(?:\\s+\"([^\"]*)\".*)?$");

  private final VolumeScan scan;
  private final VmFolder folder;
  private final Map<String, Descriptor> byPath = new LinkedHashMap<>();

  DiskTree(VolumeScan scan, VmFolder folder) {
    this.scan = scan;
    this.folder = folder;
  }

  /** One descriptor as it is written. */
  private static final class Descriptor {
    final String path;
    final Map<String, String> settings;
    final List<String> extents = new ArrayList<>();
    final List<Descriptor> children = new ArrayList<>();
    long capacityBytes;
    String problem = "";

    Descriptor(String path, String text) {
      this.path = path;
      settings = TextFile.settings(text);
      for (String line : text.split("\n", -1)) {
        Matcher extent = EXTENT.matcher(line.trim());
        if (extent.matches()) {
          capacityBytes += Long.parseLong(extent.group(1)) * SECTOR_BYTES;
          if (extent.group(2) != null) {
            extents.add(extent.group(2));
          }
        }
      }
    }

    String get(String name) {
      return settings.getOrDefault(name, "").toLowerCase(Locale.ROOT);
    }

    String hint() {
      return settings.getOrDefault("parentfilenamehint", "");
    }

    boolean hasParent() {
      return !hint().isEmpty()
          || (!get("parentcid").isEmpty() && !get("parentcid").equals(NO_PARENT));
    }
  }

  List<VmDisk> read(List<VmFolder.Entry> descriptors) {
    String prefix = prefix(folder.path());
    descriptors.stream()
        .limit(MAX_DISKS)
        .forEach(
            file -> {
              String text = TextFile.read(file.inode);
              if (text.startsWith(MAGIC)) {
                byPath.put(prefix + file.name, new Descriptor(prefix + file.name, text));
              }
            });
    List.copyOf(byPath.values()).forEach(this::hang);
    return roots().stream().map(root -> disk(root, 0)).toList();
  }

  /** Whatever is nobody's child; of descriptors that lead back to themselves, the first one. */
  private List<Descriptor> roots() {
    Set<Descriptor> below = new HashSet<>();
    byPath.values().forEach(each -> below.addAll(each.children));
    List<Descriptor> roots = new ArrayList<>();
    Set<Descriptor> reached = new HashSet<>();
    for (Descriptor each : byPath.values()) {
      if (!below.contains(each)) {
        roots.add(each);
        reach(each, reached);
      }
    }
    for (Descriptor each : byPath.values()) {
      if (!reached.contains(each)) {
        each.problem = "its parents lead back to it";
        byPath.values().forEach(other -> other.children.remove(each));
        roots.add(each);
        reach(each, reached);
      }
    }
    return roots;
  }

  private static void reach(Descriptor from, Set<Descriptor> reached) {
    Deque<Descriptor> left = new ArrayDeque<>(List.of(from));
    while (!left.isEmpty()) {
      Descriptor each = left.pop();
      if (reached.add(each)) {
        left.addAll(each.children);
      }
    }
  }

  /** Hangs a descriptor below its parent. A parent that is looked up hangs below its own. */
  private void hang(Descriptor leaf) {
    Descriptor at = leaf;
    for (int i = 0; i < MAX_CHAIN && at.hasParent(); i++) {
      String path = parentPath(at);
      boolean isKnown = byPath.containsKey(path);
      Descriptor parent = isKnown ? byPath.get(path) : lookUp(path);
      if (parent == null) {
        at.problem = "its parent '" + at.hint() + "' is not there";
        return;
      }
      adopt(parent, at);
      if (isKnown) {
        return;
      }
      byPath.put(path, parent);
      at = parent;
    }
  }

  private static void adopt(Descriptor parent, Descriptor child) {
    if (!parent.children.contains(child)) {
      parent.children.add(child);
    }
    if (!parent.get("cid").equals(child.get("parentcid"))) {
      child.problem =
          "its parent has the content id "
              + parent.get("cid")
              + ", and not "
              + child.get("parentcid");
    }
  }

  private String parentPath(Descriptor of) {
    String hint = of.hint();
    String datastore = "/" + scan.volume.name() + "/";
    int at = hint.indexOf(datastore);
    if (hint.startsWith("/") && at >= 0) {
      return hint.substring(at + datastore.length());
    }
    if (hint.startsWith("/")) { // /vmfs/volumes/DATASTORE/VM/DISK.vmdk
      int file = hint.lastIndexOf('/');
      int directory = hint.lastIndexOf('/', Math.max(0, file - 1));
      return hint.substring(directory + 1);
    }
    int slash = of.path.lastIndexOf('/');
    return slash < 0 ? hint : of.path.substring(0, slash + 1) + hint;
  }

  private Descriptor lookUp(String path) {
    int slash = path.lastIndexOf('/');
    String directory = slash < 0 ? "" : path.substring(0, slash);
    String name = path.substring(slash + 1);
    return scan.vms().stream()
        .filter(other -> other.path().equals(directory))
        .flatMap(other -> other.files.stream())
        .filter(file -> file.name.equals(name))
        .findFirst()
        .map(file -> TextFile.read(file.inode))
        .filter(text -> text.startsWith(MAGIC))
        .map(text -> new Descriptor(path, text))
        .orElse(null);
  }

  private static String prefix(String path) {
    return path.isEmpty() ? "" : path + "/";
  }

  /** Two descriptors that name each other have no base, so a chain is bounded. */
  private static VmDisk disk(Descriptor of, int depth) {
    return new VmDisk(
        of.path,
        of.get("cid"),
        of.get("parentcid"),
        of.hint(),
        of.settings.getOrDefault("createtype", ""),
        of.capacityBytes,
        of.extents,
        of.problem,
        depth == MAX_CHAIN
            ? List.of()
            : of.children.stream().map(child -> disk(child, depth + 1)).toList());
  }
}
