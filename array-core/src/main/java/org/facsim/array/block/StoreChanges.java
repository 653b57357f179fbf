/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.FileTable;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.Reservations;
import org.facsim.array.block.payload.FilePayload;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.DirtyLines;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Group;
import org.facsim.array.log.RecordKind;

/**
 * What a durable store tells its transaction groups: pieces of the node and block tables, and rows
 * of block maps. It does not tell them free lists, limbo and totals, because {@link StoreLoader}
 * finds them again.
 */
public final class StoreChanges {
  /**
   * Cutting this many changed lines takes about a millisecond. With more of them, the group should
   * be closed.
   */
  private static final int MANY_LINES = 16 << 10;

  /** Hears of changes, under the volume's lock. */
  public interface Listener {
    /** Something has to be made durable. */
    void changed();

    /** So much has changed that a cut will soon take long. */
    void hurry();

    /** This many bytes of the tables wait for a cut. */
    default void waiting(long tableBytes) {}

    /** Whether the background should pause because much waits for a cut. */
    default boolean isBehind() {
      return false;
    }
  }

  private final int volume;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final FileTable files;
  private final FilePayload payload;
  private final Listener listener;
  private final DirtyLines dirtyNodes = new DirtyLines();
  private final DirtyLines dirtyBlocks = new DirtyLines();

  StoreChanges(int volume, Ledger ledger, FilePayload payload, Listener listener) {
    this.volume = volume;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.files = ledger.files;
    this.payload = payload;
    this.listener = listener;
  }

  /** From now on changes are noted. */
  void start() {
    nodes.track(dirtyNodes);
    blocks.track(dirtyBlocks);
    files.track();
  }

  /** A mutation ends. The lock is held. */
  void changed() {
    int lines = dirtyNodes.count() + dirtyBlocks.count();
    if (lines > 0 || files.hasDirty()) {
      listener.changed();
      listener.waiting((long) lines * DirtyLines.CUT_BYTES);
    }
    if (lines >= MANY_LINES) {
      listener.hurry();
    }
  }

  /** Whether the background should pause. Takes no lock. */
  boolean isBehind() {
    return listener.isBehind();
  }

  /**
   * Puts what changed since the last cut into the group, and the payload that it needs. The
   * volume's lock is held.
   */
  public void cut(Group group) {
    Batch into = group.batch();
    nodes.cut(dirtyNodes, RecordKind.NODES, volume, into);
    blocks.cut(dirtyBlocks, RecordKind.BLOCKS, volume, into);
    files.cut(
        (number, file) -> {
          if (file == null) {
            into.remove(RecordKind.MAP, volume, 0, number);
          } else {
            into.put(RecordKind.MAP, volume, 0, number, rowOf(file));
          }
        });
    group.needs(payload.cut(volume, group.number()));
  }

  /** The group is durable. The space that it freed may be used again. */
  public void durable(long group) {
    payload.slots().durable(group);
  }

  private static ByteBuffer rowOf(FileMap file) {
    Reservations promised = file.reservations();
    int ranges = promised == null ? 0 : promised.rangeCount();
    ByteBuffer row = ByteBuffer.allocate(MapRow.bytes(ranges)).order(ByteOrder.LITTLE_ENDIAN);
    MapRow.write(file, row);
    return row.flip();
  }
}
