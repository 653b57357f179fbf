/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.block.payload.FilePayload;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;

/**
 * Loads a store from its tables and rows. It counts again what was not stored, and compares the
 * count with what was stored.
 */
final class StoreLoader {
  private final int volume;
  private final MetadataStore metadata;
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final FilePayload payload;

  /** One more than the last slot that the tables name. */
  private long endSlot;

  StoreLoader(int volume, MetadataStore metadata, Ledger ledger, FilePayload payload) {
    this.volume = volume;
    this.metadata = metadata;
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.payload = payload;
  }

  /**
   * Loads the block maps, which must be there before names are.
   *
   * @throws ArrayException IO, which names what is damaged
   */
  void loadMaps() {
    metadata.load(
        RecordKind.MAP,
        volume,
        (kind, id, owner, number, bytes) ->
            MapRow.read(ledger.files.restore(Math.toIntExact(number)), bytes));
    ledger.files.restored();
  }

  /**
   * Loads into empty tables. Maps may be loaded at the same time.
   *
   * @throws ArrayException IO, which names what is damaged; NO_SPACE if there is no direct memory
   */
  void loadTables() {
    metadata.load(RecordKind.NODES, volume, (kind, id, owner, at, bytes) -> nodes.load(at, bytes));
    metadata.load(
        RecordKind.BLOCKS, volume, (kind, id, owner, at, bytes) -> blocks.load(at, bytes));
  }

  /**
   * Joins maps and tables.
   *
   * @param stored the totals when the volume was last cut
   * @throws ArrayException IO, which names what differs
   */
  void join(StoreTotals stored) {
    try {
      long used = countCharges();
      nodes.rebuild(stored.pendingNode());
      blocks.rebuild();
      adoptPayload(stored.pendingNode());
      ledger.restore(used, stored.pendingNode());
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw new ArrayException(ArrayError.IO, "volume " + volume + " is damaged: " + e);
    }
    StoreTotals counted = ledger.totals();
    if (!counted.equals(stored)) {
      throw new ArrayException(
          ArrayError.IO,
          "volume " + volume + " is damaged: stored " + stored + ", counted " + counted);
    }
  }

  /**
   * Compares every file's charge with the blocks that name it as owner. Returns how many blocks
   * there are.
   */
  private long countCharges() {
    long[] charges = new long[ledger.files.end()];
    long used = blocks.countCharges(charges);
    for (FileMap file : ledger.files.all()) {
      if (charges[file.number] != file.charged) {
        throw new ArrayException(
            ArrayError.IO,
            "volume %d is damaged: map %d is charged %d blocks, owns %d"
                .formatted(volume, file.number, file.charged, charges[file.number]));
      }
    }
    return used;
  }

  /** Marks the slots to which leaves, also waiting ones, and single-block files lead. */
  private void adoptPayload(int firstWaiting) {
    int end = nodes.endId();
    for (int node = 1; node < end; node++) {
      nodes.setStamp(node, 0);
      if (nodes.count(node) > 0) {
        adoptLeaf(node);
      }
    }
    for (int node = firstWaiting; node != 0; node = nodes.parents(node)) {
      adoptLeaf(node);
    }
    for (FileMap file : ledger.files.all()) {
      if (FileMap.height(file.root()) == 0) {
        adopt(FileMap.pointer(file.root()));
      }
    }
  }

  private void adoptLeaf(int node) {
    if (nodes.level(node) != 1) {
      return;
    }
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      adopt(nodes.pointer(node, slot));
    }
  }

  private void adopt(long pointer) {
    if (pointer != 0 && BlockTable.isPayload(pointer)) {
      int slot = (int) blocks.value((int) pointer);
      payload.slots().adopt(slot);
      endSlot = Math.max(endSlot, Integer.toUnsignedLong(slot) + 1);
    }
  }

  /** How large the payload must be at least, after {@link #join}. */
  long payloadBytes() {
    return endSlot * BlockTable.BLOCK_BYTES;
  }
}
