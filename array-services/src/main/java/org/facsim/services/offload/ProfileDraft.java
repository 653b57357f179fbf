/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.EnumSet;
import java.util.Set;
import org.facsim.services.offload.ArrayProfile.AcrossNodes;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.offload.ArrayProfile.Unmap;
import org.facsim.services.offload.ArrayProfile.WhenBusy;

/**
 * Builds a profile: it begins as a copy of another one, and its fields are set one by one. Not
 * thread-safe.
 */
public final class ProfileDraft {
  private String name;
  private String description;
  private Availability availability;
  private FullClone fullClone;
  private boolean fastClone;
  private AcrossVolumes acrossVolumes;
  private long copyBytesPerSecond;
  private boolean thickDestinations;
  private boolean cloningSnapshots;
  private int maxCloneDepth;
  private int maxConcurrentClones;
  private int maxQueuedClones;
  private WhenBusy whenBusy;
  private Reserve reserveSpace;
  private Statistics extendedStatistics;
  private Unmap unmap;
  private long unmapGranularityBytes;
  private int node;
  private AcrossNodes acrossNodes;
  private Set<Dialect> dialects;

  ProfileDraft(ArrayProfile from) {
    name = from.name();
    description = from.description();
    availability = from.availability();
    fullClone = from.fullClone();
    fastClone = from.fastClone();
    acrossVolumes = from.acrossVolumes();
    copyBytesPerSecond = from.copyBytesPerSecond();
    thickDestinations = from.thickDestinations();
    cloningSnapshots = from.cloningSnapshots();
    maxCloneDepth = from.maxCloneDepth();
    maxConcurrentClones = from.maxConcurrentClones();
    maxQueuedClones = from.maxQueuedClones();
    whenBusy = from.whenBusy();
    reserveSpace = from.reserveSpace();
    extendedStatistics = from.extendedStatistics();
    unmap = from.unmap();
    unmapGranularityBytes = from.unmapGranularityBytes();
    node = from.node();
    acrossNodes = from.acrossNodes();
    dialects = from.dialects();
  }

  /**
   * Makes the profile.
   *
   * @throws IllegalArgumentException if fields contradict each other; the message names the field,
   *     its value and what is allowed
   */
  public ArrayProfile freeze() {
    return new ArrayProfile(
        name,
        description,
        availability,
        fullClone,
        fastClone,
        acrossVolumes,
        copyBytesPerSecond,
        thickDestinations,
        cloningSnapshots,
        maxCloneDepth,
        maxConcurrentClones,
        maxQueuedClones,
        whenBusy,
        reserveSpace,
        extendedStatistics,
        unmap,
        unmapGranularityBytes,
        node,
        acrossNodes,
        dialects);
  }

  public ProfileDraft named(String newName, String newDescription) {
    name = newName;
    description = newDescription;
    return this;
  }

  public ProfileDraft availability(Availability value) {
    availability = value;
    return this;
  }

  public ProfileDraft fullClone(FullClone value) {
    fullClone = value;
    return this;
  }

  public ProfileDraft fastClone(boolean value) {
    fastClone = value;
    return this;
  }

  public ProfileDraft acrossVolumes(AcrossVolumes value) {
    acrossVolumes = value;
    return this;
  }

  public ProfileDraft copyBytesPerSecond(long value) {
    copyBytesPerSecond = value;
    return this;
  }

  public ProfileDraft thickDestinations(boolean value) {
    thickDestinations = value;
    return this;
  }

  public ProfileDraft cloningSnapshots(boolean value) {
    cloningSnapshots = value;
    return this;
  }

  public ProfileDraft maxCloneDepth(int value) {
    maxCloneDepth = value;
    return this;
  }

  public ProfileDraft maxConcurrentClones(int value) {
    maxConcurrentClones = value;
    return this;
  }

  public ProfileDraft maxQueuedClones(int value) {
    maxQueuedClones = value;
    return this;
  }

  public ProfileDraft whenBusy(WhenBusy value) {
    whenBusy = value;
    return this;
  }

  public ProfileDraft reserveSpace(Reserve value) {
    reserveSpace = value;
    return this;
  }

  public ProfileDraft extendedStatistics(Statistics value) {
    extendedStatistics = value;
    return this;
  }

  public ProfileDraft unmap(Unmap value) {
    unmap = value;
    return this;
  }

  public ProfileDraft unmapGranularityBytes(long value) {
    unmapGranularityBytes = value;
    return this;
  }

  public ProfileDraft node(int value) {
    node = value;
    return this;
  }

  public ProfileDraft acrossNodes(AcrossNodes value) {
    acrossNodes = value;
    return this;
  }

  public ProfileDraft dialects(Set<Dialect> value) {
    dialects = value.isEmpty() ? Set.of() : EnumSet.copyOf(value);
    return this;
  }
}
