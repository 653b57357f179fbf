/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.FileRange;
import org.facsim.hypervisor.datastore.GuestTrim;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.datastore.TrimOutcome;
import org.facsim.hypervisor.datastore.UnmapGranularity;

/**
 * What a host does with a guest's TRIM. On an SEsparse redo log it records unmapped grains. On a
 * thin base disk it has the array free the ranges, if the datastore sends UNMAP and the VM has no
 * snapshots. Everything else stays as it is, which a guest must expect of TRIM.
 */
public final class DiskTrim {
  private DiskTrim() {}

  /**
   * What a trim did.
   *
   * @param trimmed what reads as zeros now
   * @param ignored why the rest stays as it is, if any does
   * @param doubtful what the array was asked for and did not confirm: each range as a whole reads
   *     as before or as zeros
   */
  public record Result(
      List<DiskRange> trimmed, Optional<String> ignored, List<DiskRange> doubtful) {
    public Result {
      trimmed = List.copyOf(trimmed);
      doubtful = List.copyOf(doubtful);
    }

    Result(List<DiskRange> trimmed, Optional<String> ignored) {
      this(trimmed, ignored, List.of());
    }

    public long trimmedBytes() {
      return bytes(trimmed);
    }
  }

  static Result ofRedoLog(RedoLog log, LiveDescriptor live, List<DiskRange> ranges) {
    if (!log.format().recordsTrim()) {
      return new Result(
          List.of(), Optional.of("a redo log of the format vmfsSparse records no trim"));
    }
    List<DiskRange> trimmed = new ArrayList<>();
    for (DiskRange range : ranges) {
      live.beforeChange(range.offsetBytes(), range.lengthBytes());
      log.trim(range).ifPresent(trimmed::add);
    }
    return bytes(trimmed) == bytes(ranges)
        ? new Result(trimmed, Optional.empty())
        : new Result(trimmed, Optional.of("a redo log trims whole grains of 4 KiB only"));
  }

  static Result ofFlat(
      Datastore datastore,
      DatastoreFile flat,
      LiveDescriptor live,
      boolean isThin,
      boolean snapshots,
      List<DiskRange> ranges) {
    Optional<UnmapGranularity> offered = live.granularity(flat, isThin);
    long granularity = offered.map(UnmapGranularity::granularityBytes).orElse(1L);
    List<DiskRange> whole = new ArrayList<>();
    List<CompletableFuture<TrimOutcome>> answers = new ArrayList<>();
    for (DiskRange range : ranges) {
      Optional<DiskRange> inner = wholeGranules(range, granularity);
      if (inner.isPresent()) {
        if (offered.isPresent() && !snapshots) {
          live.beforeChange(inner.get().offsetBytes(), inner.get().lengthBytes());
        }
        FileRange inFile = new FileRange(inner.get().offsetBytes(), inner.get().lengthBytes());
        whole.add(inner.get());
        answers.add(datastore.unmaps().trim(new GuestTrim(flat, inFile, isThin, snapshots)));
      }
    }
    List<DiskRange> trimmed = new ArrayList<>();
    List<DiskRange> doubtful = new ArrayList<>();
    Optional<String> ignored = Optional.empty();
    for (int i = 0; i < answers.size(); i++) {
      TrimOutcome outcome = Replies.await(answers.get(i));
      if (outcome == TrimOutcome.UNMAPPED) {
        trimmed.add(whole.get(i));
      } else {
        ignored = Optional.of(outcome.inWords());
        if (outcome == TrimOutcome.FAILED) {
          doubtful.add(whole.get(i));
        }
      }
    }
    if (ignored.isEmpty() && bytes(trimmed) < bytes(ranges)) {
      ignored = Optional.of("the array frees whole granules of %d bytes".formatted(granularity));
    }
    return new Result(trimmed, ignored, doubtful);
  }

  /** The whole granules of a range: only they are sure to read as zeros. */
  private static Optional<DiskRange> wholeGranules(DiskRange range, long granularityBytes) {
    long unit = Math.max(granularityBytes, DiskSpec.SECTOR_BYTES);
    long start = (range.offsetBytes() + unit - 1) / unit * unit;
    long end = range.endBytes() / unit * unit;
    return start < end ? Optional.of(new DiskRange(start, end - start)) : Optional.empty();
  }

  private static long bytes(List<DiskRange> ranges) {
    return ranges.stream().mapToLong(DiskRange::lengthBytes).sum();
  }
}
