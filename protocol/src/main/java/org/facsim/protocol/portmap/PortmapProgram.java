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
 * Portmap version 2: answers where programs are served. SET and UNSET say no to everybody but the
 * host itself, see {@link PortmapRegistry}, and register for IPv4; CALLIT, which would let a caller
 * borrow this host's address, is not there.
 */
public final class PortmapProgram implements RpcProgram {
  /** The program number. */
  public static final int NUMBER = 100_000;

  public static final int VERSION = 2;

  /** Where clients look for it. */
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

  /** The port; of another version of the program if need be; 0 if it is not served. */
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

  /** Portmap knows no families: what it tells is for that by which it is asked. */
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
