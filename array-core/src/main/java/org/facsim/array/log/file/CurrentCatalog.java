/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.array.ArrayException;

/**
 * The catalog that is valid now, and the numbers of new files. Each change stores a new catalog. If
 * storing it fails, the change has not happened here, although the new catalog may be the one on
 * the disk. Guarded by its user.
 */
final class CurrentCatalog {
  private final MetadataFiles files;
  private Catalog catalog;

  /** A number that was taken for an image and given back; 0 if there is none. */
  private long freeNumber;

  CurrentCatalog(MetadataFiles files, Catalog found) {
    this.files = files;
    catalog = found;
  }

  /** The last batch that the images hold. */
  long folded() {
    return catalog.folded();
  }

  /** The names of all files that the catalog needs, its own included. */
  Set<String> namedFiles() {
    Set<String> named = new HashSet<>(Set.of(Catalog.FILE));
    catalog.images().forEach(image -> named.add(image.fileName()));
    catalog.logs().forEach(log -> named.add(BatchLog.fileName(log)));
    return named;
  }

  /** Takes a number for an image. No catalog has named an image with this number. */
  long takeImageNumber() {
    long number = freeNumber != 0 ? freeNumber : catalog.nextFile();
    if (freeNumber == 0) {
      catalog = withNextFile(number + 1);
    }
    freeNumber = 0;
    return number;
  }

  /** Takes a number back because its image was not written; the next image gets it. */
  void giveBack(long number) {
    freeNumber = number;
  }

  /** The number that a new log gets. It is taken by {@link #addLog}. */
  long newLogNumber() {
    return catalog.nextFile();
  }

  /**
   * Adds the log that grows from now on.
   *
   * @param last the last batch in the logs before it
   * @throws ArrayException NO_SPACE, IO
   */
  void addLog(long number, long last) {
    List<Long> logs = new ArrayList<>(catalog.logs());
    logs.add(number);
    long nextFile = Math.max(catalog.nextFile(), number + 1);
    store(new Catalog(catalog.folded(), last, nextFile, catalog.images(), logs));
  }

  /**
   * Puts other images in place of those that are there.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void setImages(List<Image> images) {
    storeImages(images, catalog.folded(), catalog.logs());
  }

  /**
   * As {@link #setImages}, and a log that is folded into the uppermost image goes.
   *
   * @param last the last batch in the log
   * @throws ArrayException NO_SPACE, IO
   */
  void setImages(List<Image> images, BatchLog folded, long last) {
    List<Long> logs = new ArrayList<>(catalog.logs());
    logs.remove(folded.number());
    storeImages(images, last, logs);
  }

  private void storeImages(List<Image> images, long folded, List<Long> logs) {
    List<Image.Id> ids = images.stream().map(Image::id).toList();
    long last = Math.max(catalog.last(), folded);
    store(new Catalog(folded, last, catalog.nextFile(), ids, logs));
  }

  /**
   * Notes how far the logs go, so that a shorter one is damage.
   *
   * @param last the last batch that is durable
   * @throws ArrayException NO_SPACE, IO
   */
  void noteEnd(long last) {
    store(
        new Catalog(catalog.folded(), last, catalog.nextFile(), catalog.images(), catalog.logs()));
  }

  private Catalog withNextFile(long number) {
    return new Catalog(catalog.folded(), catalog.last(), number, catalog.images(), catalog.logs());
  }

  private void store(Catalog next) {
    next.store(files);
    catalog = next;
  }
}
