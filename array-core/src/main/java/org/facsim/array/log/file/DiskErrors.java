/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.SystemFailure;
import org.facsim.array.log.LineLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates failures of the operating system's disk into the array's errors.
 *
 * <p>Java has no type for a full disk, and hides the error number. It gives only the system's text,
 * in the system's language. Therefore a disk counts as full in these cases:
 *
 * <ul>
 *   <li>The text is one of the English texts for ENOSPC, EDQUOT and EFBIG.
 *   <li>The text is the one that this system has for ENOSPC. A write to {@code /dev/full} finds it
 *       out, once.
 *   <li>What failed needs space, and the file system has less space left than a log needs to grow.
 *       This also finds project quotas, in any language.
 * </ul>
 *
 * Known limit: if a file system with space left reports a user quota in another language, that
 * counts as IO. For that reason, the launcher sets the system's language to English.
 */
final class DiskErrors {
  private static final long LITTLE_BYTES = 1 << 20;
  private static final Path FULL_DEVICE = Path.of("/dev/full");
  private static final Logger LOG = LoggerFactory.getLogger(DiskErrors.class);
  private static final LineLimit LINES = new LineLimit(System::nanoTime);

  /** The system's text for ENOSPC, in lower case; empty if it is not known. */
  private static final String FULL_TEXT = learn(FULL_DEVICE);

  private DiskErrors() {}

  /**
   * Returns NO_SPACE or IO for an operation that needs space.
   *
   * @param doing for a person: what was tried on the file
   */
  static ArrayException failedToStore(String doing, Path file, IOException cause) {
    boolean full = isFull(cause, FULL_TEXT, () -> usableBytes(file));
    return failed(full ? ArrayError.NO_SPACE : ArrayError.IO, doing, file, cause);
  }

  /** Returns IO for an operation that needs no space. */
  static ArrayException failed(String doing, Path file, IOException cause) {
    return failed(ArrayError.IO, doing, file, cause);
  }

  private static ArrayException failed(
      ArrayError error, String doing, Path file, IOException cause) {
    String text = doing + " " + file + " failed: " + SystemFailure.inWords(cause);
    long lines = LINES.take();
    if (lines > 0) {
      LOG.warn("{}{}", text, lines > 1 ? " (and " + (lines - 1) + " like it)" : "");
    }
    return new ArrayException(error, text);
  }

  static boolean isFull(IOException cause, String fullText, LongSupplier usableBytes) {
    String text = textOf(cause);
    return Stream.of("no space left", "quota exceeded", "file too large").anyMatch(text::contains)
        || (!fullText.isEmpty() && text.contains(fullText))
        || usableBytes.getAsLong() < LITTLE_BYTES;
  }

  private static String textOf(IOException cause) {
    return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
  }

  /** Returns the space left, or {@link Long#MAX_VALUE} if it is not known. */
  private static long usableBytes(Path file) {
    try {
      Path there = Files.exists(file) ? file : file.toAbsolutePath().getParent();
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException | RuntimeException e) {
      LOG.debug("the space left for {} is not known", file, e);
      return Long.MAX_VALUE;
    }
  }

  /** Finds out what the system says when a device is full. */
  static String learn(Path fullDevice) {
    if (!Files.exists(fullDevice) || Files.isRegularFile(fullDevice)) {
      return "";
    }
    try (OutputStream device = new FileOutputStream(fullDevice.toFile())) {
      device.write(0);
      return "";
    } catch (IOException e) {
      return textOf(e);
    }
  }
}
