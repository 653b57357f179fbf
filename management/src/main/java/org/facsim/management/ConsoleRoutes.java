/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
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
  private static final int NOT_FOUND = 404;

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

  /**
   * Answers a person who follows an address that there is not: with the console's page, which says
   * so and shows the way. To be added before it is asked who the client is, because the page holds
   * nothing of the array.
   */
  static void addUnknownPagesTo(Router router) {
    router
        .route()
        .handler(
            context -> {
              if (isRead(context.request())
                  && !ConsoleFiles.isOfPrograms(context.normalizedPath())
                  && ConsoleFiles.find(context.request().path()).isEmpty()) {
                notFound(context);
              } else {
                context.next();
              }
            });
  }

  /** Whether a browser asks for a page that a person is to read. */
  static boolean isRead(HttpServerRequest request) {
    String accepted = request.getHeader("Accept");
    return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
        && accepted != null
        && accepted.contains("text/html");
  }

  /** Answers with the console's page, which says that there is nothing at its address. */
  static void notFound(RoutingContext context) {
    ConsoleFile page = ConsoleFiles.find("/").orElseThrow();
    protect(context.response()).putHeader("Cache-Control", "no-store");
    Answers.text(context, NOT_FOUND, page.contentType(), page.text());
  }

  private static HttpServerResponse protect(HttpServerResponse response) {
    return response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Referrer-Policy", "no-referrer");
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
    protect(response)
        .putHeader("ETag", file.tag())
        .putHeader(
            "Cache-Control", file.isPage() ? "no-cache" : "public, max-age=31536000, immutable");
    if (file.tag().equals(context.request().getHeader("If-None-Match"))) {
      Answers.empty(context, NOT_MODIFIED);
    } else {
      Answers.text(context, file.contentType(), file.text());
    }
  }
}
