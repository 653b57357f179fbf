/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the versions of portmap and rpcbind tell: the programs of this server, and those that other
 * programs of this host have registered.
 *
 * <p>Registering is for the host itself: a caller from a loopback address and a port below 1024, as
 * rpcbind has it, for example the {@code lockd} of a Linux client on the same machine. Nobody can
 * take over or take away what the server itself offers. Thread-safe.
 */
public final class PortmapRegistry {
  /** Bound of what others may register. */
  static final int MAX_REGISTERED = 256;

  private static final String OWN = "facsim";
  private static final String REGISTERED_BY_ROOT = "superuser";
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final InetAddress listen;
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
   * @param listen the local address of the server's own programs
   * @param own what they are; asked with every call, on an event loop, because the port of a server
   *     that took a free one is known only after its start
   */
  public PortmapRegistry(InetAddress listen, Supplier<List<PortMapping>> own) {
    this.listen = Objects.requireNonNull(listen);
    this.own = Objects.requireNonNull(own);
  }

  /** Everything, the server's own first. */
  List<Service> services() {
    List<Service> services = new ArrayList<>();
    for (PortMapping mapping : own.get()) {
      services.add(
          new Service(
              mapping.program(),
              mapping.version(),
              Netid.of(mapping.protocol(), listen),
              new InetSocketAddress(listen, mapping.port()),
              OWN));
    }
    synchronized (registered) {
      services.addAll(registered);
    }
    return services;
  }

  /**
   * The service of the version asked for; else, unless only that will do, of any version of the
   * program, whose PROG_MISMATCH then tells the caller what there is.
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
   * @return false if the caller may not, the version is served elsewhere already, or there are too
   *     many; true also if the very same was registered before
   */
  boolean set(
      InetSocketAddress caller, int program, int version, Netid netid, InetSocketAddress address) {
    if (!isOfThisHost(caller) || address.getPort() == 0) {
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
   * Forgets what another program of this host registered.
   *
   * @param netid null for every transport
   * @return whether there was something
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
