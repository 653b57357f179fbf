/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.facsim.vaai.VaaiOperations;

/**
 * Listens for HTTP. One event loop: this door is for admins and tests, the data goes over NFS.
 *
 * <p>Bounds: bodies of 64 KiB, headers of 16 KiB, a minute of silence.
 */
public final class HttpDoor implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int IDLE_SECONDS = 60;
  private static final int WORKERS = 2;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int TOO_LARGE = 413;

  private final Vertx vertx;
  private final InetSocketAddress address;

  private HttpDoor(Vertx vertx, InetSocketAddress address) {
    this.vertx = vertx;
    this.address = address;
  }

  /**
   * Opens the door.
   *
   * @param listen where; port 0 takes a free one
   * @throws IOException if the address cannot be listened on
   */
  public static HttpDoor open(InetSocketAddress listen, ManagedArray array, VaaiOperations vaai)
      throws IOException {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(WORKERS));
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setHost(listen.getAddress().getHostAddress())
                      .setPort(listen.getPort())
                      .setIdleTimeout(IDLE_SECONDS)
                      .setIdleTimeoutUnit(TimeUnit.SECONDS)
                      .setMaxHeaderSize(MAX_HEADER_BYTES))
              .requestHandler(router(vertx, array, vaai))
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      return new HttpDoor(vertx, new InetSocketAddress(listen.getAddress(), server.actualPort()));
    } catch (CompletionException e) {
      closeAndWait(vertx);
      if (e.getCause() instanceof IOException cannotListen) {
        throw cannotListen;
      }
      throw e;
    }
  }

  static Router router(Vertx vertx, ManagedArray array, VaaiOperations vaai) {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .failureHandler(HttpDoor::failed);
    new VaaiRoutes(vaai).addTo(router);
    new ArrayRoutes(array).addTo(router);
    new LockRoutes(array).addTo(router);
    new MetricsRoute(array).addTo(router);
    String description = resource("openapi.yaml");
    router
        .get("/openapi.yaml")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "application/yaml; charset=utf-8")
                    .end(description));
    router.errorHandler(NOT_FOUND, HttpDoor::failed);
    router.errorHandler(METHOD_NOT_ALLOWED, HttpDoor::failed);
    return router;
  }

  private static void failed(RoutingContext context) {
    HttpMethod method = context.request().method();
    String path = context.request().path();
    switch (context.statusCode()) {
      case NOT_FOUND ->
          Answers.problem(
              context,
              Problem.notFound(method + " " + path + "; /openapi.yaml lists what there is"));
      case METHOD_NOT_ALLOWED ->
          Answers.problem(
              context,
              new Problem(
                  METHOD_NOT_ALLOWED,
                  "Method not allowed",
                  method + " " + path + "; /openapi.yaml lists what there is"));
      case TOO_LARGE ->
          Answers.problem(
              context,
              new Problem(
                  TOO_LARGE, "Body too large", "allowed: at most " + MAX_BODY_BYTES + " bytes"));
      default -> Answers.failure(context, context.failure());
    }
  }

  private static String resource(String name) {
    try (InputStream in = HttpDoor.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    closeAndWait(vertx);
  }

  private static void closeAndWait(Vertx vertx) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
