/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.PortmapRegistry;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;

/** The status monitor of a host that locks, with a port mapper that knows it. */
final class NotifiedHost implements RpcProgram, AutoCloseable {
  final BlockingQueue<NsmStateChange> notices = new LinkedBlockingQueue<>();
  private final RpcServer server;

  NotifiedHost() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    PortmapRegistry registry =
        new PortmapRegistry(
            loopback,
            () -> List.of(new PortMapping(Nsm.PROGRAM, Nsm.VERSION, PortMapping.TCP, portNow())));
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(new InetSocketAddress(loopback, 0)).withEventLoops(1),
            List.of(new PortmapProgram(registry), this));
  }

  private int portNow() {
    return server.address().getPort();
  }

  int port() {
    return portNow();
  }

  NsmStateChange nextNotice() throws InterruptedException {
    NsmStateChange notice = notices.poll(20, TimeUnit.SECONDS);
    if (notice == null) {
      throw new AssertionError("no notice came");
    }
    return notice;
  }

  @Override
  public int number() {
    return Nsm.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nsm.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nsm.VERSION;
  }

  @Override
  public void call(RpcCall call) {
    notices.add(NsmStateChange.decode(call.arguments()));
    call.reply();
  }

  @Override
  public void close() {
    server.close();
  }
}
