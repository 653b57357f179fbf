/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Logged batches, sorted by the pages that they change. Each page is then read, changed and written
 * once, however often the batches changed it.
 */
final class Fold {
  private record Change(long id, ByteBuffer bytes) {}

  /** The greatest log number in here. */
  private final long lastNumber;

  private final TreeMap<PageKey, List<Change>> pages = new TreeMap<>();
  private final Set<Integer> removedVolumes = new TreeSet<>();
  private final int pageCount;

  Fold(long lastNumber, List<byte[]> batches) {
    this.lastNumber = lastNumber;
    for (byte[] batch : batches) {
      Batch.replay(ByteBuffer.wrap(batch), this::add);
    }
    pages.keySet().removeIf(key -> removedVolumes.contains(key.volume()));
    pageCount = pages.size();
  }

  long lastNumber() {
    return lastNumber;
  }

  int pageCount() {
    return pageCount;
  }

  /** Volumes of which nothing shall remain. */
  Set<Integer> removedVolumes() {
    return removedVolumes;
  }

  /** The next pages, at most {@code count}, still in here until {@link #done}. */
  List<PageKey> next(int count) {
    List<PageKey> keys = new ArrayList<>(Math.min(count, pages.size()));
    for (PageKey key : pages.keySet()) {
      if (keys.size() == count) {
        break;
      }
      keys.add(key);
    }
    return keys;
  }

  /** Those pages are stored. */
  void done(List<PageKey> keys) {
    keys.forEach(pages::remove);
  }

  boolean isDone() {
    return pages.isEmpty();
  }

  /**
   * The page after all changes.
   *
   * @param stored the page as it is stored, or null if it is not
   * @return null for a bundle without rows
   */
  byte[] apply(PageKey key, byte[] stored) {
    List<Change> changes = pages.get(key);
    if (key.kind().isTable()) {
      byte[] page = stored == null ? new byte[PageKey.TABLE_PAGE_BYTES] : stored;
      for (Change change : changes) {
        ByteBuffer bytes = change.bytes();
        bytes.get(0, page, (int) change.id(), bytes.remaining());
      }
      return page;
    }
    Bundle bundle = stored == null ? new Bundle() : Bundle.parse(stored);
    changes.forEach(change -> bundle.change(change.id(), change.bytes()));
    return bundle.isEmpty() ? null : bundle.toBytes();
  }

  private void add(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes) {
    if (kind.isTable()) {
      addPatch(kind, volume, id, bytes);
      return;
    }
    if (kind == RecordKind.VOLUME && bytes == null) {
      removedVolumes.add((int) id);
    }
    add(PageKey.ofRow(kind, volume, owner, id), new Change(id, bytes));
  }

  /** A piece may reach over several pages. */
  private void addPatch(RecordKind kind, int volume, long offsetBytes, ByteBuffer bytes) {
    int from = 0;
    while (from < bytes.remaining()) {
      long at = offsetBytes + from;
      int inPage = (int) at & (PageKey.TABLE_PAGE_BYTES - 1);
      int length = Math.min(bytes.remaining() - from, PageKey.TABLE_PAGE_BYTES - inPage);
      Change change = new Change(inPage, bytes.slice(from, length));
      add(PageKey.ofTable(kind, volume, at), change);
      from += length;
    }
  }

  private void add(PageKey key, Change change) {
    pages.computeIfAbsent(key, unused -> new ArrayList<>(2)).add(change);
  }
}
