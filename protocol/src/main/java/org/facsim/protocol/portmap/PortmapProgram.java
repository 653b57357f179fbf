/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;

/**
 * Portmap version 2: tells where programs are served. SET and UNSET refuse every caller outside
 * this machine, see {@link PortmapRegistry}, and register for IPv4. CALLIT is not offered, because
 * a caller could use this machine's address through it.
 */
public final class PortmapProgram implements RpcProgram {
  /** The program number. */
  public static final int NUMBER = 100_000;

  public static final int VERSION = 2;

  /** The port on which clients expect it. */
  public static final int PORT = 111;

  public static final int NULL = 0;
  public static final int SET = 1;
  public static final int UNSET = 2;
  public static final int GETPORT = 3;
  public static final int DUMP = 4;

  private final PortmapRegistry registry;

  public PortmapProgram(PortmapRegistry registry) {
    this.registry = Objects.requireNonNull(registry);
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return VERSION;
  }

  @Override
  public int highestVersion() {
    return VERSION;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case NULL -> call.reply();
      case SET -> {
        boolean done = set(call, PortMapping.read(call.arguments()));
        Xdr.writeBoolean(call.reply(), done);
      }
      case UNSET -> {
        PortMapping asked = PortMapping.read(call.arguments());
        // protocol and port are ignored, RFC 1833 section 3.2
        boolean done = registry.unset(call.client(), asked.program(), asked.version(), null);
        Xdr.writeBoolean(call.reply(), done);
      }
      case GETPORT -> {
        int port = port(mappings(call), PortMapping.read(call.arguments()));
        call.reply().writeInt(port);
      }
      case DUMP -> PortMapping.writeList(call.reply(), mappings(call));
      default -> call.procedureUnavailable();
    }
  }

  private boolean set(RpcCall call, PortMapping wanted) {
    int port = wanted.port();
    if (!isKnown(wanted.protocol()) || port < 1 || port > 0xffff) {
      return false;
    }
    return registry.set(
        call.client(),
        wanted.program(),
        wanted.version(),
        Netid.of(wanted.protocol(), UniversalAddress.ANY_IPV4),
        new InetSocketAddress(UniversalAddress.ANY_IPV4, port));
  }

  private static boolean isKnown(int protocol) {
    return protocol == PortMapping.TCP || protocol == PortMapping.UDP;
  }

  /**
   * The port of the program; if its version is not served, that of another version; 0 if none is.
   */
  private static int port(List<PortMapping> mappings, PortMapping asked) {
    int port = 0;
    for (PortMapping mapping : mappings) {
      if (mapping.program() == asked.program() && mapping.protocol() == asked.protocol()) {
        port = mapping.port();
        if (mapping.version() == asked.version()) {
          return port;
        }
      }
    }
    return port;
  }

  /** Portmap has no address families: its answers are for the family of the question. */
  private List<PortMapping> mappings(RpcCall call) {
    boolean version6 = call.client().getAddress() instanceof Inet6Address;
    return registry.services().stream()
        .filter(service -> service.netid().isVersion6() == version6)
        .map(
            service ->
                new PortMapping(
                    service.program(),
                    service.version(),
                    service.netid().protocol(),
                    service.address().getPort()))
        .toList();
  }
}
