/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What portmap and rpcbind answer from: the programs of this server, and those that other programs
 * of this machine have registered.
 *
 * <p>Only a caller on this machine may register: one with a loopback address and a port below 1024
 * (rpcbind's rule), for example the {@code lockd} of a Linux client on the same machine. No caller
 * can replace or remove what the server itself offers. Thread-safe.
 */
public final class PortmapRegistry {
  /** The most services that other programs may register. */
  static final int MAX_REGISTERED = 256;

  private static final String OWN = "facsim";
  private static final String REGISTERED_BY_ROOT = "superuser";
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final List<InetAddress> listen;
  private final Supplier<List<PortMapping>> own;
  private final List<Service> registered = new ArrayList<>();

  /**
   * One service at its address.
   *
   * @param address a wildcard if it listens on all
   */
  record Service(int program, int version, Netid netid, InetSocketAddress address, String owner) {
    RpcbindMapping toMapping() {
      return new RpcbindMapping(
          program, version, netid.toString(), UniversalAddress.format(address), owner);
    }

    boolean isVersion(int otherProgram, int otherVersion, Netid otherNetid) {
      return program == otherProgram && version == otherVersion && netid == otherNetid;
    }
  }

  /**
   * A registry without registrations.
   *
   * @param listen the address to which the socket of the server's own programs is bound
   * @param own the server's own programs; called for every question, on an event loop, because the
   *     port of a server that took a free one is known only after its start
   */
  public PortmapRegistry(InetAddress listen, Supplier<List<PortMapping>> own) {
    this.listen = served(listen);
    this.own = Objects.requireNonNull(own);
  }

  /**
   * The addresses, one per family, at which a bound socket is reached. A socket that is bound to
   * the wildcard of IPv6 takes the calls of both families.
   */
  private static List<InetAddress> served(InetAddress bound) {
    return bound instanceof Inet6Address && bound.isAnyLocalAddress()
        ? List.of(UniversalAddress.ANY_IPV4, bound)
        : List.of(bound);
  }

  /**
   * The mappings under which programs are registered with rpcbind.
   *
   * @param bound the address to which their socket is bound
   * @param owner the name of the registering user
   */
  public static List<RpcbindMapping> mappings(
      InetAddress bound, List<PortMapping> programs, String owner) {
    return services(served(bound), programs, owner).stream().map(Service::toMapping).toList();
  }

  private static List<Service> services(
      List<InetAddress> listen, List<PortMapping> programs, String owner) {
    List<Service> services = new ArrayList<>();
    for (InetAddress address : listen) {
      for (PortMapping mapping : programs) {
        services.add(
            new Service(
                mapping.program(),
                mapping.version(),
                Netid.of(mapping.protocol(), address),
                new InetSocketAddress(address, mapping.port()),
                owner));
      }
    }
    return services;
  }

  /** All services, the server's own first. */
  List<Service> services() {
    List<Service> services = services(listen, own.get(), OWN);
    synchronized (registered) {
      services.addAll(registered);
    }
    return services;
  }

  /**
   * The service of the requested version. If it is not served and the caller accepts others, the
   * service of any version of the program: its PROG_MISMATCH then tells the caller which versions
   * exist.
   */
  Optional<Service> find(int program, int version, Netid netid, boolean exactly) {
    Service found = null;
    for (Service service : services()) {
      if (service.program() == program && service.netid() == netid) {
        if (service.version() == version) {
          return Optional.of(service);
        }
        found = exactly ? null : service;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whether a caller may register and unregister. */
  static boolean isOfThisHost(InetSocketAddress caller) {
    return caller.getAddress().isLoopbackAddress() && caller.getPort() < FIRST_UNPRIVILEGED_PORT;
  }

  /**
   * Registers a service for a caller.
   *
   * @return false if the caller may not, the address is not of the transport's family, the version
   *     is already served elsewhere, or there are too many services; true also if the same service
   *     was registered before
   */
  boolean set(
      InetSocketAddress caller, int program, int version, Netid netid, InetSocketAddress address) {
    boolean version6 = address.getAddress() instanceof Inet6Address;
    if (!isOfThisHost(caller) || address.getPort() == 0 || netid.isVersion6() != version6) {
      return false;
    }
    synchronized (registered) {
      for (Service service : services()) {
        if (service.isVersion(program, version, netid)) {
          return service.address().equals(address);
        }
      }
      if (registered.size() >= MAX_REGISTERED) {
        return false;
      }
      return registered.add(new Service(program, version, netid, address, REGISTERED_BY_ROOT));
    }
  }

  /**
   * Removes what another program of this machine registered.
   *
   * @param netid null for every transport
   * @return whether anything was removed
   */
  boolean unset(InetSocketAddress caller, int program, int version, Netid netid) {
    if (!isOfThisHost(caller)) {
      return false;
    }
    synchronized (registered) {
      return registered.removeIf(
          service ->
              service.program() == program
                  && service.version() == version
                  && (netid == null || service.netid() == netid));
    }
  }
}
