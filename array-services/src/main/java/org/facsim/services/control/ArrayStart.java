/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.facsim.array.StorageArray;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.control.vm.VmInventory;
import org.facsim.services.explain.Explanations;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.VolumeProfiles;
import org.facsim.services.state.Holdings;

/**
 * Prepares an array between its opening and that of its doors. It provides the volumes that the
 * start asks for, and gives each volume its settings. It also sets the order in which changes of
 * the array are told: first the doors forget, then the volumes get their stored exports and
 * profiles, then the change becomes an event.
 */
public final class ArrayStart {
  private final StorageArray storage;
  private final Options options;
  private final ExportTable exports = new ExportTable();
  private final VolumeProfiles profiles = new VolumeProfiles(NamedProfiles.SHARING);
  private final ArrayFollower follower = new ArrayFollower();
  private final ArrayEvents events;
  private final EventFeed feed;
  private final VolumeSettings settings;
  private final InstantSource clock;

  /** Of all runs. */
  private final Visits visits;

  private final HostIoSources hosts;

  /**
   * What the options of a start say about volumes.
   *
   * @param volumes the volumes that must exist
   * @param rules export rules by the name of a volume that exists or is made
   * @param profiles profiles, likewise
   */
  public record Options(
      List<VolumeSpec> volumes,
      Map<String, List<ExportRule>> rules,
      Map<String, ArrayProfile> profiles) {
    public Options {
      volumes = List.copyOf(volumes);
      rules = Map.copyOf(rules);
      profiles = Map.copyOf(profiles);
    }
  }

  /**
   * Prepares an array.
   *
   * @param mayBeThere whether a volume that is asked for may exist already, as in a durable array;
   *     it is resized if this start's option says another size than the last start's
   * @param clock gives events their time
   * @throws UnknownVolumeException if an option is about a volume that does not exist; then the
   *     array is as it was
   * @throws org.facsim.array.ArrayException if a volume cannot be made or resized; then the array
   *     is as it was. Or if a setting of a volume cannot be stored
   */
  public ArrayStart(
      StorageArray storage, Options options, boolean mayBeThere, InstantSource clock) {
    this(
        storage,
        options,
        new ArrayEvents(clock, storage.starts()),
        clock,
        new Visits(),
        new HostIoSources());
    requireVolumes(options);
    new StartVolumes(storage, new ToldOptions(storage.settings()))
        .provide(options.volumes(), mayBeThere);
    settings.begin();
    follow();
  }

  private ArrayStart(
      StorageArray storage,
      Options options,
      ArrayEvents events,
      InstantSource clock,
      Visits visits,
      HostIoSources hosts) {
    this.hosts = hosts;
    this.storage = storage;
    this.clock = clock;
    this.visits = visits;
    this.options = options;
    this.events = events;
    feed = new EventFeed(events);
    settings = new VolumeSettings(storage, exports, profiles, options.rules(), options.profiles());
  }

  /**
   * The same array opened again in place. What is stored of its volumes applies, and the options
   * are not applied a second time. Its events continue.
   */
  public ArrayStart again(StorageArray reopened) {
    ArrayStart next = new ArrayStart(reopened, options, events, clock, visits, hosts);
    next.settings.beginAgain();
    next.follow();
    return next;
  }

  private void follow() {
    exports.tell(feed::exportChanged);
    profiles.tell(feed::profileChanged);
    storage.addListener(follower);
    storage.addListener(settings);
    storage.addListener(feed);
  }

  /**
   * Checks before anything is changed that each name is that of a volume that exists or is made.
   */
  private void requireVolumes(Options options) {
    Set<String> names = new LinkedHashSet<>();
    storage.volumes().forEach(volume -> names.add(volume.name()));
    options.volumes().forEach(volume -> names.add(volume.name()));
    requireVolumes("VAAI profile", options.profiles().keySet(), names);
    requireVolumes("export rules", options.rules().keySet(), names);
  }

  private static void requireVolumes(String what, Set<String> said, Set<String> names) {
    for (String name : said) {
      if (!names.contains(name)) {
        throw new UnknownVolumeException(what, name, String.join(", ", names));
      }
    }
  }

  /** The exports: who may do what on which volume. Changes are stored. */
  public ExportTable exports() {
    return exports;
  }

  /** The profiles of the volumes. Changes are stored. */
  public VolumeProfiles profiles() {
    return profiles;
  }

  /**
   * Must be told of everything that remembers calls, and of everything that follows the volumes.
   */
  public ArrayFollower follower() {
    return follower;
  }

  /** The listener for the offload: it turns the changes of jobs into events, and passes them on. */
  public CloneJobListener jobListener(CloneJobListener next) {
    return change -> {
      feed.changed(change);
      next.changed(change);
    };
  }

  /** Turns the outcomes of clones into events. */
  public void follow(Explanations explanations) {
    explanations.tell(feed::cameOut);
  }

  /**
   * Makes the array as an administrator sees it.
   *
   * @param locks the door through which hosts lock files without a lease
   * @param leased the door through which clients hold files with one
   * @param calls reads what clients have called so far
   * @param journal their latest calls one by one
   * @param faults what they are to meet
   * @param nfs the door for NFS
   */
  public ArrayControl control(
      OffloadEngine offload,
      Holdings holdings,
      HostLocks locks,
      LeasedClients leased,
      Supplier<List<CallFigures>> calls,
      Journal journal,
      FaultRules faults,
      NfsDoor nfs) {
    FileControl files = new FileControl(storage, events);
    VmInventory vms = new VmInventory(storage, offload.explanations(), events::lastSequence);
    return new ArrayControl(
        new ArrayControl.Parts(
            new VolumeControl(storage, settings),
            new ExportControl(exports),
            new ProfileControl(profiles),
            new SnapshotControl(files, events, holdings.delegations()),
            new StateControl(storage),
            new JobControl(offload),
            new LockControl(holdings, locks, leased, events),
            new StatisticsControl(storage, offload, calls),
            new ExplanationControl(storage, new Grants(storage, exports), offload),
            files,
            vms,
            new SpaceControl(storage, vms),
            new CloneControl(files, visits, events, clock),
            new RateHistory(
                storage,
                calls,
                offload.explanations().transfers(),
                offload.statistics(),
                hosts,
                clock,
                System::nanoTime),
            nfs),
        events,
        journal,
        faults,
        visits,
        hosts);
  }
}
