/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.Words;

/**
 * Recounts a whole volume from its files' roots and from the nodes that wait for reclaim, and
 * compares with every figure that {@link Ledger} keeps incrementally. It is slow and simple on
 * purpose, and shares no code with what it checks, except the tables' accessors. It needs 12 bytes
 * for each block and 13 for each node.
 *
 * <p>Checked: levels; counts and XORs of all nodes and blocks; {@code mapped} and {@code own} of
 * all nodes; no attached empty node; waiting nodes have count 0 and are reached from no file;
 * files' mapped, own and charged; the volume's used, referenced, reserved, retained and pending;
 * exclusive space against a count of distinct files per block; each payload slot in one block, no
 * payload that one word could stand for; no record in use that nothing reaches.
 */
final class StoreAudit {
  private static final int SHARED = -1;

  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final AuditFindings problems = new AuditFindings();

  /**
   * For each node: its level, 0 if nothing reaches it; how many parents hold it; the XOR of their
   * names.
   */
  private final byte[] levels;

  private final int[] nodeEdges;
  private final int[] nodeParents;

  /** The same for each block. */
  private final int[] blockEdges;

  private final int[] blockParents;
  private final BitSet asWord = new BitSet();
  private final BitSet asPayload = new BitSet();

  private StoreAudit(Ledger ledger) {
    this.ledger = ledger;
    nodes = ledger.nodes;
    blocks = ledger.blocks;
    levels = new byte[nodes.endId()];
    nodeEdges = new int[nodes.endId()];
    nodeParents = new int[nodes.endId()];
    blockEdges = new int[blocks.endId()];
    blockParents = new int[blocks.endId()];
  }

  /** Returns what differs, in words; empty if all is well. The lock is held. */
  static List<String> of(BlockStore store) {
    StoreAudit audit = new StoreAudit(store.ledger());
    audit.run(store);
    return audit.problems.lines();
  }

  private void run(BlockStore store) {
    Iterable<FileMap> files = ledger.files.all();
    for (FileMap file : files) {
      edge(FileMap.height(file.root()), FileMap.pointer(file.root()), file.name());
    }
    BitSet attached = new BitSet();
    for (int node = 1; node < levels.length; node++) {
      attached.set(node, levels[node] > 0);
    }
    for (int node = ledger.detached.top(); node != 0; node = nodes.parents(node)) {
      check(!attached.get(node), "waiting node is attached", node);
      same(0, nodes.count(node), "count of waiting node", node);
      if (levels[node] == 0) {
        levels[node] = (byte) nodes.level(node);
      }
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
    if (id <= 0 || id >= (level == 0 ? blockEdges : nodeEdges).length) {
      check(false, "pointer of level " + level + " leads nowhere:", id);
      return;
    }
    if (level == 0) {
      blockEdges[id]++;
      blockParents[id] ^= parent;
      (BlockTable.isPayload(pointer) ? asPayload : asWord).set(id);
      return;
    }
    nodeEdges[id]++;
    nodeParents[id] ^= parent;
    same(level, nodes.level(id), "level of node", id);
    if (levels[id] == 0) {
      levels[id] = (byte) level;
      children(id);
    }
  }

  private void children(int node) {
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      edge(nodes.level(node) - 1, nodes.pointer(node, slot), node);
    }
  }

