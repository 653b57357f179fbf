/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.SidebandException;
import org.facsim.services.offload.session.SessionCalls;

/** The HTTP door, for whoever starts an array with a management. */
public final class HttpManagement implements ManagementDoor {
  private final HttpDoorOptions options;
  private final HttpDoor.Beside beside;

  /**
   * Opens the door on any address. On another than a loopback address it needs {@link
   * #withSecurity} or {@link #withToken}.
   */
  public HttpManagement(HttpDoorOptions options) {
    this(options, HttpDoor.Beside.NOTHING);
  }

  private HttpManagement(HttpDoorOptions options, HttpDoor.Beside beside) {
    this.options = Objects.requireNonNull(options);
    this.beside = Objects.requireNonNull(beside);
  }

  /**
   * Opens the door on the loopback address.
   *
   * @param port the port; 0 takes a free one, see {@link ManagementDoor.Opened#address}
   */
  public static HttpManagement onPort(int port) {
    return new HttpManagement(
        HttpDoorOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  /**
   * Adds names to which the door answers, beside {@code localhost} and the addresses it listens on.
   * It refuses requests for other names, because a web page may have made them.
   */
  public HttpManagement withHostNames(Set<String> names) {
    return new HttpManagement(options.withHostNames(names), beside);
  }

  /** Adds the lab that runs beside the array. By default there is none. */
  public HttpManagement withLab(LabDoor lab) {
    return new HttpManagement(options, new HttpDoor.Beside(lab, beside.demo()));
  }

  /** Adds the demo that a person may start. By default none can be started. */
  public HttpManagement withDemo(DemoDoor demo) {
    return new HttpManagement(options, new HttpDoor.Beside(beside.lab(), demo));
  }

  /** Says what {@code /api/v1/configuration} shows of the program. */
  public HttpManagement withConfiguration(ShownConfiguration shown) {
    return new HttpManagement(options.withShown(shown), beside);
  }

  /** Says who may use the door, and whether it is encrypted. */
  public HttpManagement withSecurity(HttpSecurity security) {
    return new HttpManagement(options.withSecurity(security), beside);
  }

  /**
   * Requires a token of every request, on a loopback address, too.
   *
   * @param token 16 to 256 letters, digits and signs, without spaces
   */
  public HttpManagement withToken(String token) {
    HttpSecurity now = options.security();
    return withSecurity(
        new HttpSecurity(
            Optional.of(token), now.tokenFile(), now.making(), now.tls(), now.notice()));
  }

  @Override
  public Opened open(ArrayControl array, SessionCalls vaai, Calls calls) throws IOException {
    try {
      HttpDoor door = HttpDoor.open(options, array, vaai, calls, beside);
      array.faults().doors().opened(Door.HTTP, door.requests());
      return door;
    } catch (SidebandException saysWhy) {
      throw saysWhy;
    } catch (IOException e) {
      throw new SidebandException(
          ListeningAddress.refused(
              options.listen(), "HTTP", e.getMessage(), "--http-port", "--http-listen"),
          e);
    }
  }
}
