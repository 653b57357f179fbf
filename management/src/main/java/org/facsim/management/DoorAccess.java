/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.management.console.ConsoleFiles;

/**
 * Lets requests in that prove that they know the token: by {@code Authorization: Bearer}, or by the
 * cookie that a browser got for it. Without a token, everybody is let in. Only what says nothing of
 * the array is answered to everybody: whether the program is well, the files of the console, and
 * logging in.
 */
final class DoorAccess {
  static final String LOGIN = "/api/v1/login";

  private static final String COOKIE = "facsim-session";
  private static final String BEARER = "Bearer ";
  private static final int UNAUTHORIZED = 401;
  private static final Set<String> OPEN = Set.of("/healthz", "/readyz", LOGIN);

  private final Optional<AccessToken> token;
  private final boolean isEncrypted;
  private final InstantSource clock;

  DoorAccess(Optional<AccessToken> token, boolean isEncrypted, InstantSource clock) {
    this.token = token;
    this.isEncrypted = isEncrypted;
    this.clock = clock;
  }

  boolean isTokenRequired() {
    return token.isPresent();
  }

  boolean isEncrypted() {
    return isEncrypted;
  }

  /**
   * Lets a request in, or throws the problem with which it is refused.
   *
   * @param path as the router understands it, so that no other spelling of it leads around this
   * @throws Problem 401
   */
  void check(HttpServerRequest request, String path) {
    if (isProved(request) || isOpen(path)) {
      return;
    }
    request.response().putHeader("WWW-Authenticate", "Bearer realm=\"facsim\"");
    throw new Problem(
        UNAUTHORIZED,
        "Unauthorized",
        request.getHeader("Authorization") == null
            ? "this array needs its token, which the first start showed and keeps in a file;"
                + " allowed: Authorization: Bearer TOKEN"
            : "the token is not that of this array; allowed: Authorization: Bearer TOKEN");
  }

  private static boolean isOpen(String path) {
    return OPEN.contains(path) || ConsoleFiles.find(path).isPresent();
  }

  /** Whether a request needs no proof, or has one. */
  boolean isProved(HttpServerRequest request) {
    if (token.isEmpty()) {
      return true;
    }
    List<String> given = request.headers().getAll("Authorization");
    if (!given.isEmpty()) {
      return given.size() == 1
          && given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())
          && token.get().fits(given.get(0).substring(BEARER.length()).strip());
    }
    Cookie cookie = request.getCookie(COOKIE);
    return cookie != null && token.get().isProvedBy(cookie.getValue(), clock.instant());
  }

  /**
   * Gives a browser its cookie, if it knows the token.
   *
   * @throws Problem 401
   */
  void logIn(HttpServerRequest request, String given) {
    if (token.isEmpty()) {
      return;
    }
    if (!token.get().fits(given)) {
      throw new Problem(UNAUTHORIZED, "Unauthorized", "the token is not that of this array");
    }
    var unused =
        request
            .response()
            .addCookie(
                cookie(token.get().cookie(clock.instant()))
                    .setMaxAge(AccessToken.COOKIE_LIFE.toSeconds()));
  }

  /** Takes the cookie away. */
  void logOut(HttpServerRequest request) {
    var unused = request.response().addCookie(cookie("").setMaxAge(0));
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(isEncrypted)
        .setSameSite(CookieSameSite.STRICT);
  }
}
