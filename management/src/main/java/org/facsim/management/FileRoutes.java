/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileSpace;
import org.facsim.array.Sharing;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.FileControl;
import org.facsim.services.control.FileEntry;
import org.facsim.services.control.FileListing;
import org.facsim.services.control.SharedRange;
import org.facsim.services.control.SharingPicture;

/** Files and directories of volumes: lists, seeds, reads and deletes them, and how they share. */
final class FileRoutes {
  private static final String VOLUME = "/api/v1/volumes/:volume";
  private static final String FILES = VOLUME + "/files";
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int USUAL = 256;
  private static final int USUAL_RANGES = 1000;

  private final ArrayControl array;
  private final FileBodies bodies;

  FileRoutes(ArrayControl array, FileBodies bodies) {
    this.array = array;
    this.bodies = bodies;
  }

  void addTo(Routes routes) {
    routes.get(FILES, this::list);
    routes.get(FILES + "/*", bodies::send);
    routes.upload(FILES + "/*", bodies::receive);
    routes.delete(FILES + "/*", this::delete);
    routes.post(VOLUME + "/directories", this::makeDirectory);
    routes.get(VOLUME + "/sharing", this::sharing);
  }

  /**
   * A file or directory.
   *
   * @param type as in {@link org.facsim.array.FileType}
   * @param mode permission bits, in octal
   * @param space null unless it is a regular file
   * @param cookie its place in the listing; ask for what follows with {@code after}
   */
  record FileEntryJson(
      String name,
      String path,
      String type,
      long fileId,
      long sizeBytes,
      String mode,
      long uid,
      long gid,
      int links,
      String modified,
      String changed,
      String etag,
      FileSpace space,
      long cookie) {
    static FileEntryJson of(FileEntry entry) {
      FileAttributes attributes = entry.attributes();
      return new FileEntryJson(
          entry.name(),
          entry.path(),
          attributes.type().name(),
          attributes.fileId(),
          attributes.sizeBytes(),
          Integer.toOctalString(attributes.mode()),
          attributes.uid(),
          attributes.gid(),
          attributes.linkCount(),
          time(attributes.modifyTimeNanos()),
          time(attributes.changeTimeNanos()),
          Etags.of(attributes),
          attributes.type() == org.facsim.array.FileType.REGULAR ? entry.space() : null,
          entry.cookie());
    }

    private static String time(long nanos) {
      return Instant.EPOCH.plusNanos(nanos).toString();
    }
  }

  /**
   * A part of a directory.
   *
   * @param complete whether nothing follows
   */
  record FilesJson(String volume, String path, boolean complete, List<FileEntryJson> items) {}

  /** A directory that is to be made. */
  record DirectoryRequest(String path) {}

  /**
   * How blocks are shared; {@link SharingPicture} says what the fields mean.
   *
   * @param b null if one file is looked at
   */
  record SharingJson(
      String volume,
      String a,
      String b,
      long sizeBytes,
      long offsetBytes,
      long toldBytes,
      Map<Sharing, Long> bytes,
      List<SharedRange> ranges,
      long rangesEndBytes,
      long cellBytes,
      List<Map<Sharing, Long>> cells) {}

  private void list(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    Asked asked = Asked.of(context, "path", "after", "limit");
    FileListing listing =
        array
            .files()
            .list(
                volume,
                asked.text("path").orElse(""),
                asked.number("after", 0, 0, Long.MAX_VALUE),
                (int) asked.number("limit", USUAL, 1, FileControl.MAX_LISTED));
    Answers.json(
        context,
        OK,
        new FilesJson(
            volume.name(),
            listing.path(),
            listing.isComplete(),
            listing.entries().stream().map(FileEntryJson::of).toList()));
  }

  private void delete(RoutingContext context) {
    JsonBodies.readNothing(context);
    Volume volume = RequestedVolume.of(context, array);
    boolean isRecursive = Asked.of(context, "recursive").flag("recursive");
    String path = Asked.rest(context);
    Etags.check(context, Etags.of(array.files().describe(volume, path).attributes()));
    array.files().delete(volume, path, isRecursive);
    Answers.noContent(context);
  }

  private void makeDirectory(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    DirectoryRequest wanted = JsonBodies.read(context, DirectoryRequest.class);
    String path = Asked.trimmed(VaaiJson.required("path", wanted.path()));
    boolean isNew = array.files().makeDirectories(volume, path);
    Answers.json(
        context, isNew ? CREATED : OK, FileEntryJson.of(array.files().describe(volume, path)));
  }

  private void sharing(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    Asked asked = Asked.of(context, "a", "b", "offset", "limit", "cells");
    String first =
        asked
            .text("a")
            .orElseThrow(
                () -> Problem.badRequest("parameter 'a' is missing; allowed: a file's path"));
    String second = asked.text("b").orElse(null);
    SharingPicture picture =
        array
            .files()
            .sharing(
                volume,
                first,
                second,
                asked.number("offset", 0, 0, Volume.MAX_FILE_BYTES),
                (int) asked.number("limit", USUAL_RANGES, 0, SharingPicture.MAX_RANGES),
                (int) asked.number("cells", 0, 0, SharingPicture.MAX_CELLS));
    Answers.json(
        context,
        OK,
        new SharingJson(
            volume.name(),
            Asked.trimmed(first),
            second == null ? null : Asked.trimmed(second),
            picture.sizeBytes(),
            picture.offsetBytes(),
            picture.toldBytes(),
            picture.bytes(),
            picture.ranges(),
            picture.rangesEndBytes(),
            picture.cellBytes(),
            picture.cells()));
  }
}
