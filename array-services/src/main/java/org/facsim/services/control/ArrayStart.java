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
 * What happens to an array between its opening and that of its doors: the volumes that the start
 * asks for are there, each volume has what it was told, and whoever follows the array hears of its
 * changes in the right order: doors forget first, then volumes are exported as is stored of them,
 * then the change is an event.
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

  /**
   * What the options of a start say of volumes.
   *
   * @param volumes to be there
   * @param rules by the name of a volume that is there or is made
   * @param profiles likewise
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
   * @param mayBeThere whether a volume of a name that is asked for may be there, as in a durable
   *     array; it is resized if this start's option says another size than the last start's
   * @param clock stamps events
   * @throws UnknownVolumeException if something is said of a volume that is not there; the array is
   *     as it was
   * @throws org.facsim.array.ArrayException if a volume cannot be made or resized, and the array is
   *     as it was; or if what is said of a volume cannot be stored
   */
  public ArrayStart(
      StorageArray storage, Options options, boolean mayBeThere, InstantSource clock) {
    this(storage, options, new ArrayEvents(clock, storage.starts()));
    requireVolumes(options);
    new StartVolumes(storage, new ToldOptions(storage.settings()))
        .provide(options.volumes(), mayBeThere);
    settings.begin();
    follow();
  }

  private ArrayStart(StorageArray storage, Options options, ArrayEvents events) {
    this.storage = storage;
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
    ArrayStart next = new ArrayStart(reopened, options, events);
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

  /** Before anything is changed: the names must be those of volumes that are there or are made. */
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

  /** Who may do what on which volume; changes are stored. */
  public ExportTable exports() {
    return exports;
  }

  /** How volumes behave; changes are stored. */
  public VolumeProfiles profiles() {
    return profiles;
  }

  /** To be told what doors remember, and what follows the volumes. */
  public ArrayFollower follower() {
    return follower;
  }

  /** For the offload: what its jobs do becomes events, and is passed on. */
  public CloneJobListener jobListener(CloneJobListener next) {
    return change -> {
      feed.changed(change);
      next.changed(change);
    };
  }

  /** How clones come out becomes events. */
  public void follow(Explanations explanations) {
    explanations.tell(feed::cameOut);
  }

  /**
   * The array as an administrator sees it.
   *
   * @param locks the door through which hosts lock files without a lease
   * @param calls what clients called so far, read when asked
   * @param journal their latest calls one by one
   * @param faults what they are to meet
   */
  public ArrayControl control(
      OffloadEngine offload,
      Holdings holdings,
      HostLocks locks,
      Supplier<List<CallFigures>> calls,
      Journal journal,
      FaultRules faults) {
    return new ArrayControl(
        new ArrayControl.Parts(
            new VolumeControl(storage, settings),
            new ExportControl(exports),
            new ProfileControl(profiles),
            new SnapshotControl(events),
            new StateControl(storage),
            new JobControl(offload),
            new LockControl(holdings, locks, events),
            new StatisticsControl(storage, offload, calls),
            new ExplanationControl(storage, new Grants(storage, exports), offload)),
        events,
        journal,
        faults);
  }
}
