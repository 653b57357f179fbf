/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.facsim.management.HttpDoor.Beside;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.Visits;
import org.facsim.services.offload.session.SessionCalls;

/**
 * All routes of the door, and what they are made of.
 *
 * @param open the answers that are written piece by piece
 * @param ticker what happens once a second
 * @param beside what runs beside the array
 * @param shown what the program says of itself
 * @param access who is let in
 */
record DoorRoutes(
    Vertx vertx,
    Workers workers,
    Connections connections,
    ArrayControl array,
    Visits visits,
    SessionCalls vaai,
    OpenAnswers open,
    Ticker ticker,
    Beside beside,
    HostCommands commands,
    ShownConfiguration shown,
    DoorAccess access) {
  private static final int NOT_FOUND = 404;

  Router router() {
    Router router = Router.router(vertx);
    router.route().failureHandler(DoorRoutes::failed);
    ConsoleRoutes.addUnknownPagesTo(router);
    router
        .route()
        .handler(
            context -> {
              access.check(context.request(), context.normalizedPath());
              context.next();
            });
    Routes unwatched = new Routes(router, workers, connections, visits, context -> {});
    new LoginRoutes(access).addTo(unwatched);
    unwatched.refuseOtherMethods();
    // calls of sessions pass the operation point where they are granted something
    Routes offload = new Routes(router, workers, connections, visits, context -> {});
    new VaaiRoutes(vaai).addTo(offload);
    offload.refuseOtherMethods();
    Routes routes =
        new Routes(
            router, workers, connections, visits, context -> HttpCalls.operation(context, array));
    addArray(routes);
    addWatching(routes);
    new LabRoutes(beside.lab(), commands).addTo(routes);
    new DemoRoutes(beside.demo()).addTo(routes);
    String description = resource("openapi.yaml");
    routes.get(
        "/openapi.yaml",
        context -> Answers.text(context, "application/yaml; charset=utf-8", description));
    routes.refuseOtherMethods();
    ConsoleRoutes.addTo(router);
    router.errorHandler(NOT_FOUND, DoorRoutes::failed);
    return router;
  }

  private void addArray(Routes routes) {
    new ArrayRoutes(array).addTo(routes);
    new VolumeRoutes(array).addTo(routes);
    new FileRoutes(array, new FileBodies(vertx, array, workers, visits, open)).addTo(routes);
    new VmRoutes(array).addTo(routes);
    new CloneRoutes(array).addTo(routes);
    new JobRoutes(array).addTo(routes);
    new ExportRoutes(array).addTo(routes);
    new LockRoutes(array).addTo(routes);
    new FaultRoutes(array).addTo(routes);
    new ConfigurationRoutes(array, shown, access, beside).addTo(routes);
  }

  private void addWatching(Routes routes) {
    Followers followers = new Followers(connections.maxPerAddress());
    new SpaceRoutes(array).addTo(routes);
    new ExplanationRoutes(array).addTo(routes);
    new EventRoutes(array, new ChangeStreams(vertx, open, array, ticker, followers)).addTo(routes);
    new JournalRoutes(array, new JournalStreams(vertx, open, followers)).addTo(routes);
    routes.get("/metrics", new FirstScrape(array)::scrape);
    new HealthRoutes(array).addTo(routes);
  }

  private static void failed(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (context.statusCode() == NOT_FOUND && ConsoleRoutes.isRead(request)) {
      ConsoleRoutes.notFound(context);
    } else if (context.statusCode() == NOT_FOUND) {
      Answers.problem(
          request,
          Problem.notFound(
              request.method() + " " + request.path() + "; /openapi.yaml lists what there is"));
    } else {
      Answers.failure(context, context.failure());
    }
  }

  private static String resource(String name) {
    try (InputStream in = DoorRoutes.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
