/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.facsim.management.console.ConsoleFile;
import org.facsim.management.console.ConsoleFiles;

/**
 * Sends the web console. Its files are in memory and hold nothing of the array, so they are sent
 * from the event loop, also while the array is away, and to whoever has not said who it is.
 */
final class ConsoleRoutes {
  private static final int NOT_MODIFIED = 304;

  /**
   * A page loads what is this array's and nothing else, runs no script that stands in a page, and
   * is shown inside no other page.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

  private ConsoleRoutes() {}

  static void addTo(Router router) {
    router.route().handler(ConsoleRoutes::serve);
  }

  private static void serve(RoutingContext context) {
    Optional<ConsoleFile> found = ConsoleFiles.find(context.request().path());
    if (found.isEmpty()) {
      context.next();
      return;
    }
    HttpMethod method = context.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      Answers.methodNotAllowed(context, "GET, HEAD");
      return;
    }
    ConsoleFile file = found.get();
    HttpServerResponse response = context.response();
    response
        .putHeader("ETag", file.tag())
        .putHeader(
            "Cache-Control", file.isPage() ? "no-cache" : "public, max-age=31536000, immutable")
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Referrer-Policy", "no-referrer");
    if (file.tag().equals(context.request().getHeader("If-None-Match"))) {
      Answers.empty(context, NOT_MODIFIED);
    } else {
      Answers.text(context, file.contentType(), file.text());
    }
  }
}
