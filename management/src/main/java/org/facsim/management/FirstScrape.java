/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import org.facsim.services.control.ArrayControl;

/**
 * Makes {@link MetricsRoute} when somebody scrapes for the first time: Micrometer and Prometheus
 * are 150 classes, which most arrays never need, and which a start would wait for.
 */
final class FirstScrape {
  private final ArrayControl array;

  /** Null before the first scrape; guarded by the monitor of this object. */
  private MetricsRoute metrics;

  FirstScrape(ArrayControl array) {
    this.array = array;
  }

  void scrape(RoutingContext context) {
    metrics().scrape(context);
  }

  private synchronized MetricsRoute metrics() {
    if (metrics == null) {
      metrics = new MetricsRoute(array);
    }
    return metrics;
  }
}
