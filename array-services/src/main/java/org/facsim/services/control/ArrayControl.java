/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.Objects;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.services.control.vm.VmInventory;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;

/**
 * The array as an administrator sees it, in parts by role. A change that is made here is durable
 * when the call returns, and is an event. Changes of volumes are part of named states. The HTTP
 * door, the command line and programs that embed an array use it. While the array restarts in
 * place, what it offers fails with BUSY; do not keep its parts. Thread-safe. Calls may wait for the
 * disk, and for clients that give back what they hold, so none may run on an event loop.
 */
public final class ArrayControl {
  /** What depends on the run of the array. */
  record Parts(
      VolumeControl volumes,
      ExportControl exports,
      ProfileControl profiles,
      SnapshotControl snapshots,
      StateControl states,
      JobControl jobs,
      LockControl locks,
      StatisticsControl statistics,
      ExplanationControl explanations,
      FileControl files,
      VmInventory vms,
      SpaceControl space,
      CloneControl clones,
      RateHistory rates,
      NfsDoor nfs) {}

  private final ArrayEvents events;
  private final Journal journal;
  private final FaultRules faults;
  private final Visits visits;
  private final HostIoSources hosts;

  /** Null while the array is away. */
  private volatile Parts parts;

  private volatile String whyAway = "";

  ArrayControl(
      Parts parts,
      ArrayEvents events,
      Journal journal,
      FaultRules faults,
      Visits visits,
      HostIoSources hosts) {
    this.hosts = Objects.requireNonNull(hosts);
    this.visits = Objects.requireNonNull(visits);
    this.faults = Objects.requireNonNull(faults);
    this.journal = Objects.requireNonNull(journal);
    this.parts = Objects.requireNonNull(parts);
    this.events = Objects.requireNonNull(events);
  }

  /**
   * The array goes away for a while, which is an event: from now on everything but {@link #events},
   * {@link #faults} and {@link #journal} fails with BUSY. Whoever is in a call goes on; {@link
   * #visits} tells when all of them are out.
   *
   * @param why for people, as in "the array is away: a controller takes over"
   */
  public void leave(String why) {
    whyAway = why;
    stopTasks("the array goes away: " + why);
    parts = null;
    events.add(new ArrayChange.ArrayWentAway(why));
  }

  /** The array is closed next: what it does for an administrator ends after the step under way. */
  public void stop() {
    stopTasks("the array stops");
  }

  private void stopTasks(String why) {
    Parts now = parts;
    if (now != null) {
      now.clones().stop(why);
    }
  }

  /** The array is back, which is an event: what is asked from now on is asked of a new run. */
  public void comeBack(ArrayControl newRun) {
    parts = newRun.here();
    events.add(new ArrayChange.ArrayCameBack(whyAway));
  }

  /** Those who are in a call of this array from outside. */
  public Visits visits() {
    return visits;
  }

  /** What hosts saw of their calls, if somebody tells it. */
  public HostIoSources hosts() {
    return hosts;
  }

  private Parts here() {
    Parts now = parts;
    if (now == null) {
      throw new ArrayException(ArrayError.BUSY, "the array is away: " + whyAway);
    }
    return now;
  }

  /** Volumes: makes, resizes and deletes them. */
  public VolumeControl volumes() {
    return here().volumes();
  }

  /** Exports: who may do what on which volume. */
  public ExportControl exports() {
    return here().exports();
  }

  /** Profiles: how volumes behave toward hosts that offload. */
  public ProfileControl profiles() {
    return here().profiles();
  }

  /** Snapshots of files and directories. */
  public SnapshotControl snapshots() {
    return here().snapshots();
  }

  /** Named states of the whole array. */
  public StateControl states() {
    return here().states();
  }

  /** Clone jobs. */
  public JobControl jobs() {
    return here().jobs();
  }

  /** Locks of clients, and a way to free those of a host that is gone for good. */
  public LockControl locks() {
    return here().locks();
  }

  /** Figures of the array and of its calls. */
  public StatisticsControl statistics() {
    return here().statistics();
  }

  /** Explanations: why clones were offloaded, or why not. */
  public ExplanationControl explanations() {
    return here().explanations();
  }

  /** Files and directories by path. */
  public FileControl files() {
    return here().files();
  }

  /** Virtual machines, as the console of an array groups files. */
  public VmInventory vms() {
    return here().vms();
  }

  /** Where the space went. */
  public SpaceControl space() {
    return here().space();
  }

  /** Clones that an administrator has the array make. */
  public CloneControl clones() {
    return here().clones();
  }

  /** What the array did in the last hour, second by second. */
  public RateHistory rates() {
    return here().rates();
  }

  /** The door for NFS. */
  public NfsDoor nfs() {
    return here().nfs();
  }

  /** Events: what changed, in order. */
  public ArrayEvents events() {
    return events;
  }

  /** Faults on demand. */
  public FaultRules faults() {
    return faults;
  }

  /** An administrator added or removed fault rules, which is an event. */
  public void faultsChanged() {
    events.add(new ArrayChange.FaultsChanged(faults.list().size()));
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
