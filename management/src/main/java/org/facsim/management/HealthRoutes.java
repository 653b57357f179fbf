/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import org.facsim.services.control.ArrayControl;

/** Whether the program lives, and whether the array answers NFS. */
final class HealthRoutes {
  private static final int OK = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ArrayControl array;

  HealthRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get("/healthz", context -> Answers.json(context, OK, new HealthJson("alive")));
    routes.get("/readyz", this::ready);
  }

  /** How it is. */
  record HealthJson(String status) {}

  private void ready(RoutingContext context) {
    try {
      array.nfs().probe(PATIENCE);
    } catch (IOException e) {
      throw new Problem(503, "Not ready", "NFS does not answer: " + e.getMessage());
    }
    Answers.json(context, OK, new HealthJson("ready"));
  }
}
