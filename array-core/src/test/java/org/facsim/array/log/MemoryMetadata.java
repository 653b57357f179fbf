/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All batches ever appended, replayed from the first at each load: slow and simple on purpose. */
public final class MemoryMetadata implements MetadataStore {
  private record Row(long owner, long id) implements Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      int byOwner = Long.compare(owner, other.owner);
      return byOwner != 0 ? byOwner : Long.compare(id, other.id);
    }
  }

  private record Place(RecordKind kind, int volume) {}

  private final List<byte[]> batches = new ArrayList<>();
  private final Map<Place, TreeMap<Row, byte[]>> rows = new HashMap<>();
  private final Map<Place, byte[]> tables = new HashMap<>();

  public MemoryMetadata() {}

  public MemoryMetadata(MemoryMetadata other) {
    other.batches.forEach(this::apply);
  }

  @Override
  public void append(Batch batch) {
    ByteBuffer view = batch.bytes();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    apply(bytes);
  }

  private void apply(byte[] batch) {
    batches.add(batch);
    Batch.replay(ByteBuffer.wrap(batch), this::change);
  }

  private void change(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes) {
    Place place = new Place(kind, volume);
    if (kind.isTable()) {
      byte[] table = tables.getOrDefault(place, new byte[0]);
      int end = (int) id + bytes.remaining();
      if (table.length < end) {
        table = Arrays.copyOf(table, (end + 4095) & -4096);
      }
      bytes.get(0, table, (int) id, bytes.remaining());
      tables.put(place, table);
      return;
    }
    TreeMap<Row, byte[]> ofKind = rows.computeIfAbsent(place, unused -> new TreeMap<>());
    if (bytes != null) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(0, copy);
      ofKind.put(new Row(owner, id), copy);
      return;
    }
    ofKind.remove(new Row(owner, id));
    if (kind == RecordKind.VOLUME) {
      rows.keySet().removeIf(other -> other.volume() == id);
      tables.keySet().removeIf(other -> other.volume() == id);
    }
  }

  @Override
  public void load(RecordKind kind, int volume, Batch.Changes into) {
    Place place = new Place(kind, volume);
    if (kind.isTable()) {
      byte[] table = tables.getOrDefault(place, new byte[0]);
      for (int at = 0; at < table.length; at += 4096) {
        into.change(kind, volume, 0, at, little(Arrays.copyOfRange(table, at, at + 4096)));
      }
      return;
    }
    rows.getOrDefault(place, new TreeMap<>())
        .forEach((row, bytes) -> into.change(kind, volume, row.owner(), row.id(), little(bytes)));
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {}
}
