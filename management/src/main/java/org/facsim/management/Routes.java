/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.facsim.services.control.Visits;

/**
 * Collects the routes of the door. Each runs on a thread of {@link Workers}, because it may wait
 * for a volume's lock or the disk. Every path that answers GET answers HEAD, too. Any other method
 * of a known path is refused with a list of the allowed ones. Requests that change something must
 * be JSON.
 */
final class Routes {
  private final Router router;
  private final Workers workers;
  private final Connections connections;
  private final Visits visits;
  private final Consumer<RoutingContext> operationPoint;
  private final Map<String, Set<String>> methodsByPath = new LinkedHashMap<>();

  /**
   * @param visits who is in the array, so that it does not go away under a request
   * @param operationPoint what every request of these routes passes before it is run; throws to
   *     refuse it
   */
  Routes(
      Router router,
      Workers workers,
      Connections connections,
      Visits visits,
      Consumer<RoutingContext> operationPoint) {
    this.visits = visits;
    this.operationPoint = operationPoint;
    this.router = router;
    this.workers = workers;
    this.connections = connections;
  }

  void get(String path, Handler<RoutingContext> handler) {
    route(path, HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> runOnWorker(context, handler));
    methodsByPath.get(path).add(HttpMethod.HEAD.name());
  }

  void post(String path, Handler<RoutingContext> handler) {
    change(path, HttpMethod.POST, handler);
  }

  void patch(String path, Handler<RoutingContext> handler) {
    change(path, HttpMethod.PATCH, handler);
  }

  void put(String path, Handler<RoutingContext> handler) {
    change(path, HttpMethod.PUT, handler);
  }

  void delete(String path, Handler<RoutingContext> handler) {
    change(path, HttpMethod.DELETE, handler);
  }

  /**
   * Adds a route that takes the body of its requests itself, piece by piece. The handler runs on a
   * worker, and the request is paused.
   */
  void upload(String path, Handler<RoutingContext> handler) {
    route(path, HttpMethod.PUT)
        .handler(
            context -> {
              context.request().pause();
              runOnWorker(context, handler);
            });
  }

  private void change(String path, HttpMethod method, Handler<RoutingContext> handler) {
    route(path, method)
        .handler(context -> JsonBodies.receive(context, () -> runOnWorker(context, handler)));
  }

  private Route route(String path, HttpMethod method) {
    methodsByPath.computeIfAbsent(path, key -> new TreeSet<>()).add(method.name());
    return router.route(method, path);
  }

  /** To be called after all routes are added. */
  void refuseOtherMethods() {
    methodsByPath.forEach(
        (path, methods) -> {
          String allowed = String.join(", ", methods);
          router.route(path).handler(context -> Answers.methodNotAllowed(context, allowed));
        });
  }

  private void runOnWorker(RoutingContext context, Handler<RoutingContext> handler) {
    connections.setBusy(context.request().connection(), true);
    context.addEndHandler(v -> connections.setBusy(context.request().connection(), false));
    try {
      workers.run(
          () -> {
            Visits.Visit visit = visits.enter();
            try {
              operationPoint.accept(context);
              handler.handle(context);
            } catch (Throwable failure) { // a defect must be answered, too
              Answers.failure(context, failure);
              context.request().resume(); // so that the rest of a body does not stay in the way
            } finally {
              visit.close();
            }
          });
    } catch (Problem busy) {
      Answers.problem(context.request(), busy);
    }
  }
}
