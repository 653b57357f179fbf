/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.facsim.services.units.ByteSize;

/**
 * Says every few seconds how far a transfer is, in a line of its own: for logs and files, which
 * nothing can be erased from. Used by one thread at a time.
 */
public final class ProgressLines implements ProgressDisplay {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintWriter log;
  private final LongSupplier nanoClock;
  private String label = "";

  /** When the last line was written, whatever it was about. */
  private long lastLineNanos;

  public ProgressLines(PrintWriter log, LongSupplier nanoClock) {
    this.log = log;
    this.nanoClock = nanoClock;
    lastLineNanos = nanoClock.getAsLong();
  }

  @Override
  public void begin(String newLabel) {
    label = newLabel;
  }

  @Override
  public void transferred(long doneBytes, long totalBytes) {
    long now = nanoClock.getAsLong();
    if (now - lastLineNanos < LINE_NANOS || totalBytes <= 0) {
      return;
    }
    lastLineNanos = now;
    log.println(
        String.format(
            Locale.ROOT,
            "facsim demo: %s: %d %%, %s of %s",
            label,
            100 * doneBytes / totalBytes,
            ByteSize.format(doneBytes),
            ByteSize.format(totalBytes)));
  }

  @Override
  public void end() {}
}
