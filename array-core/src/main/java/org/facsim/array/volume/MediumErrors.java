/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.log.LineLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that the medium failed under a file, because its payload is damaged or cannot be
 * read. The client gets IO, but whoever runs the array must learn of it, too. There is at most one
 * line in ten seconds for each volume. Thread-safe.
 */
public final class MediumErrors {
  private static final Logger LOG = LoggerFactory.getLogger(MediumErrors.class);

  private final String volume;
  private final LineLimit lines;
  private final Consumer<String> log;

  public MediumErrors(String volume) {
    this(volume, System::nanoTime, LOG::error);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public MediumErrors(String volume, LongSupplier nanoTime, Consumer<String> log) {
    this.volume = volume;
    this.lines = new LineLimit(nanoTime);
    this.log = log;
  }

  /** Returns the exception, which the caller throws again. */
  public ArrayException note(Inode file, ArrayException failed) {
    long count = failed.error() == ArrayError.IO ? lines.take() : 0;
    if (count > 0) {
      log.accept(
          "volume '%s', file %d: %s%s"
              .formatted(
                  volume,
                  file.fileId(),
                  failed.getMessage(),
                  count == 1 ? "" : " (and " + (count - 1) + " more in the volume)"));
    }
    return failed;
  }
}
