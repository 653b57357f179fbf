/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.google.common.net.InetAddresses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.Arrival;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.facsim.services.control.ArrayControl;

/**
 * Shows requests to the call chain: when their head has arrived, before they are run, and when
 * their answer leaves.
 */
final class HttpCalls {
  /**
   * The latest request of each connection that links have watched. A connection has one request at
   * a time, and belongs to one door, so that the doors of several arrays share nothing here.
   */
  private static final Map<HttpConnection, WatchedRequest> WATCHED = new ConcurrentHashMap<>();

  private HttpCalls() {}

  /**
   * The transport point.
   *
   * @param line of the door
   * @param serve serves the request; runs unless a link has it otherwise, and later if a link
   *     delays it
   */
  static void received(
      Calls calls, HttpServerRequest request, WatchedRequest.Line line, Runnable serve) {
    WatchedRequest earlier = WATCHED.isEmpty() ? null : WATCHED.remove(request.connection());
    if (earlier != null && earlier.isBroken()) {
      WATCHED.put(request.connection(), earlier);
      return; // its connection is closed for the client, which sends on
    }
    if (!calls.isWatched()) {
      serve.run();
      return;
    }
    InetSocketAddress client = address(request.remoteAddress());
    CallRecord call =
        calls.received(
            new Arrival(
                Door.HTTP,
                client,
                0,
                0,
                0,
                0,
                request.method() + " " + request.path(),
                announcedBytes(request),
                () -> ByteBuffer.allocate(0)));
    WatchedRequest watched = new WatchedRequest(call, request, line);
    WATCHED.put(request.connection(), watched);
    watched.arrived(earlier == null ? null : earlier.bandwidth(), serve);
  }

  private static long announcedBytes(HttpServerRequest request) {
    String announced = request.getHeader("Content-Length");
    try {
      return announced == null ? 0 : Long.parseLong(announced);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What links know of a request; null if none watches it. */
  static CallRecord of(HttpServerRequest request) {
    WatchedRequest watched = WATCHED.get(request.connection());
    return watched == null ? null : watched.call();
  }

  /**
   * The operation point of a request whose route does not grant anything itself: of its volume, if
   * its path names one, and of the body as it came.
   *
   * @throws ArrayException if a link refuses it
   */
  static void operation(RoutingContext context, ArrayControl array) {
    CallRecord call = of(context.request());
    if (call != null) {
      String volume = context.pathParam("volume");
      String state = context.pathParam("state");
      Inode root =
          volume == null ? null : array.volumes().find(volume).map(Volume::root).orElse(null);
      call.brings(JsonBodies.text(context), state, null).operation(root, null, null);
    }
  }

  /**
   * An answer is about to leave.
   *
   * @param body of the answer; what HEAD would be sent if it were GET
   * @param write writes the answer; runs unless a link has it otherwise, and later if a link delays
   *     it
   */
  static void answered(HttpServerRequest request, int status, Buffer body, Runnable write) {
    WatchedRequest watched = WATCHED.get(request.connection());
    if (watched == null) {
      write.run();
    } else {
      watched.answered(status, body, write);
    }
  }

  /** A link has decided that a request gets no answer. */
  static void overruled(HttpServerRequest request, CallOverruled overruled) {
    WatchedRequest watched = WATCHED.get(request.connection());
    if (watched != null) {
      watched.overruled(overruled);
    }
  }

  /** At how many bytes the body of an answer is to be cut. */
  static int maxBytes(HttpServerRequest request) {
    CallRecord call = of(request);
    return call == null ? Alteration.UNLIMITED : call.alteration().maxBytes();
  }

  /** The connection of a request ends in the middle of the answer's body. */
  static void cut(HttpServerRequest request) {
    WatchedRequest watched = WATCHED.get(request.connection());
    if (watched != null) {
      watched.cut();
    }
  }

  /** A door closes: ends the connections whose requests or answers links keep back. */
  static void doorCloses(WatchedRequest.Line line) {
    WATCHED.values().forEach(watched -> watched.doorCloses(line));
  }

  /** A connection has ended; whatever was asked on it is not answered any more. */
  static void gone(HttpConnection connection) {
    WatchedRequest watched = WATCHED.remove(connection);
    if (watched != null) {
      watched.gone();
    }
  }

  /** The far end of a connection. */
  static InetSocketAddress address(SocketAddress remote) {
    // the text is made of an address, its zone included: no name service is asked
    return new InetSocketAddress(InetAddresses.forString(remote.hostAddress()), remote.port());
  }
}
