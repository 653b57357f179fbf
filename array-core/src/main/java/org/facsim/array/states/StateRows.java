/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.history.StateTree;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.volume.OpenVolume;

/**
 * The tree of states as it is stored, little-endian.
 *
 * <pre>
 *   row 0 long the state from which the live array comes or 0, long the next number
 *   others  long parent or 0, long edge, long time, byte whether it has a name, the name
 * </pre>
 */
final class StateRows {
  private static final int FIXED_BYTES = 3 * Long.BYTES + 1;

  private record Parent(long id, long edge) {}

  private StateRows() {}

  /** Puts everything that changed into the batch. If that fails, nothing is forgotten. */
  static void cut(StateTree tree, VolumePresence presence, Batch into) {
    for (long id : tree.changes()) {
      StateTree.Node node = tree.get(id);
      if (id == StateTree.CURSOR_ROW) {
        ByteBuffer row = allocate(2 * Long.BYTES);
        row.putLong(tree.current() == null ? 0 : tree.current().id).putLong(tree.nextId());
        into.put(RecordKind.STATE, 0, 0, id, row.flip());
      } else if (node == null) {
        into.remove(RecordKind.STATE, 0, 0, id);
      } else {
        into.put(RecordKind.STATE, 0, 0, id, rowOf(node));
      }
    }
    for (VolumePresence.Place place : presence.changes()) {
      VolumePresence.Difference difference = presence.at(place.edge()).get(place.volumeId());
      if (difference == null) {
        into.remove(RecordKind.VOLUME_DIFFERENCE, 0, place.edge(), place.volumeId());
      } else {
        into.put(
            RecordKind.VOLUME_DIFFERENCE, 0, place.edge(), place.volumeId(), difference.bytes());
      }
    }
    tree.clearChanges();
    presence.clearChanges();
  }

  private static ByteBuffer rowOf(StateTree.Node node) {
    boolean isNamed = node.name() != null;
    byte[] name = (isNamed ? node.name() : "").getBytes(StandardCharsets.UTF_8);
    ByteBuffer row = allocate(FIXED_BYTES + name.length);
    row.putLong(node.parent() == null ? 0 : node.parent().id).putLong(node.edge());
    row.putLong(node.createdNanos).put((byte) (isNamed ? 1 : 0));
    return row.put(name).flip();
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Fills an empty tree.
   *
   * @throws ArrayException IO if a row is damaged
   */
  static void load(
      StateTree tree,
      VolumePresence presence,
      Map<Integer, OpenVolume> volumes,
      MetadataStore metadata) {
    Map<Long, Parent> parents = new HashMap<>();
    long[] cursor = {0, 1};
    try {
      metadata.load(
          RecordKind.STATE,
          0,
          (kind, volume, owner, id, row) -> {
            if (id == StateTree.CURSOR_ROW) {
              cursor[0] = row.getLong();
              cursor[1] = row.getLong();
            } else {
              parents.put(id, new Parent(row.getLong(), row.getLong()));
              tree.restore(nodeOf(id, row));
            }
          });
      metadata.load(
          RecordKind.VOLUME_DIFFERENCE,
          0,
          (kind, volume, edge, id, row) -> {
            OpenVolume known = volumes.get((int) id);
            if (known == null) {
              throw damaged("a state has volume " + id + ", which is not there");
            }
            presence.restore(edge, VolumePresence.Difference.read(known, row));
          });
    } catch (BufferUnderflowException e) {
      throw damaged("a row is cut");
    }
    parents.forEach(
        (id, parent) -> {
          if (parent.id() != 0) {
            tree.restoreParent(tree.get(id), existing(tree, parent.id()), parent.edge());
          }
        });
    tree.restored(cursor[0] == 0 ? null : existing(tree, cursor[0]), cursor[1]);
  }

  private static StateTree.Node nodeOf(long id, ByteBuffer row) {
    long created = row.getLong();
    boolean isNamed = row.get() != 0;
    byte[] name = new byte[row.remaining()];
    row.get(name);
    String text = isNamed ? new String(name, StandardCharsets.UTF_8) : null;
    return new StateTree.Node(id, text, created);
  }

  private static StateTree.Node existing(StateTree tree, long id) {
    StateTree.Node node = tree.get(id);
    if (node == null) {
      throw damaged("no state " + id);
    }
    return node;
  }

  private static ArrayException damaged(String what) {
    return new ArrayException(ArrayError.IO, "named states are damaged: " + what);
  }
}
