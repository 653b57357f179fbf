/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.facsim.array.FileSpace;

/**
 * Whether a file was cloned by the array, and if not, why not.
 *
 * @param subject the path that was asked about, or the file's name as far as it is known
 * @param outcome what became of it
 * @param headline one sentence for people
 * @param kind what was asked for; empty if no clone is known
 * @param client the host that asked; empty if no clone is known
 * @param dialect what it spoke; empty if no clone is known
 * @param jobId empty if no job was made
 * @param at when the array decided; empty if it did not
 * @param status the array's error by name; empty if there is none
 * @param firstFailed the precondition that decided
 * @param preconditions all of them, in the array's order
 * @param moved what went over the wire
 * @param cost the ledger around the clone
 * @param sourceNow the source's ledger at this moment; empty if there is no clone, or the source is
 *     gone
 * @param spaceNow the file's ledger at this moment; empty if the file is gone
 * @param advice what to change, most important first; empty if there is nothing
 * @param sections what others tell of the same clone, for example the host; each says who tells it
 */
public record Explanation(
    String subject,
    CloneOutcome outcome,
    String headline,
    String kind,
    String client,
    String dialect,
    Optional<Long> jobId,
    Optional<Instant> at,
    String status,
    Optional<Precondition> firstFailed,
    List<Finding> preconditions,
    Moved moved,
    CloneCost cost,
    Optional<FileSpace> sourceNow,
    Optional<FileSpace> spaceNow,
    List<String> advice,
    List<Section> sections) {
  public Explanation {
    Objects.requireNonNull(subject);
    preconditions = List.copyOf(preconditions);
    advice = List.copyOf(advice);
    sections = List.copyOf(sections);
  }

  /**
   * What went over the wire.
   *
   * @param cloneCalls that asked for the clone: 1, or 0 if none is known
   * @param argumentBytes of that call; 0 if its door does not count
   * @param resultBytes likewise
   * @param statusCalls how often the host asked how the job stands
   * @param abortCalls how often somebody asked to abort it
   * @param sharedBytes that the array shared instead of moving them
   * @param copiedBytes that the array copied or zeroed inside itself
   * @param writes WRITEs over NFS into the file; after the clone, if there was one
   * @param writtenBytes that they brought
   * @param byClient the file's transfers over NFS since the array saw the first, by client
   * @param readMeanwhile files that the clients that wrote also read at that time: where the data
   *     came from
   */
  public record Moved(
      int cloneCalls,
      long argumentBytes,
      long resultBytes,
      long statusCalls,
      long abortCalls,
      long sharedBytes,
      long copiedBytes,
      long writes,
      long writtenBytes,
      List<FileTransfers.ByClient> byClient,
      List<Source> readMeanwhile) {
    public Moved {
      byClient = List.copyOf(byClient);
      readMeanwhile = List.copyOf(readMeanwhile);
    }
  }

  /**
   * A file that a client read while it wrote another.
   *
   * @param path as far as it is known
   */
  public record Source(String path, String client, long reads, long readBytes) {}

  /**
   * What somebody tells.
   *
   * @param teller who: {@code array}, or the name of a host
   * @param title what about
   */
  public record Section(String teller, String title, List<String> lines) {
    public Section {
      lines = List.copyOf(lines);
    }
  }
}
