/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file system so naive that it can be believed: names in maps, contents as maps of small byte
 * arrays, every figure recounted by walking everything. Each operation answers the error that the
 * real one must answer, or null after doing it, and notes which nodes it touched.
 */
final class ModelVolume {
  static final int BLOCK = Volume.BLOCK_BYTES;

  /** A block: 4096 bytes that some node allocated, maybe in several maps. */
  static final class Block {
    byte[] bytes = new byte[BLOCK];
    Node owner;

    Block(Node owner) {
      this.owner = owner;
    }
  }

  /** An inode. */
  static final class Node {
    final FileType type;
    Inode real;
    int links;
    long sizeBytes;
    int mode;
    byte[] target;
    Node parent;
    final TreeMap<String, Node> entries = new TreeMap<>();
    final TreeMap<Long, Block> blocks = new TreeMap<>();

    Node(FileType type) {
      this.type = type;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }
  }

  final Node root = new Node(FileType.DIRECTORY);
  final long limitBlocks;
  final Set<Node> touched = new HashSet<>();

  ModelVolume(Inode realRoot, long limitBlocks) {
    this.limitBlocks = limitBlocks;
    root.real = realRoot;
    root.links = 2;
    root.mode = 0755;
    root.parent = root;
  }

  /** All inodes with a name, each once. */
  List<Node> nodes() {
    List<Node> found = new ArrayList<>(List.of(root));
    Set<Node> seen = new HashSet<>(found);
    for (int i = 0; i < found.size(); i++) {
      for (Node child : found.get(i).entries.values()) {
        if (seen.add(child)) {
          found.add(child);
        }
      }
    }
    return found;
  }

  /** How many maps hold each block. */
  Map<Block, Integer> counts() {
    Map<Block, Integer> counts = new HashMap<>();
    for (Node node : nodes()) {
      node.blocks.values().forEach(block -> counts.merge(block, 1, Integer::sum));
    }
    return counts;
  }

  byte[] contents(Node file) {
    byte[] data = new byte[Math.toIntExact(file.sizeBytes)];
    file.blocks.forEach(
        (index, block) -> {
          int start = Math.toIntExact(index * BLOCK);
          int count = Math.min(BLOCK, data.length - start);
          if (count > 0) {
            System.arraycopy(block.bytes, 0, data, start, count);
          }
        });
    return data;
  }

