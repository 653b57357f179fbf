/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.PortmapRegistry;
import org.facsim.protocol.portmap.RpcbindProgram;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;

/**
 * What runs on a client's host: a port mapper, a lock manager and a status monitor, all on one port
 * of the loopback. It notes what it is called with, and answers GRANTED as it is told to.
 */
final class ClientHost implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  /** One call; the arguments as they came. */
  record Received(int program, int procedure, ByteBuf arguments, InetAddress caller) {}

  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  final RpcServer server;

  /** How GRANTED is answered; null for SYSTEM_ERR, which leaves open whether it was executed. */
  volatile NlmStatus grantedAnswer = NlmStatus.GRANTED;

  /** Whether the port mapper knows the lock manager. */
  volatile boolean lockManagerRuns = true;

  /**
   * A host.
   *
   * @param address its own; as the rpcbind of Linux has it, version 2 tells nothing of IPv6
   */
  ClientHost(InetAddress address) {
    InetSocketAddress anyPort = new InetSocketAddress(address, 0);
    PortmapRegistry registry = new PortmapRegistry(address, this::mappings);
    RpcProgram portMapper =
        address instanceof Inet6Address
            ? new RpcbindProgram(registry, PortMapping.TCP, Instant::now)
            : new PortmapProgram(registry);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(anyPort).withEventLoops(1),
            List.of(
                portMapper,
                new Noting(Nlm.PROGRAM, Nlm.VERSION),
                new Noting(Nsm.PROGRAM, Nsm.VERSION)));
  }

  private List<PortMapping> mappings() {
    int port = server.address().getPort();
    PortMapping nsm = new PortMapping(Nsm.PROGRAM, Nsm.VERSION, PortMapping.TCP, port);
    return lockManagerRuns
        ? List.of(nsm, new PortMapping(Nlm.PROGRAM, Nlm.VERSION, PortMapping.TCP, port))
        : List.of(nsm);
  }

  int port() {
    return server.address().getPort();
  }

  private final class Noting implements RpcProgram {
    private final int number;
    private final int version;

    Noting(int number, int version) {
      this.number = number;
      this.version = version;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public int lowestVersion() {
      return version;
    }

    @Override
    public int highestVersion() {
      return version;
    }

    @Override
    public void call(RpcCall call) {
      NlmStatus answer = grantedAnswer; // before the test can see the call, and change it
      ByteBuf copy = io.netty.buffer.Unpooled.copiedBuffer(call.arguments());
      received.add(new Received(number, call.procedure(), copy, call.client().getAddress()));
      if (number == Nlm.PROGRAM && call.procedure() == Nlm.GRANTED) {
        if (answer == null) {
          throw new IllegalStateException("told to fail");
        }
        new NlmResult(NlmTestArgs.decode(call.arguments()).cookie(), answer).encode(call.reply());
      } else {
        call.reply();
      }
    }
  }

  /** The next call, which must be this one. */
  ByteBuf next(int program, int procedure) {
    return nextCall(program, procedure).arguments();
  }

  /** As {@link #next}, with who called. */
  Received nextCall(int program, int procedure) {
    Received call = poll(PATIENCE_SECONDS * 1000);
    if (call == null) {
      throw new AssertionError("no call came");
    }
    if (call.program() != program || call.procedure() != procedure) {
      throw new AssertionError("called " + call);
    }
    return call;
  }

  NlmTestArgs nextGranted() {
    return NlmTestArgs.decode(next(Nlm.PROGRAM, Nlm.GRANTED));
  }

  /** The next call within a time, or null. */
  Received poll(int millis) {
    try {
      return received.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
