/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a request is answered with; the one place where failures become problem documents. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final int NO_CONTENT = 204;
  private static final int TOO_BUSY = 503;

  private Answers() {}

  static void json(RoutingContext context, int status, Object value) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(JsonBodies.write(value));
  }

  static void noContent(RoutingContext context) {
    context.response().setStatusCode(NO_CONTENT).end();
  }

  static void problem(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "about:blank");
    document.put("title", problem.title());
    document.put("status", problem.status());
    document.put("detail", problem.getMessage());
    document.putAll(problem.extensions());
    if (problem.status() == TOO_BUSY) {
      response.putHeader("Retry-After", "1");
    }
    response
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.CONTENT_TYPE)
        .end(JsonBodies.write(document));
  }

  /** Whatever a handler threw. */
  static void failure(RoutingContext context, Throwable failure) {
    if (failure instanceof Problem problem) {
      problem(context, problem);
    } else if (failure instanceof ArrayException refused) {
      problem(context, ArrayProblems.of(refused));
    } else {
      LOG.error(
          "{} {}: a defect",
          context.request().method(),
          context.request().path(),
          failure == null ? new IllegalStateException("no cause given") : failure);
      problem(context, new Problem(500, "Internal error", "a defect in Facsim; see its log"));
    }
  }
}
