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
import org.facsim.services.calls.Arrival;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.control.ArrayControl;

/**
 * Shows requests to the call chain: when their head has arrived, before they are run, and when
 * their answer leaves.
 */
final class HttpCalls {
  /**
   * The requests that links watch. A connection has one request at a time, and belongs to one door,
   * so that the doors of several arrays share nothing here.
   */
  private static final Map<HttpConnection, CallRecord> UNDER_WAY = new ConcurrentHashMap<>();

  private HttpCalls() {}

  /**
   * The transport point.
   *
   * @return whether the request is to be served
   */
  static boolean received(Calls calls, HttpServerRequest request) {
    if (!calls.isWatched()) {
      return true;
    }
    CallRecord call =
        calls.received(
            new Arrival(
                Door.HTTP,
                address(request.remoteAddress()),
                0,
                0,
                0,
                0,
                request.method() + " " + request.path(),
                announcedBytes(request),
                () -> ByteBuffer.allocate(0)));
    ArrivalVerdict.Kind fate = call.arrivalVerdict().kind();
    boolean isLost =
        fate == ArrivalVerdict.Kind.NO_ANSWER
            || fate == ArrivalVerdict.Kind.CLOSE
            || fate == ArrivalVerdict.Kind.RESET;
    if (!isLost) {
      UNDER_WAY.put(request.connection(), call);
      return true;
    }
    call.ended();
    hangUpIf(fate != ArrivalVerdict.Kind.NO_ANSWER, request);
    return false;
  }

  private static long announcedBytes(HttpServerRequest request) {
    String announced = request.getHeader("Content-Length");
    try {
      return announced == null ? 0 : Long.parseLong(announced);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void hangUpIf(boolean isHungUp, HttpServerRequest request) {
    if (isHungUp) {
      var unused = request.connection().close();
    }
  }

  /** What links know of a request; null if none watches it. */
  static CallRecord of(HttpServerRequest request) {
    return UNDER_WAY.get(request.connection());
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
   * @return whether it is to be sent
   */
  static boolean answered(HttpServerRequest request, int status, Buffer body) {
    CallRecord call = UNDER_WAY.remove(request.connection());
    if (call == null) {
      return true;
    }
    ReplyVerdict.Kind fate =
        call.answered(new Departure(status, body.length(), () -> ByteBuffer.wrap(body.getBytes())))
            .kind();
    call.ended();
    boolean isHungUp = fate == ReplyVerdict.Kind.CLOSE || fate == ReplyVerdict.Kind.RESET;
    hangUpIf(isHungUp, request);
    return !isHungUp && fate != ReplyVerdict.Kind.NO_ANSWER;
  }

  /** A connection has ended; whatever was asked on it is not answered any more. */
  static void gone(HttpConnection connection) {
    CallRecord call = UNDER_WAY.remove(connection);
    if (call != null) {
      call.ended();
    }
  }

  /** The far end of a connection. */
  static InetSocketAddress address(SocketAddress remote) {
    // the text is made of an address, its zone included: no name service is asked
    return new InetSocketAddress(InetAddresses.forString(remote.hostAddress()), remote.port());
  }
}
