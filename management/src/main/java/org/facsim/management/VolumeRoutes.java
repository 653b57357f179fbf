/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.management.ArrayJson.ProfileRequest;
import org.facsim.management.ArrayJson.VolumeJson;
import org.facsim.management.FileRoutes.FileEntryJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.NewVolume;
import org.facsim.services.control.VolumeSpec;

/** Volumes: lists, makes, resizes and deletes them, and lists their snapshots. */
final class VolumeRoutes {
  private static final String VOLUMES = "/api/v1/volumes";
  private static final String VOLUME = VOLUMES + "/:volume";
  private static final String SNAPSHOTS = VOLUME + "/snapshots";
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final ArrayControl array;

  VolumeRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(VOLUMES, this::volumes);
    routes.post(VOLUMES, this::create);
    routes.get(VOLUME, this::volume);
    routes.patch(VOLUME, this::resize);
    routes.delete(VOLUME, this::delete);
    routes.get(SNAPSHOTS, this::snapshots);
    routes.post(SNAPSHOTS, this::takeSnapshot);
    routes.post(SNAPSHOTS + "/:snapshot/restore", this::restoreSnapshot);
    routes.post(SNAPSHOTS + "/:snapshot/revert", this::revertToSnapshot);
    routes.delete(SNAPSHOTS + "/:snapshot", this::deleteSnapshot);
  }

  /**
   * A volume to be made.
   *
   * @param sizeBytes at least 1 MiB
   * @param rules whom it is exported to, as {@link ExportRoutes} has them; as a volume that nothing
   *     is said of, if left out
   * @param profile how it behaves; the standard, if left out
   */
  record VolumeRequest(String name, Long sizeBytes, List<String> rules, ProfileRequest profile) {}

  /** A volume's next size. */
  record ResizeRequest(Long sizeBytes) {}

  /**
   * A snapshot.
   *
   * @param id unique in the volume
   * @param automatic made by the array for its own clones
   * @param sourceFileId the file or directory it was taken of, which may be gone
   * @param parent the name of the snapshot before it; null if there is none
   * @param clones made from it that are still there
   */
  record SnapshotJson(
      String name,
      long id,
      String created,
      boolean automatic,
      long sourceFileId,
      String parent,
      int clones) {
    static SnapshotJson of(Snapshot snapshot, Map<Long, String> namesById) {
      return new SnapshotJson(
          snapshot.name(),
          snapshot.id(),
          Instant.EPOCH.plusNanos(snapshot.createdNanos()).toString(),
          snapshot.automatic(),
          snapshot.sourceFileId(),
          namesById.get(snapshot.parentId()),
          snapshot.cloneCount());
    }
  }

  /**
   * A snapshot that is to be taken.
   *
   * @param path of a file or directory below the volume; empty for the root
   */
  record SnapshotRequest(String name, String path) {}

  /**
   * What is to be made of a snapshot.
   *
   * @param path what it is to become, which must not exist
   */
  record SnapshotRestoreRequest(String path) {}

  private VolumeJson json(Volume volume) {
    return VolumeJson.of(volume, array.profiles().of(volume));
  }

  /** Of what an administrator sets; the space changes with every write. */
  private static String tag(Volume volume) {
    return Etags.of(List.of(volume.id(), volume.name(), volume.sizeBytes()));
  }

  private void volumes(RoutingContext context) {
    ListPart.answer(
        context, VolumeJson.class, array.volumes().all().stream().map(this::json).toList());
  }

  private void volume(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    Etags.show(context, tag(volume));
    Answers.json(context, OK, json(volume));
  }

  private void create(RoutingContext context) {
    VolumeRequest wanted = JsonBodies.read(context, VolumeRequest.class);
    String name = VaaiJson.required("name", wanted.name());
    long sizeBytes = VaaiJson.required("sizeBytes", wanted.sizeBytes());
    NewVolume volume =
        new NewVolume(
            spec(name, sizeBytes),
            Optional.ofNullable(wanted.rules()).map(ExportRoutes::rules),
            Optional.ofNullable(wanted.profile()).map(RequestedProfile::of));
    Answers.json(context, CREATED, json(array.volumes().create(volume)));
  }

  private static VolumeSpec spec(String name, long sizeBytes) {
    try {
      return new VolumeSpec(name, sizeBytes);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    }
  }

  private void resize(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    ResizeRequest wanted = JsonBodies.read(context, ResizeRequest.class);
    Etags.check(context, tag(volume));
    array.volumes().resize(volume, VaaiJson.required("sizeBytes", wanted.sizeBytes()));
    Answers.json(context, OK, json(volume));
  }

  private void delete(RoutingContext context) {
    JsonBodies.readNothing(context);
    Volume volume = RequestedVolume.of(context, array);
    Etags.check(context, tag(volume));
    array.volumes().delete(volume);
    Answers.noContent(context);
  }

  private void snapshots(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    List<Snapshot> all = array.snapshots().of(volume);
    Map<Long, String> names = new HashMap<>();
    all.forEach(each -> names.put(each.id(), each.name()));
    ListPart.answer(
        context,
        SnapshotJson.class,
        all.stream().map(each -> SnapshotJson.of(each, names)).toList());
  }

  private void takeSnapshot(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    SnapshotRequest wanted = JsonBodies.read(context, SnapshotRequest.class);
    Snapshot taken =
        array
            .snapshots()
            .create(
                volume,
                Asked.trimmed(VaaiJson.required("path", wanted.path())),
                VaaiJson.required("name", wanted.name()));
    Map<Long, String> names = new HashMap<>();
    array.snapshots().of(volume).forEach(each -> names.put(each.id(), each.name()));
    Answers.json(context, CREATED, SnapshotJson.of(taken, names));
  }

  private void restoreSnapshot(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    SnapshotRestoreRequest wanted = JsonBodies.read(context, SnapshotRestoreRequest.class);
    String path = Asked.trimmed(VaaiJson.required("path", wanted.path()));
    array.snapshots().restore(volume, snapshot(context, volume), path);
    Answers.json(context, CREATED, FileEntryJson.of(array.files().describe(volume, path)));
  }

  private void revertToSnapshot(RoutingContext context) {
    JsonBodies.readNothing(context);
    Volume volume = RequestedVolume.of(context, array);
    String path = array.snapshots().revert(volume, snapshot(context, volume));
    Answers.json(context, OK, FileEntryJson.of(array.files().describe(volume, path)));
  }

  private Snapshot snapshot(RoutingContext context, Volume volume) {
    String name = context.pathParam("snapshot");
    return array
        .snapshots()
        .find(volume, name)
        .orElseThrow(
            () ->
                Problem.notFound("volume '" + volume.name() + "' has no snapshot '" + name + "'"));
  }

  private void deleteSnapshot(RoutingContext context) {
    JsonBodies.readNothing(context);
    Volume volume = RequestedVolume.of(context, array);
    Snapshot snapshot = snapshot(context, volume);
    array.snapshots().delete(volume, snapshot);
    Answers.noContent(context);
  }
}
