/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;

/** The demo: starts it, and tells how it is doing. */
final class DemoRoutes {
  private static final String DEMO = "/api/v1/demo";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  /** The article's disk. */
  private static final long STANDARD_DISK_BYTES = 33L << 29;

  private final DemoDoor demo;

  DemoRoutes(DemoDoor demo) {
    this.demo = demo;
  }

  /**
   * What to start.
   *
   * @param diskSizeBytes null for the article's 16.5 GiB
   */
  record DemoRequest(Long diskSizeBytes) {}

  void addTo(Routes routes) {
    routes.get(DEMO, context -> Answers.json(context, OK, demo.status()));
    routes.post(DEMO, this::start);
  }

  private void start(RoutingContext context) {
    Long size = JsonBodies.read(context, DemoRequest.class).diskSizeBytes();
    try {
      Answers.json(context, ACCEPTED, demo.start(size == null ? STANDARD_DISK_BYTES : size));
    } catch (LabRefusal refused) {
      throw refused.asProblem();
    }
  }
}
