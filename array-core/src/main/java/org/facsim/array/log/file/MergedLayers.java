/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.log.RecordKind;

/** Several layers upon each other, seen as one. */
final class MergedLayers implements Layer {
  private final List<Layer> layers;
  private final boolean isWhole;
  private final Set<Integer> removedVolumes = new HashSet<>();

  /**
   * @param layers the lowest first
   * @param isWhole whether nothing is beneath them, so that removed rows need not be remembered
   */
  MergedLayers(List<Layer> layers, boolean isWhole) {
    this.layers = List.copyOf(layers);
    this.isWhole = isWhole;
    Cursor volumes = new MergedRows(new Section(RecordKind.VOLUME, 0), true);
    while (volumes.next()) {
      if (volumes.bytes() == null) {
        removedVolumes.add((int) volumes.id());
      }
    }
  }

  /** Leaves out the sections of removed volumes, because nothing of them may remain. */
  @Override
  public Set<Section> sections() {
    Set<Section> all = new TreeSet<>();
    for (Layer layer : layers) {
      all.addAll(layer.sections());
    }
    all.removeIf(section -> removedVolumes.contains(section.volume()));
    return all;
  }

  @Override
  public Cursor cursor(Section section) {
    if (removedVolumes.contains(section.volume())) {
      return EMPTY;
    }
    if (!section.kind().isTable()) {
      return new MergedRows(section, !isWhole);
    }
    List<Layer> holding =
        layers.stream().filter(layer -> layer.sections().contains(section)).toList();
    return holding.size() == 1 ? holding.get(0).cursor(section) : new MergedPieces(section);
  }

  /** A cursor that is at a change, or at its end. */
  private static final class Head {
    final Cursor cursor;
    boolean isAtEnd;

    Head(Cursor cursor) {
      this.cursor = cursor;
      advance();
    }

    void advance() {
      isAtEnd = !cursor.next();
    }
  }

  private List<Head> heads(Section section) {
    List<Head> heads = new ArrayList<>();
    for (Layer layer : layers) {
      Head head = new Head(layer.cursor(section));
      if (!head.isAtEnd) {
        heads.add(head);
      }
    }
    return heads;
  }

  private final class MergedRows implements Cursor {
    private final List<Head> heads;
    private final boolean withRemoved;
    private Head current;

    MergedRows(Section section, boolean withRemoved) {
      heads = heads(section);
      this.withRemoved = withRemoved;
    }

    @Override
    public boolean next() {
      do {
        if (current != null) {
          pass(current.cursor.owner(), current.cursor.id());
        }
        current = least();
      } while (current != null && !withRemoved && current.cursor.bytes() == null);
      return current != null;
    }

    /** Returns the head with the least place. Of equal ones, it is the uppermost. */
    private Head least() {
      Head least = null;
      for (Head head : heads) {
        if (!head.isAtEnd && (least == null || compare(head.cursor, least.cursor) <= 0)) {
          least = head;
        }
      }
      return least;
    }

    private void pass(long owner, long id) {
      for (Head head : heads) {
        if (!head.isAtEnd && head.cursor.owner() == owner && head.cursor.id() == id) {
          head.advance();
        }
      }
    }

    private static int compare(Cursor one, Cursor other) {
      int byOwner = Long.compare(one.owner(), other.owner());
      return byOwner != 0 ? byOwner : Long.compare(one.id(), other.id());
    }

    @Override
    public long owner() {
      return current.cursor.owner();
    }

    @Override
    public long id() {
      return current.cursor.id();
    }

    @Override
    public ByteBuffer bytes() {
      return current.cursor.bytes();
    }
  }

  /**
   * Goes through the pieces of a table window by window, and lays all layers over each other, the
   * lowest first.
   */
  private final class MergedPieces implements Cursor {
    private final List<Head> heads;
    private final ByteBuffer window =
        ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final BitSet lines = new BitSet(WINDOW_BYTES / LINE_BYTES);
    private long windowAt;
    private int from;
    private int to;

    MergedPieces(Section section) {
      heads = heads(section);
    }

    @Override
    public boolean next() {
      from = lines.nextSetBit(to);
      if (from < 0) {
        if (!fill()) {
          return false;
        }
        from = lines.nextSetBit(0);
      }
      to = lines.nextClearBit(from);
      return true;
    }

    private boolean fill() {
      long least = Long.MAX_VALUE;
      for (Head head : heads) {
        if (!head.isAtEnd) {
          least = Math.min(least, head.cursor.id());
        }
      }
      if (least == Long.MAX_VALUE) {
        to = 0;
        lines.clear();
        return false;
      }
      windowAt = least - least % WINDOW_BYTES;
      lines.clear();
      for (Head head : heads) {
        while (!head.isAtEnd && head.cursor.id() < windowAt + WINDOW_BYTES) {
          ByteBuffer piece = head.cursor.bytes();
          int at = (int) (head.cursor.id() - windowAt);
          window.put(at, piece, piece.position(), piece.remaining());
          lines.set(at / LINE_BYTES, (at + piece.remaining()) / LINE_BYTES);
          head.advance();
        }
      }
      return true;
    }

    @Override
    public long owner() {
      return 0;
    }

    @Override
    public long id() {
      return windowAt + (long) from * LINE_BYTES;
    }

    @Override
    public ByteBuffer bytes() {
      return window
          .slice(from * LINE_BYTES, (to - from) * LINE_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
