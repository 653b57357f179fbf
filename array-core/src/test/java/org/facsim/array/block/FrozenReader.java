/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.table.NodeTable;

/**
 * A reader that was stopped in mid-air: it announced itself and followed pointers down to some
 * level of one file, and holds what it found there. Whatever happens meanwhile, what it reads in
 * the end must be something that this file had at this block since it was stopped.
 */
final class FrozenReader {
  private final BlockStore store;
  private final VolumeModel model;
  private final VolumeModel.File file;
  private final long block;
  private final int ticket;
  private final List<byte[]> allowed = new ArrayList<>();
  private int level;
  private long pointer;

  FrozenReader(
      BlockStore store,
      VolumeModel model,
      FileMap map,
      VolumeModel.File file,
      long block,
      SplittableRandom random) {
    this.store = store;
    this.model = model;
    this.file = file;
    this.block = block;
    ticket = store.epochs().enter();
    long root = map.root();
    level = FileMap.height(root);
    pointer = block >>> NodeTable.spanShift(level) == 0 ? FileMap.pointer(root) : 0;
    int stopAt = random.nextInt(level + 1);
    while (level > stopAt && pointer != 0) {
      descend();
    }
    observe();
  }

  /** The model moved on. */
  void observe() {
    if (!model.files.contains(file)) {
      return;
    }
    byte[] now = model.contentOf(file, block);
    if (allowed.isEmpty() || !Arrays.equals(now, allowed.get(allowed.size() - 1))) {
      allowed.add(now);
    }
  }

  /** Goes on reading, and leaves. */
  void thaw() {
    while (level > 0 && pointer != 0) {
      descend();
    }
    ByteBuffer seen = ByteBuffer.allocate(BlockStore.BLOCK_BYTES);
    store.reader().copyBlock(pointer, 0, seen, 0, BlockStore.BLOCK_BYTES);
    store.epochs().exit(ticket);
    assertThat(allowed.stream().anyMatch(content -> Arrays.equals(content, seen.array())))
        .as("a reader stopped at block %d of a file saw what the file had", block)
        .isTrue();
  }

  private void descend() {
    pointer = store.ledger().nodes.pointer((int) pointer, NodeTable.indexOf(level, block));
    level--;
  }
}
