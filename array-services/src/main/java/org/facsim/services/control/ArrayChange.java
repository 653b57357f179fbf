/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Optional;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadError;

/**
 * Something that was done to the array, or that its jobs did. Immutable and without a reference to
 * the array, so that it may be kept. Volumes are named as they were called at that moment.
 */
public sealed interface ArrayChange {
  /** What it takes of the heap, at most. */
  default int weightBytes() {
    return 512;
  }

  /** What a list of texts takes beyond that. */
  private static int weightBytes(List<String> texts) {
    return texts.stream().mapToInt(text -> 64 + Character.BYTES * text.length()).sum();
  }

  /** A volume was made. */
  record VolumeCreated(String volume, long sizeBytes) implements ArrayChange {}

  /** A volume has another size. */
  record VolumeResized(String volume, long beforeBytes, long sizeBytes) implements ArrayChange {}

  /** A volume was deleted; its exports, locks and jobs go with it and are not told one by one. */
  record VolumeDeleted(String volume) implements ArrayChange {}

  /**
   * A volume is exported on other terms.
   *
   * @param exported false: not at all
   * @param rules in the words of {@code exports(5)}; without any, nobody is admitted
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

  /** A volume behaves by another profile, whose name is given. */
  record ProfileChanged(String volume, String profile) implements ArrayChange {}

  /** An administrator took a snapshot. Those that the array takes for its clones are not told. */
  record SnapshotCreated(String volume, String snapshot) implements ArrayChange {}

  /** An administrator deleted a snapshot. */
  record SnapshotDeleted(String volume, String snapshot) implements ArrayChange {}

  /** An administrator cloned a virtual machine's directory in the array's own console. */
  record VmCloned(String volume, String vm, String cloneName) implements ArrayChange {}

  /** The whole array was saved as a named state. */
  record StateSaved(String state) implements ArrayChange {}

  /**
   * A named state was restored: one change, whatever differs. Sizes, exports and profiles of any
   * volume may be others, too, and are not told one by one.
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
   * @param volume of the destination
   * @param client address of the host that asked
   * @param jobId unique in the array's lives; unsigned
   * @param error empty unless the job ended badly
   * @param reason why, in words
   * @param totalBytes the source's size; 0 as long as it is not known
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
   * A clone that a host asked for came out: it was made, refused, or was a dry run.
   *
   * @param volume of the destination; empty if it is not known
   * @param jobId 0 if no job was made; unsigned
   * @param destination as the host named it
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
   * @param client as {@link org.facsim.services.state.LockClient} names it
   * @param files in how many there was something
   */
  record LocksFreed(String client, int files) implements ArrayChange {
    @Override
    public int weightBytes() {
      return ArrayChange.super.weightBytes() + Character.BYTES * client.length();
    }
  }
}
