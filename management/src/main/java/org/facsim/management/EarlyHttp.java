/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * Being initialised, this class makes what the HTTP door is made of, and closes it again, so that
 * the classes are loaded and linked when the door opens. The program lets it be initialised in a
 * thread of its own while it reads its options (docs/adr/0046). It listens nowhere.
 */
final class EarlyHttp {
  static {
    Vertx vertx = HttpDoor.vertx(new AcceptLimit(1));
    try {
      Router router = Router.router(vertx);
      router.get("/early").handler(context -> {});
      var unusedServer = vertx.createHttpServer().requestHandler(router);
    } finally {
      var unusedEnd = vertx.close();
    }
  }

  private EarlyHttp() {}
}
