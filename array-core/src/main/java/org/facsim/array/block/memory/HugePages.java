/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

/**
 * How large pieces of direct memory are that lie on huge pages from their first byte to their last.
 *
 * <p>The C library maps each large piece by itself, and asks for huge pages if it is told to. Linux
 * aligns a mapping to huge pages only if its length is a multiple of them. Such a piece therefore
 * leaves a small page for the header that the C library puts in front. Then no memory is spent on
 * alignment. On a kernel that does not align, only the edges of a piece are on small pages.
 */
public final class HugePages {
  /** Of x86-64, and of 64-bit ARM with small pages of 4 KiB. */
  private static final int PAGE_BYTES = 2 << 20;

  private static final int HEADER_BYTES = 4 << 10;

  /** At most this part of a piece may be left over. */
  private static final int WASTE_PART = 8;

  /** In huge pages, the largest first. */
  private static final int[] PIECES = {16, 8, 4, 1};

  /**
   * From how many bytes on a table gets such pieces. What nobody uses is then at most a quarter, a
   * half or once what is there; and two megabytes, which tables of files with 60 MiB have.
   */
  private static final long[] FROM_BYTES = {128 << 20, 32 << 20, 8 << 20, 512 << 10};

  private HugePages() {}

  /**
   * Returns how many slabs to make in one piece. It is 1 for a small table, which has no use for
   * more and begins quickly.
   *
   * @param presentBytes how large the table is
   */
  public static int slabs(int slabBytes, long presentBytes) {
    for (int i = 0; i < PIECES.length; i++) {
      int piece = usable(PIECES[i] * PAGE_BYTES);
      int left = piece % slabBytes;
      if (presentBytes >= FROM_BYTES[i] && piece > slabBytes && left <= piece / WASTE_PART) {
        return piece / slabBytes;
      }
    }
    return 1;
  }

  /** Returns what to ask of {@link DirectMemory} for this many bytes, at least as many. */
  public static int pieceBytes(int bytes) {
    for (int i = PIECES.length - 1; i >= 0; i--) {
      int piece = usable(PIECES[i] * PAGE_BYTES);
      if (bytes <= piece && piece - bytes <= piece / WASTE_PART) {
        return piece;
      }
    }
    return bytes;
  }

  private static int usable(int pages) {
    return pages - HEADER_BYTES - DirectMemory.ALIGNMENT_BYTES;
  }
}
