/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a volume should be, without trees, counts or sharing tricks: every file is a table from
 * block number to a block object, and every figure is recounted from scratch.
 */
final class VolumeModel {
  /** A physical block. Two files that hold the same object share it. */
  static final class Block {
    byte[] bytes;
    File owner;

    Block(byte[] bytes, File owner) {
      this.bytes = bytes;
      this.owner = owner;
    }
  }

  /** A file, also when it is deleted and only remembered as an owner. */
  static final class File {
    final TreeMap<Long, Block> blocks = new TreeMap<>();
    final TreeSet<Long> promised = new TreeSet<>();
    long size;
  }

  static final int BLOCK = BlockStore.BLOCK_BYTES;

  final long limit;
  final List<File> files = new ArrayList<>();

  VolumeModel(long limit) {
    this.limit = limit;
  }

  File create() {
    File file = new File();
    files.add(file);
    return file;
  }

  /** Whether the write fits: blocks needed beyond the promised ones. */
  boolean write(File file, long offset, byte[] bytes) {
    if (bytes.length == 0) {
      return true;
    }
    long first = offset / BLOCK;
    long last = (offset + bytes.length - 1) / BLOCK;
    if (!fits(file, first, last + 1)) {
      return false;
    }
    for (long number = first; number <= last; number++) {
      byte[] content = contentOf(file, number);
      long start = Math.max(offset, number * BLOCK);
      long end = Math.min(offset + bytes.length, (number + 1) * BLOCK);
      System.arraycopy(
          bytes,
          (int) (start - offset),
          content,
          (int) (start - number * BLOCK),
          (int) (end - start));
      put(file, number, content);
    }
    file.size = Math.max(file.size, offset + bytes.length);
    return true;
  }

  boolean punch(File file, long offset, long length) {
    long end = offset + length;
    long firstWhole = (offset + BLOCK - 1) / BLOCK;
    long endWhole = end / BLOCK;
    List<long[]> partial = new ArrayList<>();
    if (firstWhole > endWhole) {
      partial.add(new long[] {offset, end});
    } else {
      partial.add(new long[] {offset, firstWhole * BLOCK});
      partial.add(new long[] {endWhole * BLOCK, end});
    }
    partial.removeIf(range -> range[0] >= range[1] || !needsZeros(file, range[0] / BLOCK));
    long needed = 0;
    for (long[] range : partial) {
      needed += needed(file, range[0] / BLOCK, range[0] / BLOCK + 1);
    }
    if (needed > 0 && used() + promised() + needed > limit) {
      return false;
    }
    for (long[] range : partial) {
      long number = range[0] / BLOCK;
      byte[] content = contentOf(file, number);
      java.util.Arrays.fill(
          content, (int) (range[0] % BLOCK), (int) (range[1] - number * BLOCK), (byte) 0);
      put(file, number, content);
    }
    if (firstWhole < endWhole) {
      file.blocks.subMap(firstWhole, endWhole).clear();
      file.promised.subSet(firstWhole, endWhole).clear();
    }
    return true;
  }

  private boolean needsZeros(File file, long number) {
    Block block = file.blocks.get(number);
    return block != null && !java.util.Arrays.equals(block.bytes, new byte[BLOCK]);
  }

  boolean truncate(File file, long size) {
    if (size < file.size && !punch(file, size, BlockStore.MAX_BYTES - size)) {
      return false;
    }
    file.size = size;
    return true;
  }

  void cloneWhole(File source, File destination) {
    destination.blocks.clear();
    destination.blocks.putAll(source.blocks);
    destination.size = source.size;
  }

  void cloneRange(File source, long from, File destination, long to, long count) {
    Map<Long, Block> pieces = new HashMap<>(source.blocks.subMap(from, from + count));
    destination.blocks.subMap(to, to + count).clear();
    pieces.forEach((number, block) -> destination.blocks.put(number - from + to, block));
    destination.size = Math.max(destination.size, (to + count) * BLOCK);
  }

  boolean reserve(File file, long first, long end, boolean eagerly) {
    Map<Block, Integer> holders = holders();
    long needed = 0;
    for (long number = first; number < end; number++) {
      boolean isPrivate = holders.getOrDefault(file.blocks.get(number), 0) == 1;
      needed += isPrivate || file.promised.contains(number) ? 0 : 1;
    }
    if (needed > 0 && used() + promised() + needed > limit) {
      return false;
    }
    for (long number = first; number < end; number++) {
      Block block = file.blocks.get(number);
      if (block == null && eagerly) {
        put(file, number, new byte[BLOCK]);
      } else if (block == null || holders.get(block) > 1) {
        file.promised.add(number);
      }
    }
    return true;
  }

  void release(File file) {
    file.blocks.clear();
    file.promised.clear();
    files.remove(file);
  }

  // ---------------------------------------------------------------- figures

  long used() {
    return holders().size();
  }

  long promised() {
    return files.stream().mapToLong(file -> file.promised.size()).sum();
  }

  /** All figures, recounted in one pass. */
  Figures figures() {
    Map<Block, Set<File>> holders = new HashMap<>();
    long referenced = 0;
    for (File file : files) {
      referenced += file.blocks.size();
      file.blocks.values().forEach(b -> holders.computeIfAbsent(b, k -> new HashSet<>()).add(file));
    }
    Map<File, Long> charged = new HashMap<>();
    Map<File, Long> exclusive = new HashMap<>();
    holders.forEach(
        (block, by) -> {
          charged.merge(block.owner, 1L, Long::sum);
          if (by.size() == 1) {
            exclusive.merge(by.iterator().next(), 1L, Long::sum);
          }
        });
    long live = files.stream().mapToLong(file -> charged.getOrDefault(file, 0L)).sum();
    return new Figures(
        holders.size(), promised(), referenced, holders.size() - live, charged, exclusive);
  }

  /** Distinct blocks that the file is charged for and maps itself. */
  static long live(File file) {
    return file.blocks.values().stream().distinct().filter(b -> b.owner == file).count();
  }

  record Figures(
      long used,
      long promised,
      long referenced,
      long retained,
      Map<File, Long> chargedTo,
      Map<File, Long> exclusiveTo) {
    long charged(File file) {
      return chargedTo.getOrDefault(file, 0L);
    }

    long exclusive(File file) {
      return exclusiveTo.getOrDefault(file, 0L);
    }
  }

  byte[] contentOf(File file, long number) {
    Block block = file.blocks.get(number);
    return block == null ? new byte[BLOCK] : block.bytes.clone();
  }

  private boolean fits(File file, long first, long end) {
    long needed = needed(file, first, end);
    return needed == 0 || used() + promised() + needed <= limit;
  }

  /** Blocks that a write of the range allocates, in the order of writing, less the promised. */
  private long needed(File file, long first, long end) {
    Map<Block, Integer> holders = holders();
    long needed = 0;
    for (long number = first; number < end; number++) {
      Block block = file.blocks.get(number);
      if (block == null || holders.merge(block, -1, Integer::sum) > 0) {
        needed += file.promised.contains(number) ? 0 : 1;
      }
    }
    return needed;
  }

  private void put(File file, long number, byte[] content) {
    Block block = file.blocks.get(number);
    if (block != null && holders().get(block) == 1) {
      block.bytes = content;
      block.owner = file;
    } else {
      file.blocks.put(number, new Block(content, file));
    }
    file.promised.remove(number);
  }

  private Map<Block, Integer> holders() {
    Map<Block, Integer> holders = new HashMap<>();
    for (File file : files) {
      file.blocks.values().forEach(block -> holders.merge(block, 1, Integer::sum));
    }
    return holders;
  }
}
