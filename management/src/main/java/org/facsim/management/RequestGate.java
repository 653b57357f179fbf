/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks every request before a route sees it. The door has no authentication, so the danger is a
 * browser on an administrator's machine: any page that it shows may send requests to any address.
 * Three headers, which a page cannot forge, reveal such requests:
 *
 * <ul>
 *   <li>{@code Host} must be a name or address of this array: {@link AllowedHosts}.
 *   <li>{@code Origin}, if present, must be the same authority as {@code Host}.
 *   <li>{@code Sec-Fetch-Site}, if present, must be {@code same-origin} or {@code none}. A link
 *       from elsewhere that a person follows (a navigation of the whole page) may still read.
 * </ul>
 *
 * <p>{@link JsonBodies} checks that calls which change something are JSON: a page needs the door's
 * consent to send such a request at all, and never gets it.
 */
final class RequestGate {
  private static final int FORBIDDEN = 403;
  private static final int MISDIRECTED = 421;
  private static final List<String> ONCE =
      List.of("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Content-Type");
  private static final Pattern ABSOLUTE_FORM =
      Pattern.compile("https?://([^/?#]*).*", Pattern.CASE_INSENSITIVE);
  private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final AllowedHosts hosts;

  RequestGate(AllowedHosts hosts) {
    this.hosts = hosts;
  }

  /**
   * Lets a request through, or throws the problem with which it is refused.
   *
   * @throws Problem 400, 403, 421
   */
  void check(HttpServerRequest request) {
    checkPath(request.path());
    for (String name : ONCE) {
      checkIsThereOnce(request, name);
    }
    String authority = authority(request);
    if (authority != null && !hosts.allow(authority)) {
      throw new Problem(
          MISDIRECTED,
          "Misdirected request",
          "Host: '"
              + authority
              + "'; allowed: localhost, the address that is listened on, and what --http-host"
              + " names");
    }
    checkOrigin(request.getHeader("Origin"), authority);
    checkFetchSite(request);
  }

  /**
   * Refuses a header that is there twice: one reader would use the first value, another the last.
   */
  private static void checkIsThereOnce(HttpServerRequest request, String name) {
    int count = request.headers().getAll(name).size();
    if (count > 1) {
      throw Problem.badRequest(count + " " + name + " headers; allowed: at most one");
    }
  }

  private static void checkPath(String path) {
    if (path == null || ESCAPE.matcher(path).find() || !isUtf8(path)) {
      throw Problem.badRequest(
          "path '" + path + "'; allowed: UTF-8, % only before two hexadecimal digits");
    }
  }

  /** Whether the escaped bytes of a path are UTF-8; its escapes are well-formed by now. */
  private static boolean isUtf8(String path) {
    if (path.indexOf('%') < 0) {
      return true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        bytes.put((byte) Integer.parseInt(path, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * The authority that the request is for: that of the request line if it has one (RFC 9112 section
   * 3.2.2), otherwise that of {@code Host}.
   */
  private static String authority(HttpServerRequest request) {
    List<String> named = request.headers().getAll("Host");
    if (named.size() > 1 || (named.isEmpty() && request.version() == HttpVersion.HTTP_1_1)) {
      throw Problem.badRequest(named.size() + " Host headers; allowed: exactly one");
    }
    var absolute = ABSOLUTE_FORM.matcher(request.uri());
    if (absolute.matches()) {
      return absolute.group(1);
    }
    return named.isEmpty() ? null : named.get(0);
  }

  private static void checkOrigin(String origin, String authority) {
    if (origin == null) {
      return;
    }
    String text = origin.toLowerCase(Locale.ROOT);
    String own = authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    if (!text.equals("http://" + own) && !text.equals("https://" + own)) {
      throw new Problem(
          FORBIDDEN, "Forbidden", "Origin: '" + origin + "'; allowed: pages of this array only");
    }
  }

  private static void checkFetchSite(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return;
    }
    boolean isFollowedLink =
        request.method().equals(HttpMethod.GET)
            && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
            && "document".equals(request.getHeader("Sec-Fetch-Dest"));
    if (!isFollowedLink) {
      throw new Problem(
          FORBIDDEN,
          "Forbidden",
          "Sec-Fetch-Site: '" + site + "'; allowed: requests of this array's own pages");
    }
  }
}
