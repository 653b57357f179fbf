/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The files of a volume by number; a number is used again when nothing names it any more. */
final class FileTable {
  private FileMap[] files = new FileMap[16];
  private int next = 1;
  private int[] recycled = new int[16];
  private int recycledCount;

  FileMap create() {
    int number;
    if (recycledCount > 0) {
      number = recycled[--recycledCount];
    } else {
      number = next++;
      if (number == files.length) {
        files = Arrays.copyOf(files, number * 2);
      }
    }
    FileMap file = new FileMap(number);
    files[number] = file;
    return file;
  }

  FileMap get(int number) {
    return files[number];
  }

  /** No block is charged to the file and no edge comes from it. */
  void recycle(FileMap file) {
    files[file.number] = null;
    if (recycledCount == recycled.length) {
      recycled = Arrays.copyOf(recycled, recycledCount * 2);
    }
    recycled[recycledCount++] = file.number;
  }

  /** One more than the greatest number ever given. */
  int end() {
    return next;
  }

  /** All files that exist or are still charged for blocks. */
  List<FileMap> all() {
    List<FileMap> all = new ArrayList<>();
    for (int number = 1; number < next; number++) {
      if (files[number] != null) {
        all.add(files[number]);
      }
    }
    return all;
  }
}
