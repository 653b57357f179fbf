/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories of formats 1 to 3, which a start converts to the format of today and a check only
 * reads (docs/adr/0060). Payload is the same in all formats, so only metadata is written anew.
 *
 * <ol>
 *   <li>All metadata is read into memory, with its checksums.
 *   <li>It is written to one log, whose file no catalog names yet. A crash leaves the old format,
 *       and a file that the next attempt writes anew.
 *   <li>The catalog of today is stored: the one step that counts. From then on the files of the old
 *       format are unneeded, and go with the first change.
 * </ol>
 */
final class OldFormat {
  private static final Logger LOG = LoggerFactory.getLogger(OldFormat.class);

  /** The first format with a catalog, and the last one before that of today. */
  private static final int CATALOG_VERSION = 3;

  private static final int BATCH_BYTES = 8 << 20;

  private OldFormat() {}

  /**
   * Returns the format of a directory that is to be converted; 0 for any other.
   *
   * @throws ArrayException IO if it cannot be read
   */
  static int versionOf(Path directory) {
    DirectoryFiles files = new DirectoryFiles(directory, true);
    if (files.exists(Catalog.FILE)) {
      return Catalog.versionOf(files) == CATALOG_VERSION ? CATALOG_VERSION : 0;
    }
    return Files.exists(directory.resolve(OldDatabase.FILE)) ? 2 : 0; // or 1: they are read alike
  }

  /**
   * Reads everything, and changes nothing.
   *
   * @throws ArrayException IO if it is damaged
   */
  static MetadataStore read(Path directory, int version) {
    record Change(long owner, long id, ByteBuffer bytes) {}
    Map<Section, List<Change>> changes = new HashMap<>();
    records(directory, version)
        .forEach(
            (kind, volume, owner, id, bytes) ->
                changes
                    .computeIfAbsent(new Section(kind, volume), unused -> new ArrayList<>())
                    .add(new Change(owner, id, bytes)));
    return new MetadataStore() {
      @Override
      public void append(Batch batch) {
        throw new IllegalStateException(directory + " is only looked at");
      }

      @Override
      public void load(RecordKind kind, int volume, Batch.Changes into) {
        for (Change change : changes.getOrDefault(new Section(kind, volume), List.of())) {
          ByteBuffer bytes = change.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
          into.change(kind, volume, change.owner(), change.id(), bytes);
        }
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }

  /**
   * Converts a directory. When this returns, it has the format of today, durably.
   *
   * @throws ArrayException IO if it is damaged, NO_SPACE; then it is as it was
   */
  static void convert(Path directory, int version) {
    OldRecords records = records(directory, version);
    DirectoryFiles files = new DirectoryFiles(directory);
    long number =
        version == CATALOG_VERSION
            ? Catalog.read(files, CATALOG_VERSION).nextFile()
            : LoggedMetadata.FIRST_LOG;
    files.delete(BatchLog.fileName(number)); // of an attempt before
    long last;
    try (BatchLog log = new BatchLog(files, number)) {
      log.prepare();
      Writer writer = new Writer(log);
      records.forEach(writer);
      last = writer.end();
    }
    new Catalog(0, last, number + 1, List.of(), List.of(number)).store(files);
    LOG.warn(
        "{} was converted from format {} to {}; older programs cannot open it any more",
        directory,
        version == CATALOG_VERSION ? "3" : "1 or 2",
        Catalog.FORMAT_VERSION);
  }

  private static OldRecords records(Path directory, int version) {
    return version == CATALOG_VERSION ? ofCatalog(directory) : OldDatabase.read(directory);
  }

  private static OldRecords ofCatalog(Path directory) {
    OldRecords records = new OldRecords();
    try (LoggedMetadata metadata =
        LoggedMetadata.toConvert(new DirectoryFiles(directory, true), CATALOG_VERSION)) {
      for (RecordKind kind : RecordKind.values()) {
        metadata.load(kind, 0, records);
      }
      metadata.load(
          RecordKind.VOLUME,
          0,
          (rowKind, none, owner, id, row) -> {
            for (RecordKind kind : RecordKind.values()) {
              metadata.load(kind, (int) id, records);
            }
          });
    }
    return records;
  }

  /** Appends changes in batches of some MiB. */
  private static final class Writer implements Batch.Changes {
    private final BatchLog log;
    private Batch batch = new Batch();
    private long number;

    Writer(BatchLog log) {
      this.log = log;
    }

    @Override
    public void change(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes) {
      if (kind.isTable()) {
        batch.patch(kind, volume, id, bytes.remaining()).put(bytes);
      } else {
        batch.put(kind, volume, owner, id, bytes);
      }
      if (batch.sizeBytes() >= BATCH_BYTES) {
        append();
      }
    }

    private void append() {
      log.append(++number, batch.bytes());
      batch = new Batch();
    }

    /** Returns the number of the last batch. */
    long end() {
      if (!batch.isEmpty()) {
        append();
      }
      return number;
    }
  }
}
