/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Optional;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadError;

/**
 * A change that someone made to the array, or that its jobs made. Immutable and without a reference
 * to the array, so that it may be kept. Volumes have the names that they had at that moment.
 */
public sealed interface ArrayChange {
  /** The most bytes of heap that it takes. */
  default int weightBytes() {
    return 512;
  }

  /** The bytes of heap that a list of texts takes in addition. */
  private static int weightBytes(List<String> texts) {
    return texts.stream().mapToInt(text -> 64 + Character.BYTES * text.length()).sum();
  }

  /** A volume was made. */
  record VolumeCreated(String volume, long sizeBytes) implements ArrayChange {}

  /** A volume got another size. */
  record VolumeResized(String volume, long beforeBytes, long sizeBytes) implements ArrayChange {}

  /**
   * A volume was deleted. Its exports, locks and jobs ended with it; they have no events of their
   * own.
   */
  record VolumeDeleted(String volume) implements ArrayChange {}

  /**
   * The export of a volume changed.
   *
   * @param exported whether the volume is exported at all
   * @param rules the rules in the syntax of {@code exports(5)}; if there are none, no client is
   *     admitted
   */
  record ExportsChanged(String volume, boolean exported, List<String> rules)
      implements ArrayChange {
    public ExportsChanged {
      rules = List.copyOf(rules);
    }

    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes() + ArrayChange.weightBytes(rules);
    }
  }

  /** A volume got another profile, whose name is given. */
  record ProfileChanged(String volume, String profile) implements ArrayChange {}

  /**
   * An administrator took a snapshot. Snapshots that the array takes for its clones have no events.
   */
  record SnapshotCreated(String volume, String snapshot) implements ArrayChange {}

  /** An administrator deleted a snapshot. */
  record SnapshotDeleted(String volume, String snapshot) implements ArrayChange {}

  /** An administrator cloned a virtual machine's directory in the array's own console. */
  record VmCloned(String volume, String vm, String cloneName) implements ArrayChange {}

  /** An administrator made something new of a snapshot. */
  record SnapshotRestored(String volume, String snapshot, String path) implements ArrayChange {}

  /**
   * A clone that an administrator asked for entered another state.
   *
   * @param volume the destination's volume
   * @param cloneId unique in this run of the array
   * @param source its volume, a slash, and the path
   * @param path the destination below its volume
   * @param reason why, in words
   * @param totalBytes the sizes of all files; 0 until it is known
   */
  record ConsoleCloneChanged(
      String volume,
      long cloneId,
      String source,
      String path,
      JobState from,
      JobState to,
      String reason,
      long totalBytes)
      implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes()
          + Character.BYTES * (source.length() + path.length() + reason.length());
    }
  }

  /**
   * An administrator put a file in place, or made or deleted a file or directory.
   *
   * @param path below the volume
   */
  record FileChanged(String volume, String path) implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes() + Character.BYTES * path.length();
    }
  }

  /** Fault rules were added or removed; so many there are now. */
  record FaultsChanged(int rules) implements ArrayChange {}

  /** The whole array was saved as a named state. */
  record StateSaved(String state) implements ArrayChange {}

  /**
   * A named state was restored. This is one change, even if sizes, exports and profiles of volumes
   * differ afterwards.
   *
   * @param gone volumes that are not in the state
   * @param returned volumes that were not there before
   */
  record StateRestored(String state, List<String> gone, List<String> returned)
      implements ArrayChange {
    public StateRestored {
      gone = List.copyOf(gone);
      returned = List.copyOf(returned);
    }

    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes()
          + ArrayChange.weightBytes(gone)
          + ArrayChange.weightBytes(returned);
    }
  }

  /** A named state was deleted. */
  record StateDeleted(String state) implements ArrayChange {}

  /**
   * A clone job entered another state.
   *
   * @param volume the destination's volume
   * @param client the address of the host that asked
   * @param jobId unique among all runs of the array; unsigned
   * @param error empty unless the job failed
   * @param reason why, in words
   * @param totalBytes the source's size; 0 until it is known
   */
  record JobChanged(
      String volume,
      String client,
      long jobId,
      JobState from,
      JobState to,
      Optional<OffloadError> error,
      String reason,
      long totalBytes)
      implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes() + Character.BYTES * reason.length();
    }
  }

  /**
   * The outcome of a clone that a host asked for: it was made or refused, or was a dry run.
   *
   * @param volume the destination's volume; empty if it is not known
   * @param jobId 0 if no job was made; unsigned
   * @param destination the destination as the host named it
   * @param firstFailed the precondition that decided against it
   * @param reason why, in words
   */
  record CloneExplained(
      String volume,
      String client,
      String dialect,
      long jobId,
      String destination,
      boolean dryRun,
      CloneOutcome outcome,
      Optional<Precondition> firstFailed,
      String reason)
      implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes()
          + Character.BYTES * (reason.length() + destination.length());
    }
  }

  /**
   * An administrator freed everything that a client had locked.
   *
   * @param client the client's name, see {@link org.facsim.services.state.LockClient}
   * @param files the number of files in which something was freed
   */
  record LocksFreed(String client, int files) implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes() + Character.BYTES * client.length();
    }
  }

  /**
   * The array went away: its doors are closed, except that for HTTP.
   *
   * @param reason why, in words
   */
  record ArrayWentAway(String reason) implements ArrayChange {}

  /**
   * The array came back: its doors are open again.
   *
   * @param reason why it had been away, in words
   */
  record ArrayCameBack(String reason) implements ArrayChange {}
}
