/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.Objects;
import org.facsim.array.Volume;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;

/**
 * The array as an administrator sees it, in parts by role. A change that is made here is durable
 * when the call returns, and is an event. Changes of volumes are part of named states. The HTTP
 * door, the command line and programs that embed an array use it. Thread-safe. Calls may wait for
 * the disk, and for clients that give back what they hold, so none may run on an event loop.
 */
public final class ArrayControl {
  private final VolumeControl volumes;
  private final ExportControl exports;
  private final ProfileControl profiles;
  private final SnapshotControl snapshots;
  private final StateControl states;
  private final JobControl jobs;
  private final LockControl locks;
  private final StatisticsControl statistics;
  private final ExplanationControl explanations;
  private final ArrayEvents events;
  private final Journal journal;
  private final FaultRules faults;

  ArrayControl(
      VolumeControl volumes,
      ExportControl exports,
      ProfileControl profiles,
      SnapshotControl snapshots,
      StateControl states,
      JobControl jobs,
      LockControl locks,
      StatisticsControl statistics,
      ExplanationControl explanations,
      ArrayEvents events,
      Journal journal,
      FaultRules faults) {
    this.faults = Objects.requireNonNull(faults);
    this.journal = Objects.requireNonNull(journal);
    this.volumes = Objects.requireNonNull(volumes);
    this.exports = Objects.requireNonNull(exports);
    this.profiles = Objects.requireNonNull(profiles);
    this.snapshots = Objects.requireNonNull(snapshots);
    this.states = Objects.requireNonNull(states);
    this.jobs = Objects.requireNonNull(jobs);
    this.locks = Objects.requireNonNull(locks);
    this.statistics = Objects.requireNonNull(statistics);
    this.explanations = Objects.requireNonNull(explanations);
    this.events = Objects.requireNonNull(events);
  }

  /** Volumes: makes, resizes and deletes them. */
  public VolumeControl volumes() {
    return volumes;
  }

  /** Exports: who may do what on which volume. */
  public ExportControl exports() {
    return exports;
  }

  /** Profiles: how volumes behave toward hosts that offload. */
  public ProfileControl profiles() {
    return profiles;
  }

  /** Snapshots of files and directories. */
  public SnapshotControl snapshots() {
    return snapshots;
  }

  /** Named states of the whole array. */
  public StateControl states() {
    return states;
  }

  /** Clone jobs. */
  public JobControl jobs() {
    return jobs;
  }

  /** Locks of clients, and a way to free those of a host that is gone for good. */
  public LockControl locks() {
    return locks;
  }

  /** Figures of the array and of its calls. */
  public StatisticsControl statistics() {
    return statistics;
  }

  /** Explanations: why clones were offloaded, or why not. */
  public ExplanationControl explanations() {
    return explanations;
  }

  /** Events: what changed, in order. */
  public ArrayEvents events() {
    return events;
  }

  /** Faults on demand. */
  public FaultRules faults() {
    return faults;
  }

  /** The latest calls of all doors. */
  public Journal journal() {
    return journal;
  }

  /** The array's own console, where an administrator clones virtual machines of a volume. */
  public ArrayConsole console(Volume volume) {
    return new ArrayConsole(volume, events);
  }
}
