/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapClient;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our programs as a running rpcbind knows them, from start to close. Rpcbind takes registrations
 * from its own host only, so it is asked at a loopback address.
 *
 * <p>What a crash leaves: registrations of ports where nobody answers. The next start replaces
 * them; one of a server that does answer is left alone and fails the start.
 */
final class RpcbindRegistration implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcbindRegistration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PROBE_MILLIS = 1_000;

  private final InetSocketAddress rpcbind;
  private final RpcEventLoops loops;
  private final List<PortMapping> registered = new ArrayList<>();

  private RpcbindRegistration(InetSocketAddress rpcbind, RpcEventLoops loops) {
    this.rpcbind = rpcbind;
    this.loops = loops;
  }

  /**
   * Registers everything or nothing.
   *
   * @throws SidebandException if rpcbind does not answer, or has another server for one of the
   *     programs
   */
  static RpcbindRegistration register(
      InetSocketAddress rpcbind, RpcEventLoops loops, List<PortMapping> mappings)
      throws SidebandException {
    RpcbindRegistration registration = new RpcbindRegistration(rpcbind, loops);
    boolean done = false;
    try (RpcClient client = registration.connect()) {
      PortmapClient portmap = new PortmapClient(client);
      registration.replaceLeftovers(portmap, mappings);
      for (PortMapping mapping : mappings) {
        registration.register(portmap, mapping);
      }
      done = true;
      return registration;
    } finally {
      if (!done) {
        registration.close();
      }
    }
  }

  private RpcClient connect() throws SidebandException {
    return answer(
        RpcClient.connect(
            rpcbind,
            RpcClientOptions.defaults().withLoops(loops).withTimeouts(PATIENCE, PATIENCE)));
  }

  /** Before anything is registered, because UNSET forgets a version on every protocol. */
  private void replaceLeftovers(PortmapClient portmap, List<PortMapping> wanted)
      throws SidebandException {
    for (PortMapping there : answer(portmap.dump())) {
      boolean inTheWay =
          wanted.stream()
              .anyMatch(
                  ours ->
                      ours.program() == there.program()
                          && ours.version() == there.version()
                          && ours.port() != there.port());
      if (inTheWay && isServed(there.port())) {
        throw new SidebandException(
            "rpcbind has %s at port %d, where another server answers"
                .formatted(describe(there), there.port()),
            null);
      }
      if (inTheWay) {
        answer(portmap.unset(there.program(), there.version()));
      }
    }
  }

  private void register(PortmapClient portmap, PortMapping mapping) throws SidebandException {
    if (!answer(portmap.set(mapping))) {
      throw new SidebandException("rpcbind refuses " + describe(mapping), null);
    }
    registered.add(mapping);
  }

  private static String describe(PortMapping mapping) {
    return "program %s version %d"
        .formatted(Integer.toUnsignedString(mapping.program()), mapping.version());
  }

  /** Asked over TCP also for what is registered for UDP: servers of NFS have both on one port. */
  private boolean isServed(int port) {
    if (port == 0) {
      return false;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(rpcbind.getAddress(), port), PROBE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private <T> T answer(CompletableFuture<T> future) throws SidebandException {
    try {
      return future.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new SidebandException(
          "rpcbind at " + FacsimArray.hostAndPort(rpcbind) + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SidebandException("interrupted while asking rpcbind", e);
    }
  }

  /** Unregisters; an rpcbind that is gone by now has forgotten us anyway. */
  @Override
  public void close() {
    if (registered.isEmpty()) {
      return;
    }
    try (RpcClient client = connect()) {
      PortmapClient portmap = new PortmapClient(client);
      for (PortMapping mapping : registered) {
        answer(portmap.unset(mapping.program(), mapping.version()));
      }
    } catch (SidebandException e) {
      LOG.warn("still registered with rpcbind: {}", e.getMessage());
    }
    registered.clear();
  }
}
