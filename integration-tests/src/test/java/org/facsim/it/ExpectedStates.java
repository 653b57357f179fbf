/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link KillStatesIT} expects of an array and its named states; each change makes another.
 */
record ExpectedStates(Contents live, Map<String, Contents> states) {
  static final int BLOCK_BYTES = 4096;

  /** Of each file. */
  static final int BLOCKS = 8;

  /**
   * A file.
   *
   * @param blocks which write each block is from, 0 for a hole; what lies beyond the end is one
   */
  record Content(long sizeBytes, List<Long> blocks) {
    static final Content EMPTY = new Content(0, Collections.nCopies(BLOCKS, 0L));

    Content written(int block, long write) {
      List<Long> changed = new ArrayList<>(blocks);
      changed.set(block, write);
      return new Content(Math.max(sizeBytes, (block + 1L) * BLOCK_BYTES), List.copyOf(changed));
    }

    Content cut(int count) {
      List<Long> changed = new ArrayList<>(blocks);
      changed.subList(count, BLOCKS).replaceAll(write -> 0L);
      return new Content((long) count * BLOCK_BYTES, List.copyOf(changed));
    }
  }

  /** What an array has. */
  record Contents(Map<String, Content> files) {
    Contents with(String name, Content content) {
      Map<String, Content> changed = new TreeMap<>(files);
      changed.put(name, content);
      return new Contents(changed);
    }

    Contents without(String name) {
      Map<String, Content> changed = new TreeMap<>(files);
      changed.remove(name);
      return new Contents(changed);
    }
  }

  ExpectedStates withLive(Contents contents) {
    return new ExpectedStates(contents, states);
  }

  ExpectedStates withState(String name, Contents contents) {
    Map<String, Contents> changed = new TreeMap<>(states);
    if (contents == null) {
      changed.remove(name);
    } else {
      changed.put(name, contents);
    }
    return new ExpectedStates(live, changed);
  }
}
