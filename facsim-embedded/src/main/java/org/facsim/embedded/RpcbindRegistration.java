/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.RpcbindClient;
import org.facsim.protocol.portmap.RpcbindMapping;
import org.facsim.protocol.portmap.RpcbindProgram;
import org.facsim.protocol.portmap.UniversalAddress;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers this server's programs with a running rpcbind, from start to close: each for every
 * transport on which it is served. IPv6 needs version 4 of rpcbind's protocol. Rpcbind takes
 * registrations only from its own machine, so it is called at a loopback address.
 *
 * <p>A crash leaves registrations of ports where nothing answers. The next start replaces them. A
 * registration of a server that does answer is left as it is, and the start fails.
 */
final class RpcbindRegistration implements AutoCloseable {
  /**
   * The owner that rpcbind records for programs that were registered over the network, including
   * the loopback.
   */
  static final String OWNER = "unknown";

  private static final Logger LOG = LoggerFactory.getLogger(RpcbindRegistration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PROBE_MILLIS = 1_000;

  private final InetSocketAddress rpcbind;
  private final RpcEventLoops loops;
  private final List<RpcbindMapping> registered = new ArrayList<>();

  private RpcbindRegistration(InetSocketAddress rpcbind, RpcEventLoops loops) {
    this.rpcbind = rpcbind;
    this.loops = loops;
  }

  /**
   * Registers everything or nothing. If rpcbind does not serve IPv6, only IPv4 is registered.
   *
   * @throws SidebandException if rpcbind does not answer, or has another server for one of the
   *     programs
   */
  static RpcbindRegistration register(
      InetSocketAddress rpcbind, RpcEventLoops loops, List<RpcbindMapping> mappings)
      throws SidebandException {
    RpcbindRegistration registration = new RpcbindRegistration(rpcbind, loops);
    boolean done = false;
    try (RpcClient client = registration.connect()) {
      RpcbindClient asked = client(client);
      List<RpcbindMapping> there = registration.answer(asked.dump());
      List<RpcbindMapping> wanted =
          mappings.stream().filter(mapping -> hasTransport(there, mapping.netid())).toList();
      registration.replaceLeftovers(asked, there, wanted);
      for (RpcbindMapping mapping : wanted) {
        registration.register(asked, mapping);
      }
      done = true;
      return registration;
    } finally {
      if (!done) {
        registration.close();
      }
    }
  }

  private static RpcbindClient client(RpcClient client) {
    return new RpcbindClient(client, RpcbindProgram.HIGHEST_VERSION);
  }

  /** Whether rpcbind serves a transport: it lists itself there, and refuses programs on others. */
  private static boolean hasTransport(List<RpcbindMapping> there, String netid) {
    return there.stream()
        .anyMatch(each -> each.program() == PortmapProgram.NUMBER && each.netid().equals(netid));
  }

  private RpcClient connect() throws SidebandException {
    return answer(
        RpcClient.connect(
            rpcbind,
            RpcClientOptions.defaults().withLoops(loops).withTimeouts(PATIENCE, PATIENCE)));
  }

  private void replaceLeftovers(
      RpcbindClient asked, List<RpcbindMapping> there, List<RpcbindMapping> wanted)
      throws SidebandException {
    for (RpcbindMapping other : there) {
      boolean inTheWay =
          wanted.stream()
              .anyMatch(
                  ours ->
                      ours.program() == other.program()
                          && ours.version() == other.version()
                          && ours.netid().equals(other.netid())
                          && !ours.address().equals(other.address()));
      if (!inTheWay) {
        continue;
      }
      InetSocketAddress address = UniversalAddress.parse(other.address()).orElse(null);
      if (address != null && isServed(address)) {
        throw new SidebandException(
            "rpcbind has %s at port %d, where another server answers"
                .formatted(describe(other), address.getPort()),
            null);
      }
      answer(asked.unset(other.program(), other.version(), other.netid()));
    }
  }

  private void register(RpcbindClient asked, RpcbindMapping mapping) throws SidebandException {
    if (!answer(asked.set(mapping))) {
      throw new SidebandException("rpcbind refuses " + describe(mapping), null);
    }
    registered.add(mapping);
  }

  private static String describe(RpcbindMapping mapping) {
    return "program %s version %d"
        .formatted(Integer.toUnsignedString(mapping.program()), mapping.version());
  }

  /**
   * Whether a server answers at an address. UDP registrations are checked over TCP, too, because
   * NFS servers use one port for both.
   */
  private boolean isServed(InetSocketAddress address) {
    if (address.getPort() == 0) {
      return false;
    }
    boolean everywhere = address.getAddress().isAnyLocalAddress();
    InetAddress host = everywhere ? loopback(address.getAddress()) : address.getAddress();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, address.getPort()), PROBE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private InetAddress loopback(InetAddress wildcard) {
    return wildcard instanceof Inet6Address
        ? IpAddresses.parse("::1").orElseThrow()
        : rpcbind.getAddress();
  }

  private <T> T answer(CompletableFuture<T> future) throws SidebandException {
    try {
      return future.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      boolean tooOld =
          e.getCause() instanceof RpcException rpc && rpc.failure() == RpcFailure.PROGRAM_MISMATCH;
      throw new SidebandException(
          "rpcbind at "
              + FacsimArray.hostAndPort(rpcbind)
              + (tooOld ? " does not speak version 4" : " does not answer"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SidebandException("interrupted while asking rpcbind", e);
    }
  }

  /** Unregisters the programs. If rpcbind is gone, it has forgotten them anyway. */
  @Override
  public void close() {
    if (registered.isEmpty()) {
      return;
    }
    try (RpcClient client = connect()) {
      RpcbindClient asked = client(client);
      for (RpcbindMapping mapping : registered) {
        answer(asked.unset(mapping.program(), mapping.version(), mapping.netid()));
      }
    } catch (SidebandException e) {
      LOG.warn("still registered with rpcbind: {}", e.getMessage());
    }
    registered.clear();
  }
}
