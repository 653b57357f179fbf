/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.array.SystemFailure;
import org.facsim.array.engine.DirectMemoryReserve;
import org.facsim.nfs.FilelessProgram;
import org.facsim.nfs.MountProgram;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.PortmapRegistry;
import org.facsim.protocol.portmap.RpcbindMapping;
import org.facsim.protocol.portmap.RpcbindProgram;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.CallTap;
import org.facsim.protocol.rpc.RpcDatagramServer;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.control.SidebandException;
import org.facsim.services.state.Holdings;

/**
 * What an NFSv3 client needs beside NFS itself: locks, MOUNT and locks over UDP, and a port mapper.
 * All of it shares one thread, so that it takes no time from NFS.
 */
final class Sideband implements AutoCloseable {
  /** How many ports are tried; ports that are free for TCP and taken for UDP are rare. */
  private static final int PORT_ATTEMPTS = 8;

  /** This class's share of the direct memory that is left beside NFS; its calls are small. */
  private static final int SHARE_OF_RESERVE = 16;

  private static final Duration PORTMAP_IDLE_TIMEOUT = Duration.ofSeconds(60);

  private final SidebandOptions options;
  private final InstantSource clock;
  private final CallStatistics statistics;
  private final CallTap tap;
  private final List<RpcProgram> programs;
  private final RpcEventLoops loops;
  private final LockManager locks;

  /** The steps that make the doors silent. */
  private final Deque<Runnable> silencing = new ArrayDeque<>();

  /** The steps that close what was opened, the last one first. */
  private final Deque<Runnable> closing = new ArrayDeque<>();

  /** The list is replaced, never changed; the loop reads it. */
  private volatile List<PortMapping> mappings = List.of();

  private InetSocketAddress udpAddress;
  private InetSocketAddress portmapAddress;

  /**
   * Starts the lock manager; {@link #open} opens the ports.
   *
   * @param loops the thread; it is closed with this object
   * @param statistics where calls are counted
   * @param tap what hears of every call
   * @param earlier what the run before this one leaves to the lock manager; null for the first run
   */
  Sideband(
      ExportTable exports,
      Grants grants,
      Holdings holdings,
      RpcEventLoops loops,
      SidebandOptions options,
      InstantSource clock,
      CallStatistics statistics,
      CallTap tap,
      LockManager.Earlier earlier) {
    this.options = options;
    this.tap = tap;
    this.clock = clock;
    this.statistics = statistics;
    this.loops = loops;
    locks =
        earlier == null
            ? LockManager.start(grants, holdings, loops, options.locks())
            : LockManager.startAgain(grants, holdings, loops, options.locks(), earlier);
    programs =
        Stream.concat(Stream.of(new MountProgram(exports, grants)), locks.programs().stream())
            .toList();
  }

  /** The locks of NFSv3 clients. */
  LockManager locks() {
    return locks;
  }

  /** The programs that the NFS port serves beside NFS. */
  List<RpcProgram> programs() {
    return programs;
  }

  /**
   * Opens all ports and registers the programs.
   *
   * @param nfs the address at which the stream programs answer already
   * @param udpPort the port of datagrams
   * @param anyPort whether the datagram port may be another one if it is taken
   * @param streamPrograms the programs served over TCP at {@code nfs}, including {@link #programs}
   * @throws SidebandException if a port cannot be opened or rpcbind refuses the registrations
   */
  void open(InetSocketAddress nfs, int udpPort, boolean anyPort, List<RpcProgram> streamPrograms)
      throws SidebandException {
    try {
      openDatagrams(new InetSocketAddress(nfs.getAddress(), udpPort), anyPort);
      tell(PortMapping.of(streamPrograms, PortMapping.TCP, nfs.getPort()));
      tell(PortMapping.of(programs, PortMapping.UDP, udpAddress.getPort()));
      if (options.rpcbind().isPresent()) {
        List<RpcbindMapping> programsHere =
            PortmapRegistry.mappings(nfs.getAddress(), mappings, RpcbindRegistration.OWNER);
        closing.push(
            RpcbindRegistration.register(options.rpcbind().get(), loops, programsHere)::close);
      }
      if (options.portmapPort().isPresent()) {
        openPortmap(new InetSocketAddress(nfs.getAddress(), options.portmapPort().getAsInt()));
      }
    } catch (UncheckedIOException e) {
      throw new SidebandException(e.getMessage(), e);
    }
  }

