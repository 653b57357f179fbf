/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArraySettings;
import org.facsim.array.history.Delta;
import org.facsim.array.history.StateTree;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;

/**
 * The settings of an array and of its volumes, and what they are in named states. As {@link Delta}
 * does for inodes, each edge of the tree of states has what differs, as it is on the far side.
 *
 * <p>Stored, little-endian, as one row for each value. The row's owner is its place: 0 for the live
 * array, otherwise the edge plus 1. Its id stands for volume and name.
 *
 * <pre>
 *   byte whether there is a value; only an edge may have none
 *   int    the volume, 0 for the array
 *   int    bytes of the name, then the name; the rest is the value
 * </pre>
 *
 * <p>The lock of {@link VolumeRegistry} guards it.
 */
public final class SettingsTable {
  /** What a row takes in addition to its value. */
  private static final int ROW_BYTES = 128;

  private static final long LIVE_PLACE = 0;

  /** Whose setting it is. */
  public record Key(int volumeId, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::volumeId).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private record Place(long owner, Key key) {}

  private final NavigableMap<Key, byte[]> live = new TreeMap<>();

  /** Values on the far side; null for none. */
  private final Map<Long, NavigableMap<Key, byte[]>> byEdge = new TreeMap<>();

  /** The ids under which rows are stored. */
  private final Map<Key, Long> numbers = new HashMap<>();

  private long nextNumber = 1;
  private long heldBytes;
  private final Set<Place> changed = new HashSet<>();

  byte[] get(Key key) {
    return live.get(key);
  }

  /**
   * Sets a value, or removes it if it is null.
   *
   * @param isKept whether there is a state from which the live array comes
   * @throws ArrayException NO_SPACE, with nothing changed
   */
  void put(Key key, byte[] value, boolean isKept) {
    byte[] before = live.get(key);
    if (value == null ? before == null : Arrays.equals(value, before)) {
      return;
    }
    requireRoom(key, before, value, keeps(key, isKept));
    putBack(key, value, isKept);
  }

  private boolean keeps(Key key, boolean isKept) {
    return isKept && !at(Delta.LIVE).containsKey(key);
  }

  /** Sets a value that was there a moment ago. There is room for it. */
  void putBack(Key key, byte[] value, boolean isKept) {
    if (keeps(key, isKept)) {
      putAt(Delta.LIVE, key, live.get(key));
    }
    putLive(key, value);
  }