  private void checkNodes(BitSet attached) {
    long pendingOwn = 0;
    long pendingNodes = 0;
    long reached = 0;
    for (int level = 1; level <= NodeTable.MAX_HEIGHT; level++) {
      for (int node = 1; node < levels.length; node++) {
        if (levels[node] == 0 || nodes.level(node) != level) {
          continue;
        }
        reached++;
        same(nodeEdges[node], nodes.count(node), "count of node", node);
        long mapped = 0;
        long own = 0;
        for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
          long pointer = nodes.pointer(node, slot);
          if (pointer != 0) {
            mapped += level == 1 ? 1 : nodes.mapped((int) pointer);
            own += weight(level - 1, (int) pointer);
          }
        }
        same(own, nodes.own(node), "own of node", node);
        if (attached.get(node)) {
          same(nodeParents[node], nodes.parents(node), "parents of node", node);
          same(mapped, nodes.mapped(node), "mapped of node", node);
          check(mapped > 0, "attached node is empty", node);
        } else if (nodes.count(node) == 0) {
          pendingOwn += own;
          pendingNodes++;
        }
      }
    }
    same(pendingOwn, ledger.detached.blocks(), "blocks on their way back", 0);
    same(pendingNodes, ledger.detached.count(), "nodes waiting for reclaim", 0);
    same(reached, nodes.inUse(), "nodes in use", 0);
  }

  private long weight(int level, int id) {
    if (level == 0) {
      return blockEdges[id] == 1 ? 1 : 0;
    }
    return nodeEdges[id] == 1 ? nodes.own(id) : 0;
  }

  private void checkBlocks() {
    BitSet slots = new BitSet();
    long reached = 0;
    for (int block = 1; block < blockEdges.length; block++) {
      if (blockEdges[block] == 0) {
        continue;
      }
      reached++;
      same(blockEdges[block], blocks.count(block), "count of block", block);
      same(blockParents[block], blocks.parents(block), "parents of block", block);
      if (asPayload.get(block)) {
        check(!asWord.get(block), "block is named as word and as payload", block);
        long value = blocks.value(block);
        int slot = (int) value;
        check(slot > 0 && !slots.get(slot), "payload slot is in two blocks, or none", slot);
        slots.set(Math.max(0, slot));
        checkPayload(block, value);
      }
    }
    same(reached, blocks.inUse(), "entries in use", 0);
    same(reached, ledger.capacity.used(), "used blocks", 0);
  }

  private void checkPayload(int block, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(BlockTable.BLOCK_BYTES);
    try {
      ledger.payload.copyOut(value, 0, bytes, 0, BlockTable.BLOCK_BYTES);
      check(!Words.isUniform(bytes, 0), "payload of block is one word", block);
    } catch (ArrayException e) {
      problems.add("block " + block + ": " + e.getMessage());
    }
  }

  private void checkFiles(Iterable<FileMap> files) {
    long[] charges = new long[ledger.files.end()];
    for (int block = 1; block < blockEdges.length; block++) {
      if (blockEdges[block] > 0) {
        int owner = blocks.owner(block);
        boolean exists = owner > 0 && owner < charges.length;
        check(exists, "owner of block does not exist", block);
        if (exists) {
          charges[owner]++;
        }
      }
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
      same(charges[file.number], file.charged, "charged of file", file.number);
      check(!file.isReleased() || (root == 0 && file.charged > 0), "file lingers", file.number);
      referenced += file.hidden ? 0 : mapped;
      promised += file.hidden ? 0 : file.reservedBlocks();
      charged += file.charged;
      retained += file.isReleased() || file.hidden ? file.charged : 0;
    }
    same(referenced, ledger.referenced(), "referenced", 0);
    same(promised, ledger.capacity.promised(), "reserved", 0);
    same(retained, ledger.retained(), "retained", 0);
    same(charged, ledger.capacity.used(), "sum of charges", 0);
  }

  /** Exclusive figures are exact when nothing waits for reclaim, and never too high before. */
  private void checkExclusive(BlockStore store, Iterable<FileMap> files) {
    int[] holders = new int[blockEdges.length];
    int[] visitedBy = new int[nodeEdges.length];
    for (FileMap file : files) {
      long root = file.root();
      reach(FileMap.height(root), FileMap.pointer(root), file.number, holders, visitedBy);
    }
    long[] truth = new long[ledger.files.end()];
    for (int holder : holders) {
      if (holder > 0) {
        truth[holder]++;
      }
    }
    for (FileMap file : files) {
      long answer = store.figures().exclusiveBlocks(file);
      if (ledger.detached.count() == 0) {
        same(truth[file.number], answer, "exclusive of file", file.number);
      } else {
        check(answer <= truth[file.number], "too high: exclusive of file", file.number);
      }
    }
  }

  /** Notes for each block the only file that reaches it, or that several do. */
  private void reach(int level, long pointer, int file, int[] holders, int[] visitedBy) {
    int id = (int) pointer;
    if (id <= 0 || id >= (level == 0 ? holders : visitedBy).length) {
      return; // it is a hole, or was reported before
    }
    if (level == 0) {
      holders[id] = holders[id] == 0 || holders[id] == file ? file : SHARED;
    } else if (visitedBy[id] != file) {
      visitedBy[id] = file;
      for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
        reach(level - 1, nodes.pointer(id, slot), file, holders, visitedBy);
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
