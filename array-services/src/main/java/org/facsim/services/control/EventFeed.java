/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Set;
import org.facsim.array.ArrayListener;
import org.facsim.array.Volume;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportRule;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneJobListener;

/** Turns what the array and its jobs report into events. */
final class EventFeed implements ArrayListener, CloneJobListener {
  private final ArrayEvents events;

  EventFeed(ArrayEvents events) {
    this.events = events;
  }

  /** Does nothing, because each change is also reported by a method of its own. */
  @Override
  public void changed(Set<Volume> gone, Set<Volume> returned) {}

  @Override
  public void volumeMade(Volume volume) {
    events.add(new ArrayChange.VolumeCreated(volume.name(), volume.sizeBytes()));
  }

  @Override
  public void volumeResized(Volume volume, long beforeBytes) {
    events.add(new ArrayChange.VolumeResized(volume.name(), beforeBytes, volume.sizeBytes()));
  }

  @Override
  public void volumeDeleted(Volume volume) {
    events.add(new ArrayChange.VolumeDeleted(volume.name()));
  }

  @Override
  public void stateSaved(String name) {
    events.add(new ArrayChange.StateSaved(name));
  }

  @Override
  public void stateRestored(String name, Set<Volume> gone, Set<Volume> returned) {
    events.add(new ArrayChange.StateRestored(name, names(gone), names(returned)));
  }

  private static List<String> names(Set<Volume> volumes) {
    return volumes.stream().map(Volume::name).sorted().toList();
  }

  void exportChanged(Volume volume, Export export) {
    List<String> rules =
        export == null ? List.of() : export.rules().stream().map(ExportRule::toString).toList();
    events.add(new ArrayChange.ExportsChanged(volume.name(), export != null, rules));
  }

  void profileChanged(String volumeName, ArrayProfile profile) {
    events.add(new ArrayChange.ProfileChanged(volumeName, profile.name()));
  }

  @Override
  public void stateDeleted(String name) {
    events.add(new ArrayChange.StateDeleted(name));
  }

  void cameOut(CloneReport report) {
    events.add(
        new ArrayChange.CloneExplained(
            report.request().volume(),
            report.request().client(),
            report.request().dialect(),
            report.jobId(),
            report.request().destination(),
            report.request().isDryRun(),
            report.outcome(),
            report.firstFailed(),
            report.reason()));
  }

  @Override
  public void changed(Change change) {
    events.add(
        new ArrayChange.JobChanged(
            change.volume(),
            change.client(),
            change.jobId(),
            change.from(),
            change.to(),
            change.error(),
            change.reason(),
            change.totalBytes()));
  }
}