  private void openDatagrams(InetSocketAddress wanted, boolean anyPort) throws SidebandException {
    try {
      serveDatagrams(wanted, anyPort);
    } catch (UncheckedIOException e) {
      throw cannotListen(wanted, "MOUNT over UDP", e, "--nfs-port");
    }
  }

  private void openPortmap(InetSocketAddress wanted) throws SidebandException {
    try {
      servePortmap(wanted);
    } catch (UncheckedIOException e) {
      throw cannotListen(wanted, "the port mapper", e, "--portmap-port");
    }
  }

  private static SidebandException cannotListen(
      InetSocketAddress address, String what, UncheckedIOException e, String portOption) {
    String reason = SystemFailure.inWords(e.getCause());
    return new SidebandException(
        ListeningAddress.refused(address, what, reason, portOption, "--listen"), e);
  }

  private void serveDatagrams(InetSocketAddress wanted, boolean anyPort) {
    RpcDatagramServer server;
    try {
      server = RpcDatagramServer.start(listeningOn(wanted), programs);
    } catch (UncheckedIOException e) {
      if (!anyPort) {
        throw e;
      }
      server =
          RpcDatagramServer.start(
              listeningOn(new InetSocketAddress(wanted.getAddress(), 0)), programs);
    }
    closing.push(server::close);
    silencing.add(server::close);
    udpAddress = server.address();
  }

  /** Serves the port mapper, over TCP and UDP on the same port. */
  private void servePortmap(InetSocketAddress wanted) {
    PortmapRegistry registry = new PortmapRegistry(wanted.getAddress(), () -> mappings);
    for (int attempt = 1; ; attempt++) {
      RpcServer stream =
          RpcServer.start(
              listeningOn(wanted).withIdleTimeout(PORTMAP_IDLE_TIMEOUT),
              portmapPrograms(registry, PortMapping.TCP));
      try {
        RpcDatagramServer datagrams =
            RpcDatagramServer.start(
                listeningOn(stream.address()), portmapPrograms(registry, PortMapping.UDP));
        closing.push(stream::close);
        closing.push(datagrams::close);
        silencing.add(datagrams::close);
        silencing.add(stream::hangUp);
        portmapAddress = datagrams.address();
        break;
      } catch (UncheckedIOException e) {
        stream.close();
        if (wanted.getPort() != 0 || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
    for (int protocol : new int[] {PortMapping.TCP, PortMapping.UDP}) {
      tell(PortMapping.of(portmapPrograms(registry, protocol), protocol, portmapAddress.getPort()));
    }
  }

  private void tell(List<PortMapping> more) {
    mappings = Stream.concat(mappings.stream(), more.stream()).toList();
  }

  private List<RpcProgram> portmapPrograms(PortmapRegistry registry, int protocol) {
    return List.of(
        new FilelessProgram(new PortmapProgram(registry)),
        new FilelessProgram(new RpcbindProgram(registry, protocol, clock)));
  }

  private RpcServerOptions listeningOn(InetSocketAddress listen) {
    return RpcServerOptions.listeningOn(listen)
        .withLoops(loops)
        .withStatistics(statistics)
        .withTap(tap)
        .withMaxMemoryBytes(DirectMemoryReserve.bytes() / SHARE_OF_RESERVE);
  }

  /** The address at which MOUNT answers over UDP. */
  InetSocketAddress udpAddress() {
    return udpAddress;
  }

  /**
   * The address at which the array's own port mapper answers, over TCP and UDP; empty if there is
   * none.
   */
  Optional<InetSocketAddress> portmapAddress() {
    return Optional.ofNullable(portmapAddress);
  }

  /** Closes the ports and resets their connections: nobody hears anything any more. */
  void hangUp() {
    Closing.inOrder(silencing.toArray(Runnable[]::new));
  }

  /** Unregisters, closes the ports and ends the thread. */
  @Override
  public void close() {
    List<Runnable> steps = new ArrayList<>(closing); // the last one opened is closed first
    closing.clear();
    steps.add(locks::close);
    steps.add(loops::close);
    Closing.inOrder(steps.toArray(Runnable[]::new));
  }
}
