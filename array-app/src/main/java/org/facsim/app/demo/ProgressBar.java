/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.facsim.services.units.ByteSize;

/** One line on a terminal, redrawn at most ten times a second. Used by one thread at a time. */
public final class ProgressBar implements ProgressDisplay {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int BAR_CHARACTERS = 30;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter terminal;
  private final LongSupplier nanoClock;
  private String label = "";
  private long startNanos;
  private long lastDrawnNanos;
  private boolean visible;

  public ProgressBar(PrintWriter terminal, LongSupplier nanoClock) {
    this.terminal = terminal;
    this.nanoClock = nanoClock;
  }

  @Override
  public void begin(String newLabel) {
    label = newLabel;
    startNanos = nanoClock.getAsLong();
    lastDrawnNanos = startNanos;
  }

  @Override
  public void transferred(long doneBytes, long totalBytes) {
    long now = nanoClock.getAsLong();
    if (now - lastDrawnNanos < REDRAW_NANOS || totalBytes <= 0) {
      return;
    }
    lastDrawnNanos = now;
    visible = true;
    int filled = (int) (BAR_CHARACTERS * doneBytes / totalBytes);
    double bytesPerSecond = doneBytes * 1e9 / (now - startNanos);
    terminal.print(
        String.format(
            Locale.ROOT,
            "%s[%s%s] %3d%%  %s of %s  %s/s  %s",
            ERASE_LINE,
            "#".repeat(filled),
            ".".repeat(BAR_CHARACTERS - filled),
            100 * doneBytes / totalBytes,
            ByteSize.format(doneBytes),
            ByteSize.format(totalBytes),
            ByteSize.format((long) bytesPerSecond),
            label));
    terminal.flush();
  }

  @Override
  public void end() {
    if (visible) {
      terminal.print(ERASE_LINE);
      terminal.flush();
      visible = false;
    }
  }
}