  private void requireRoom(Key key, byte[] before, byte[] value, boolean keeps) {
    if (value == null) {
      return; // takes no more than it frees, except the note that there was one
    }
    long own = live.subMap(new Key(key.volumeId, ""), new Key(key.volumeId + 1, "")).size();
    if (before == null && own >= ArraySettings.MAX_PER_OWNER) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "at most " + ArraySettings.MAX_PER_OWNER + " settings of one owner");
    }
    long after =
        heldBytes + sizeOf(value) + (keeps ? ROW_BYTES : before == null ? 0 : -sizeOf(before));
    if (after > ArraySettings.MAX_TOTAL_BYTES) {
      throw new ArrayException(
          ArrayError.NO_SPACE,
          "settings, with those that named states keep: at most "
              + ArraySettings.MAX_TOTAL_BYTES
              + " bytes");
    }
  }

  private static long sizeOf(byte[] value) {
    return (long) ROW_BYTES + (value == null ? 0 : value.length);
  }

  /** Removes all settings of a deleted volume. A state may keep them. */
  void removeAllOf(int volumeId, boolean isKept) {
    for (Key key : keysOf(live, volumeId)) {
      put(key, null, isKept);
    }
  }

  /** Forgets a volume that is in no state any more. */
  void forget(int volumeId) {
    keysOf(live, volumeId).forEach(key -> putLive(key, null));
    for (long edge : List.copyOf(byEdge.keySet())) {
      keysOf(at(edge), volumeId).forEach(key -> removeAt(edge, key));
    }
  }

  private static List<Key> keysOf(NavigableMap<Key, byte[]> values, int volumeId) {
    return List.copyOf(values.subMap(new Key(volumeId, ""), new Key(volumeId + 1, "")).keySet());
  }

  private void putLive(Key key, byte[] value) {
    byte[] before = value == null ? live.remove(key) : live.put(key, value);
    heldBytes += (value == null ? 0 : sizeOf(value)) - (before == null ? 0 : sizeOf(before));
    changed.add(new Place(LIVE_PLACE, key));
  }

  private NavigableMap<Key, byte[]> at(long edge) {
    return byEdge.getOrDefault(edge, new TreeMap<>());
  }

  private void putAt(long edge, Key key, byte[] value) {
    removeAt(edge, key);
    byEdge.computeIfAbsent(edge, unused -> new TreeMap<>()).put(key, value);
    heldBytes += sizeOf(value);
    changed.add(new Place(edge + 1, key));
  }

  private void removeAt(long edge, Key key) {
    NavigableMap<Key, byte[]> values = at(edge);
    if (values.containsKey(key)) {
      heldBytes -= sizeOf(values.remove(key));
      changed.add(new Place(edge + 1, key));
    }
  }

  // ---------------------------------------------------------------- named states

  /** Moves what is at one edge to another edge. */
  void move(long from, long to) {
    removeAll(from).forEach((key, value) -> putAt(to, key, value));
  }

  /** Exchanges settings when the live array moves over an edge. */
  void swap(long edge) {
    new TreeMap<>(at(edge))
        .forEach(
            (key, far) -> {
              putAt(edge, key, live.get(key));
              putLive(key, far);
            });
  }

  /** Drops an edge that leads to nothing any more. */
  void drop(long edge) {
    removeAll(edge);
  }

  /** Merges two edges when the state between them goes. What the farther edge has wins. */
  void merge(StateTree.Step.Merge step) {
    NavigableMap<Key, byte[]> merged = removeAll(step.near());
    merged.putAll(removeAll(step.far()));
    merged.forEach((key, value) -> putAt(step.merged(), key, value));
  }

  private NavigableMap<Key, byte[]> removeAll(long edge) {
    NavigableMap<Key, byte[]> values = new TreeMap<>(at(edge));
    values.keySet().forEach(key -> removeAt(edge, key));
    byEdge.remove(edge);
    return values;
  }

  // ---------------------------------------------------------------- stable storage

  /** Puts what changed into a batch. If that fails, nothing is forgotten. */
  void cut(Batch into) {
    for (Place place : changed) {
      long number = numberOf(place.key);
      boolean isLive = place.owner == LIVE_PLACE;
      NavigableMap<Key, byte[]> values = isLive ? live : at(place.owner - 1);
      if (values.containsKey(place.key)) {
        ByteBuffer row = rowOf(place.key, values.get(place.key));
        into.put(RecordKind.SETTING, 0, place.owner, number, row);
      } else {
        into.remove(RecordKind.SETTING, 0, place.owner, number);
      }
    }
    for (Place place : changed) {
      Key key = place.key;
      if (!live.containsKey(key) && byEdge.values().stream().noneMatch(at -> at.containsKey(key))) {
        numbers.remove(key);
      }
    }
    changed.clear();
  }

  private long numberOf(Key key) {
    return numbers.computeIfAbsent(key, unused -> nextNumber++);
  }

  private static ByteBuffer rowOf(Key key, byte[] value) {
    byte[] name = key.name.getBytes(StandardCharsets.US_ASCII);
    int bytes = 1 + 2 * Integer.BYTES + name.length + (value == null ? 0 : value.length);
    ByteBuffer row = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    row.put((byte) (value == null ? 0 : 1)).putInt(key.volumeId).putInt(name.length).put(name);
    return (value == null ? row : row.put(value)).flip();
  }

  /**
   * Fills an empty table. A directory of an earlier program has no such rows.
   *
   * @throws ArrayException IO if a row is damaged
   */
  void load(MetadataStore metadata) {
    metadata.load(
        RecordKind.SETTING, 0, (kind, volume, owner, number, row) -> load(owner, number, row));
  }

  private void load(long owner, long number, ByteBuffer row) {
    try {
      boolean isThere = row.get() != 0;
      int volumeId = row.getInt();
      byte[] name = new byte[length(row.getInt(), row)];
      row.get(name);
      byte[] value = isThere ? new byte[row.remaining()] : null;
      if (isThere) {
        row.get(value);
      }
      Key key = new Key(volumeId, new String(name, StandardCharsets.US_ASCII));
      if (row.hasRemaining() || (owner == LIVE_PLACE && !isThere)) {
        throw damaged(number);
      }
      Long known = numbers.put(key, number);
      if (known != null && known != number) {
        throw damaged(number);
      }
      nextNumber = Math.max(nextNumber, number + 1);
      if (owner == LIVE_PLACE) {
        live.put(key, value);
      } else {
        byEdge.computeIfAbsent(owner - 1, unused -> new TreeMap<>()).put(key, value);
      }
      heldBytes += sizeOf(value);
    } catch (BufferUnderflowException e) {
      throw damaged(number);
    }
  }

  private static int length(int length, ByteBuffer row) {
    if (length < 0 || length > row.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  private static ArrayException damaged(long number) {
    return new ArrayException(ArrayError.IO, "setting " + number + " is damaged");
  }

  /** Returns what does not fit the tree of states and the volumes, in words. */
  List<String> audit(Set<Long> edges, Set<Integer> volumeIds) {
    List<String> problems = new ArrayList<>();
    byEdge.forEach(
        (edge, values) -> {
          if (!values.isEmpty() && !edges.contains(edge)) {
            problems.add("settings at no edge " + edge);
          }
          values.keySet().forEach(key -> checkOwner(key, volumeIds, problems));
        });
    live.keySet().forEach(key -> checkOwner(key, volumeIds, problems));
    return problems;
  }

  private static void checkOwner(Key key, Set<Integer> volumeIds, List<String> problems) {
    if (key.volumeId != 0 && !volumeIds.contains(key.volumeId)) {
      problems.add("setting " + key.name + " of volume " + key.volumeId + ", which is not there");
    }
  }
}