  ArrayError make(Node directory, String name, Node made) {
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (directory.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    directory.entries.put(name, made);
    touched.add(directory);
    touched.add(made);
    if (made.isDirectory()) {
      made.links = 2;
      made.parent = directory;
      directory.links++;
    } else {
      made.links = 1;
    }
    return null;
  }

  ArrayError link(Node file, Node directory, String name) {
    if (file.isDirectory()) {
      return ArrayError.IS_DIRECTORY;
    }
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (directory.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    directory.entries.put(name, file);
    file.links++;
    touched.addAll(List.of(file, directory));
    return null;
  }

  ArrayError remove(Node directory, String name, boolean asDirectory) {
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node node = directory.entries.get(name);
    if (node == null) {
      return ArrayError.NOT_FOUND;
    }
    if (asDirectory && !node.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (asDirectory && !node.entries.isEmpty()) {
      return ArrayError.NOT_EMPTY;
    }
    if (!asDirectory && node.isDirectory()) {
      return ArrayError.IS_DIRECTORY;
    }
    directory.entries.remove(name);
    touched.addAll(List.of(directory, node));
    drop(directory, node);
    return null;
  }

  private static void drop(Node directory, Node node) {
    if (node.isDirectory()) {
      node.links = 0;
      directory.links--;
    } else {
      node.links--;
    }
  }

  ArrayError rename(Node from, String oldName, Node to, String newName) {
    if (!from.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node moved = from.entries.get(oldName);
    if (moved == null) {
      return ArrayError.NOT_FOUND;
    }
    if (!to.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node target = to.entries.get(newName);
    if (target == moved) {
      return null;
    }
    if (target != null && moved.isDirectory() != target.isDirectory()) {
      return moved.isDirectory() ? ArrayError.NOT_DIRECTORY : ArrayError.IS_DIRECTORY;
    }
    if (moved.isDirectory()) {
      for (Node above = to; above != root; above = above.parent) {
        if (above == moved) {
          return ArrayError.INVALID_ARGUMENT;
        }
      }
      if (target != null && !target.entries.isEmpty()) {
        return ArrayError.NOT_EMPTY;
      }
    }
    touched.addAll(List.of(from, to, moved));
    from.entries.remove(oldName);
    to.entries.put(newName, moved);
    if (target != null) {
      touched.add(target);
      drop(to, target);
    }
    if (moved.isDirectory()) {
      from.links--;
      to.links++;
      moved.parent = to;
    }
    return null;
  }

  ArrayError write(Node file, long offsetBytes, byte[] data) {
    ArrayError wrong = wrongType(file);
    if (wrong != null || data.length == 0) {
      return wrong;
    }
    long first = offsetBytes / BLOCK;
    long last = (offsetBytes + data.length - 1) / BLOCK;
    if (!hasRoomToChange(file, first, last, true)) {
      return ArrayError.NO_SPACE;
    }
    Map<Block, Integer> counts = counts();
    for (int i = 0; i < data.length; i++) {
      long at = offsetBytes + i;
      writable(file, at / BLOCK, counts).bytes[(int) (at % BLOCK)] = data[i];
    }
    file.sizeBytes = Math.max(file.sizeBytes, offsetBytes + data.length);
    touched.add(file);
    return null;
  }

  private boolean hasRoomToChange(Node file, long first, long last, boolean holesToo) {
    Map<Block, Integer> counts = counts();
    long needed = 0;
    for (long index = first; index <= last; index++) {
      Block block = file.blocks.get(index);
      needed += block == null ? (holesToo ? 1 : 0) : counts.get(block) > 1 ? 1 : 0;
    }
    return counts.size() + needed <= limitBlocks;
  }

  private static Block writable(Node file, long index, Map<Block, Integer> counts) {
    Block block = file.blocks.get(index);
    if (block == null || counts.get(block) > 1) {
      Block own = new Block(file);
      if (block != null) {
        own.bytes = block.bytes.clone();
        counts.merge(block, -1, Integer::sum);
      }
      counts.put(own, 1);
      file.blocks.put(index, own);
      return own;
    }
    block.owner = file;
    return block;
  }

  ArrayError truncate(Node file, long sizeBytes) {
    if (file.type != FileType.REGULAR) {
      return file.isDirectory() ? ArrayError.IS_DIRECTORY : ArrayError.INVALID_ARGUMENT;
    }
    if (sizeBytes < file.sizeBytes) {
      long cutBlock = sizeBytes / BLOCK;
      int kept = (int) (sizeBytes % BLOCK);
      if (kept > 0 && file.blocks.containsKey(cutBlock)) {
        if (!hasRoomToChange(file, cutBlock, cutBlock, false)) {
          return ArrayError.NO_SPACE;
        }
        Arrays.fill(writable(file, cutBlock, counts()).bytes, kept, BLOCK, (byte) 0);
      }
      file.blocks.tailMap(kept > 0 ? cutBlock + 1 : cutBlock, true).clear();
    }
    file.sizeBytes = sizeBytes;
    touched.add(file);
    return null;
  }

  ArrayError cloneFile(Node source, Node destination) {
    if (source == destination) {
      return ArrayError.INVALID_ARGUMENT;
    }
    ArrayError wrong = wrongType(source);
    wrong = wrong == null ? wrongType(destination) : wrong;
    if (wrong != null) {
      return wrong;
    }
    destination.blocks.clear();
    destination.blocks.putAll(source.blocks);
    destination.sizeBytes = source.sizeBytes;
    touched.add(destination);
    return null;
  }

  private static ArrayError wrongType(Node file) {
    if (file.type == FileType.REGULAR) {
      return null;
    }
    return file.isDirectory() ? ArrayError.IS_DIRECTORY : ArrayError.WRONG_TYPE;
  }

  ArrayError cloneTree(Node source, Node parent, String name) {
    if (!source.isDirectory() || !parent.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (parent.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    for (Node above = parent; ; above = above.parent) {
      if (above == source) {
        return ArrayError.INVALID_ARGUMENT;
      }
      if (above == root) {
        break;
      }
    }
    Node copy = copyOf(source, parent, new HashMap<>());
    parent.entries.put(name, copy);
    parent.links++;
    touched.add(parent);
    return null;
  }

  private Node copyOf(Node original, Node parent, Map<Node, Node> copies) {
    Node known = copies.get(original);
    if (known != null) {
      known.links++;
      return known;
    }
    Node copy = new Node(original.type);
    copies.put(original, copy);
    touched.add(copy);
    copy.links = original.isDirectory() ? 2 : 1;
    copy.sizeBytes = original.sizeBytes;
    copy.mode = original.mode;
    copy.target = original.target;
    copy.parent = parent;
    copy.blocks.putAll(original.blocks);
    original.entries.forEach(
        (name, child) -> {
          copy.entries.put(name, copyOf(child, copy, copies));
          copy.links += child.isDirectory() ? 1 : 0;
        });
    return copy;
  }
}
