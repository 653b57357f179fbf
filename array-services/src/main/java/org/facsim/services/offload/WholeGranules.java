/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.facsim.array.FileRange;
import org.facsim.array.Volume;

/**
 * Finds what an UNMAP unmaps: the whole granules within the ranges, after ranges that touch or
 * overlap are one. What is left at the edges stays as it is, because to zero a part of a granule
 * could take space, for the copy of a shared block. In a file that does not end with a granule, the
 * last granule is whole when a range reaches the end of the file.
 */
final class WholeGranules {
  /** The most ranges of one UNMAP. */
  static final int MAX_RANGES = 256;

  private WholeGranules() {}

  /**
   * Checks ranges.
   *
   * @param ranges with any numbers, in any order; negative ones are too large for 63 bits
   * @throws OffloadFailure INVALID_ARGUMENT, naming the range and what is allowed
   */
  static void check(List<FileRange> ranges, long sizeBytes) {
    if (ranges.isEmpty() || ranges.size() > MAX_RANGES) {
      throw new OffloadFailure(
          OffloadError.INVALID_ARGUMENT, ranges.size() + " ranges; allowed: 1 to " + MAX_RANGES);
    }
    for (int i = 0; i < ranges.size(); i++) {
      FileRange range = ranges.get(i);
      boolean isWithin =
          range.offsetBytes() >= 0
              && range.lengthBytes() > 0
              && range.offsetBytes() <= sizeBytes - range.lengthBytes();
      if (!isWithin) {
        throw new OffloadFailure(
            OffloadError.INVALID_ARGUMENT,
            "range %d: %s bytes at %s; allowed: 1 byte and more, within the file's %d bytes"
                .formatted(
                    i,
                    Long.toUnsignedString(range.lengthBytes()),
                    Long.toUnsignedString(range.offsetBytes()),
                    sizeBytes));
      }
    }
  }

  /**
   * The whole granules within ranges that were checked.
   *
   * @param granularityBytes a multiple of {@link Volume#BLOCK_BYTES}
   * @return none of which touches another, in the order of their offsets; of whole blocks
   */
  static List<FileRange> within(List<FileRange> ranges, long granularityBytes, long sizeBytes) {
    List<FileRange> whole = new ArrayList<>();
    for (FileRange range : merged(ranges)) {
      long start = roundUp(range.offsetBytes(), granularityBytes);
      long end =
          range.endBytes() == sizeBytes
              ? roundUp(sizeBytes, Volume.BLOCK_BYTES)
              : range.endBytes() / granularityBytes * granularityBytes;
      if (start < end) {
        whole.add(new FileRange(start, end - start));
      }
    }
    return whole;
  }

  private static List<FileRange> merged(List<FileRange> ranges) {
    List<FileRange> merged = new ArrayList<>();
    for (FileRange next :
        ranges.stream().sorted(Comparator.comparingLong(FileRange::offsetBytes)).toList()) {
      FileRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last == null || next.offsetBytes() > last.endBytes()) {
        merged.add(next);
      } else {
        long end = Math.max(last.endBytes(), next.endBytes());
        merged.set(merged.size() - 1, new FileRange(last.offsetBytes(), end - last.offsetBytes()));
      }
    }
    return merged;
  }

  private static long roundUp(long bytes, long unit) {
    return (bytes + unit - 1) / unit * unit;
  }
}
