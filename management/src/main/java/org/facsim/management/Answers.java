/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.array.ArrayException;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.control.StateHeldException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the answers to requests. Only here do failures become problem documents. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int TOO_BUSY = 503;
  private static final long UNKNOWN_LENGTH = -1;
  private static final String POLICY = "Content-Security-Policy";

  private Answers() {}

  static void json(RoutingContext context, int status, Object value) {
    send(context.request(), status, "application/json", JsonBodies.write(value));
  }

  /** An answer that is JSON already. */
  static void json(RoutingContext context, int status, Buffer written) {
    send(context.request(), status, "application/json", written);
  }

  static void text(RoutingContext context, String contentType, String text) {
    text(context, OK, contentType, text);
  }

  static void text(RoutingContext context, int status, String contentType, String text) {
    send(context.request(), status, contentType, Buffer.buffer(text));
  }

  /**
   * Begins an answer whose body is written piece by piece.
   *
   * @param writeBody begins to write it, unless the request was HEAD
   */
  static void begin(RoutingContext context, String contentType, Runnable writeBody) {
    begin(context, OK, contentType, UNKNOWN_LENGTH, writeBody);
  }

  /**
   * As {@link #begin(RoutingContext, String, Runnable)}, of a length that is known.
   *
   * @param lengthBytes how long the body will be
   */
  static void begin(
      RoutingContext context,
      int status,
      String contentType,
      long lengthBytes,
      Runnable writeBody) {
    HttpServerResponse response = context.response();
    deliver(
        context.request(),
        status,
        Buffer.buffer(),
        () -> {
          if (lengthBytes == UNKNOWN_LENGTH) {
            response.setChunked(true);
          } else {
            response.putHeader("Content-Length", Long.toString(lengthBytes));
          }
          response
              .setStatusCode(status)
              .putHeader("Content-Type", contentType)
              .putHeader("X-Content-Type-Options", "nosniff")
              .putHeader("Cross-Origin-Resource-Policy", "same-origin");
          restrict(response);
          if (context.request().method().equals(HttpMethod.HEAD)) {
            var unused = response.end();
          } else {
            writeBody.run();
          }
        });
  }

  static void noContent(RoutingContext context) {
    empty(context, NO_CONTENT);
  }

  /** An answer without a body, whose headers are set already. */
  static void empty(RoutingContext context, int status) {
    HttpServerResponse response = context.response();
    deliver(
        context.request(),
        status,
        Buffer.buffer(),
        () -> {
          var unused = response.setStatusCode(status).end();
        });
  }

  static void methodNotAllowed(RoutingContext context, String allowed) {
    context.response().putHeader("Allow", allowed);
    problem(
        context.request(),
        new Problem(
            METHOD_NOT_ALLOWED,
            "Method not allowed",
            context.request().method()
                + " "
                + context.request().path()
                + "; allowed: "
                + allowed
                + "; /openapi.yaml lists what there is"));
  }

  static void problem(HttpServerRequest request, Problem problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "about:blank");
    document.put("title", problem.title());
    document.put("status", problem.status());
    document.put("detail", problem.getMessage());
    document.putAll(problem.extensions());
    if (problem.status() == TOO_BUSY && !request.response().headWritten()) {
      request.response().putHeader("Retry-After", "1");
    }
    send(request, problem.status(), Problem.CONTENT_TYPE, JsonBodies.write(document));
  }

  /** Answers with the failure that a handler threw. */
  static void failure(RoutingContext context, Throwable failure) {
    LinkDecision decision = LinkDecision.in(failure).orElse(null);
    if (decision instanceof CallOverruled overruled) {
      HttpCalls.overruled(context.request(), overruled);
    } else if (decision instanceof StatusRefusal chosen) {
      problem(
          context.request(),
          VaaiProblems.named(chosen.status().name(), chosen.getMessage())
              .orElseGet(() -> new Problem(chosen.status().code(), "Fault", chosen.getMessage())));
    } else if (failure instanceof Problem problem) {
      problem(context.request(), problem);
    } else if (failure instanceof StateHeldException held) {
      problem(context.request(), new Problem(409, "Conflict", held.getMessage()));
    } else if (failure instanceof ArrayException refused) {
      problem(context.request(), ArrayProblems.of(refused));
    } else {
      LOG.error(
          "{} {}: a defect",
          context.request().method(),
          context.request().path(),
          failure == null ? new IllegalStateException("no cause given") : failure);
      problem(
          context.request(), new Problem(500, "Internal error", "a defect in Facsim; see its log"));
    }
  }

  /** Writes an answer if anybody waits for it, unless a link of the call chain has it otherwise. */
  private static void deliver(HttpServerRequest request, int status, Buffer body, Runnable write) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    HttpCalls.answered(
        request,
        status,
        body,
        () -> {
          if (!response.ended() && !response.closed()) { // it may have waited
            write.run();
          }
        });
  }

  /**
   * Writes an answer; nothing else does. The answer to HEAD has the length of the answer to GET.
   */
  private static void send(HttpServerRequest request, int status, String contentType, Buffer body) {
    deliver(request, status, body, () -> write(request, status, contentType, body));
  }

  /**
   * An answer that a browser shows as a page may load and run nothing, and no page may frame it.
   * The console's own page says itself what it may.
   */
  private static void restrict(HttpServerResponse response) {
    if (!response.headers().contains(POLICY)) {
      response.putHeader(POLICY, "default-src 'none'; frame-ancestors 'none'");
    }
  }

  private static void write(
      HttpServerRequest request, int status, String contentType, Buffer body) {
    HttpServerResponse response = request.response();
    response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .putHeader("Content-Length", Integer.toString(body.length()))
        // so that a browser neither guesses the type nor shows the answer inside a foreign page
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    restrict(response);
    int maxBytes = HttpCalls.maxBytes(request);
    if (request.method().equals(HttpMethod.HEAD)) {
      var unused = response.end();
    } else if (maxBytes < body.length()) {
      var unused =
          response.write(body.slice(0, maxBytes)).onComplete(written -> HttpCalls.cut(request));
    } else {
      var unused = response.end(body);
    }
  }
}
