/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;

/**
 * How a browser logs in. Nothing here passes the operation point: the token is in the body, and
 * neither the journal nor a fault rule is to see it.
 */
final class LoginRoutes {
  private static final int OK = 200;

  private final DoorAccess access;

  LoginRoutes(DoorAccess access) {
    this.access = access;
  }

  void addTo(Routes routes) {
    routes.get(DoorAccess.LOGIN, this::status);
    routes.post(DoorAccess.LOGIN, this::logIn);
    routes.delete(DoorAccess.LOGIN, this::logOut);
  }

  /** The token. */
  record LoginRequest(String token) {
    @Override
    public String toString() {
      return "LoginRequest[hidden]";
    }
  }

  /**
   * Whether a client is let in.
   *
   * @param required whether a token is needed at all
   * @param loggedIn whether this client needs none, or has proved that it knows it
   */
  record LoginJson(boolean required, boolean loggedIn) {}

  private void status(RoutingContext context) {
    Answers.json(
        context, OK, new LoginJson(access.isTokenRequired(), access.isProved(context.request())));
  }

  private void logIn(RoutingContext context) {
    LoginRequest wanted;
    try {
      wanted = JsonBodies.read(context, LoginRequest.class);
    } catch (Problem wrong) {
      wanted = new LoginRequest(null); // its words would show what was sent
    }
    if (wanted.token() == null) {
      throw Problem.badRequest("allowed: {\"token\": TEXT} and nothing else");
    }
    access.logIn(context.request(), wanted.token());
    Answers.noContent(context);
  }

  private void logOut(RoutingContext context) {
    JsonBodies.readNothing(context);
    access.logOut(context.request());
    Answers.noContent(context);
  }
}
