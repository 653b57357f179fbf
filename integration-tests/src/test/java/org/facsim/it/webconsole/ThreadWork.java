/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/**
 * The processor time that a page's thread has spent since a moment: script, style, layout and
 * paint. It does not count while others have the processor, so a loaded machine hardly changes it.
 */
final class ThreadWork {
  private final CDPSession session;
  private double sinceMillis;

  ThreadWork(Page page) {
    session = page.context().newCDPSession(page);
    JsonObject parameters = new JsonObject();
    parameters.addProperty("timeDomain", "threadTicks");
    session.send("Performance.enable", parameters);
    reset();
  }

  /** Counts from now on. */
  void reset() {
    sinceMillis = total();
  }

  /** What was spent since then, in milliseconds. */
  double millis() {
    return total() - sinceMillis;
  }

  private double total() {
    for (JsonElement each : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      JsonObject metric = each.getAsJsonObject();
      if (metric.get("name").getAsString().equals("TaskDuration")) {
        return 1e3 * metric.get("value").getAsDouble();
      }
    }
    throw new AssertionError("chromium has no metric TaskDuration");
  }
}
