/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.ArrayException;

/**
 * Recounts a whole volume from its files' roots and from the nodes that wait for reclaim, and
 * compares with every figure that {@link Ledger} keeps incrementally. Slow and simple on purpose:
 * it shares no code with what it checks, but for the tables' accessors.
 *
 * <p>Checked: levels; counts and XORs of all nodes and blocks; {@code mapped} and {@code own} of
 * all nodes; no attached empty node; waiting nodes have count 0 and are reached from no file;
 * files' mapped, own and charged; the volume's used, referenced, reserved, retained and pending;
 * exclusive space against a count of distinct files per block; each payload slot in one block, no
 * payload that one word could stand for; no record in use that nothing reaches.
 */
final class StoreAudit {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final List<String> problems = new ArrayList<>();

  /** Level by node, in the order of discovery: parents of files first, not topological. */
  private final Map<Integer, Integer> levels = new LinkedHashMap<>();

  private final Map<Integer, Integer> nodeEdges = new HashMap<>();
  private final Map<Integer, Integer> nodeParents = new HashMap<>();
  private final Map<Integer, Integer> blockEdges = new HashMap<>();
  private final Map<Integer, Integer> blockParents = new HashMap<>();
  private final Map<Integer, Long> blockPointers = new HashMap<>();

  private StoreAudit(Ledger ledger) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
  }

  /** What differs, in words; empty if all is well. The lock is held. */
  static List<String> of(BlockStore store) {
    StoreAudit audit = new StoreAudit(store.ledger());
    audit.run(store);
    return audit.problems;
  }

  private void run(BlockStore store) {
    List<FileMap> files = ledger.files.all();
    for (FileMap file : files) {
      edge(FileMap.height(file.root()), FileMap.pointer(file.root()), file.name());
    }
    Set<Integer> attached = new HashSet<>(levels.keySet());
    for (int node = ledger.pendingStack(); node != 0; node = nodes.parents(node)) {
      check(!attached.contains(node), "waiting node is attached", node);
      same(0, nodes.count(node), "count of waiting node", node);
      levels.putIfAbsent(node, nodes.level(node));
      children(node);
    }
    checkNodes(attached);
    checkBlocks();
    checkFiles(files);
    checkExclusive(store, files);
  }

  private void edge(int level, long pointer, int parent) {
    if (pointer == 0) {
      return;
    }
    int id = (int) pointer;
    if (level == 0) {
      blockEdges.merge(id, 1, Integer::sum);
      blockParents.merge(id, parent, (a, b) -> a ^ b);
      Long before = blockPointers.put(id, pointer);
      check(before == null || before == pointer, "block is named as word and as payload", id);
      return;
    }
    nodeEdges.merge(id, 1, Integer::sum);
    nodeParents.merge(id, parent, (a, b) -> a ^ b);
    same(level, nodes.level(id), "level of node", id);
    if (levels.putIfAbsent(id, level) == null) {
      children(id);
    }
  }

  private void children(int node) {
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      edge(nodes.level(node) - 1, nodes.slot(node, slot), node);
    }
  }

  private void checkNodes(Set<Integer> attached) {
    long pendingOwn = 0;
    long pendingNodes = 0;
    for (int level = 1; level <= NodeTable.MAX_HEIGHT; level++) {
      for (int node : levels.keySet()) {
        if (nodes.level(node) != level) {
          continue;
        }
        same(nodeEdges.getOrDefault(node, 0), nodes.count(node), "count of node", node);
        long mapped = 0;
        long own = 0;
        for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
          long pointer = nodes.slot(node, slot);
          if (pointer != 0) {
            mapped += level == 1 ? 1 : nodes.mapped((int) pointer);
            own += weight(level - 1, (int) pointer);
          }
        }
        same(own, nodes.own(node), "own of node", node);
        if (attached.contains(node)) {
          same(nodeParents.get(node), nodes.parents(node), "parents of node", node);
          same(mapped, nodes.mapped(node), "mapped of node", node);
          check(mapped > 0, "attached node is empty", node);
        } else if (nodes.count(node) == 0) {
          pendingOwn += own;
          pendingNodes++;
        }
      }
    }
    same(pendingOwn, ledger.pending(), "blocks on their way back", 0);
    same(pendingNodes, ledger.pendingNodes(), "nodes waiting for reclaim", 0);
    same(levels.size(), nodes.inUse(), "nodes in use", 0);
  }

  private long weight(int level, int id) {
    if (level == 0) {
      return blockEdges.get(id) == 1 ? 1 : 0;
    }
    return nodeEdges.get(id) == 1 ? nodes.own(id) : 0;
  }

  private void checkBlocks() {
    Set<Long> slots = new HashSet<>();
    blockPointers.forEach(
        (block, pointer) -> {
          same(blockEdges.get(block), blocks.count(block), "count of block", block);
          same(blockParents.get(block), blocks.parents(block), "parents of block", block);
          if (BlockTable.isPayload(pointer)) {
            long value = blocks.value(block);
            long slot = value & 0xffff_ffffL;
            check(slots.add(slot), "payload slot is in two blocks", slot);
            checkPayload(block, value);
          }
        });
    same(blockPointers.size(), blocks.inUse(), "entries in use", 0);
    same(blockPointers.size(), ledger.used(), "used blocks", 0);
  }

  private void checkPayload(int block, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(BlockStore.BLOCK_BYTES);
    try {
      ledger.payload.copyOut(value, 0, bytes, 0, BlockStore.BLOCK_BYTES);
      check(!Words.isUniform(bytes, 0), "payload of block is one word", block);
    } catch (ArrayException e) {
      problems.add("block " + block + ": " + e.getMessage());
    }
  }

  private void checkFiles(List<FileMap> files) {
    Map<Integer, Long> charges = new HashMap<>();
    for (int block : blockPointers.keySet()) {
      charges.merge(blocks.owner(block), 1L, Long::sum);
    }
    long referenced = 0;
    long promised = 0;
    long retained = 0;
    long charged = 0;
    for (FileMap file : files) {
      int height = FileMap.height(file.root());
      int root = (int) FileMap.pointer(file.root());
      long mapped = root == 0 ? 0 : height == 0 ? 1 : nodes.mapped(root);
      same(mapped, file.mapped, "mapped of file", file.number);
      same(root == 0 ? 0 : weight(height, root), file.own, "own of file", file.number);
      same(charges.getOrDefault(file.number, 0L), file.charged, "charged of file", file.number);
      check(!file.released || (root == 0 && file.charged > 0), "file lingers", file.number);
      referenced += mapped;
      promised += file.reservedBlocks();
      charged += file.charged;
      retained += file.released ? file.charged : 0;
    }
    same(referenced, ledger.referenced(), "referenced", 0);
    same(promised, ledger.promised(), "reserved", 0);
    same(retained, ledger.retained(), "retained", 0);
    same(charged, ledger.used(), "sum of charges", 0);
  }

  /** Exact when nothing waits for reclaim; never too high before. */
  private void checkExclusive(BlockStore store, List<FileMap> files) {
    Map<Integer, Integer> holders = new HashMap<>();
    Map<FileMap, Set<Integer>> reached = new HashMap<>();
    for (FileMap file : files) {
      Set<Integer> found = new HashSet<>();
      reach(FileMap.height(file.root()), FileMap.pointer(file.root()), found, new HashSet<>());
      reached.put(file, found);
      found.forEach(block -> holders.merge(block, 1, Integer::sum));
    }
    for (FileMap file : files) {
      long truth = reached.get(file).stream().filter(block -> holders.get(block) == 1).count();
      long answer = store.exclusiveBlocks(file);
      if (ledger.pendingNodes() == 0) {
        same(truth, answer, "exclusive of file", file.number);
      } else {
        check(answer <= truth, "too high: exclusive of file", file.number);
      }
    }
  }

  private void reach(int level, long pointer, Set<Integer> found, Set<Integer> visited) {
    int id = (int) pointer;
    if (id == 0) {
      return;
    }
    if (level == 0) {
      found.add(id);
    } else if (visited.add(id)) {
      for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
        reach(level - 1, nodes.slot(id, slot), found, visited);
      }
    }
  }

  private void same(long expected, long kept, String what, long id) {
    if (expected != kept) {
      problems.add(what + " " + id + ": kept " + kept + ", counted " + expected);
    }
  }

  private void check(boolean holds, String problem, long id) {
    if (!holds) {
      problems.add(problem + " " + id);
    }
  }
}
