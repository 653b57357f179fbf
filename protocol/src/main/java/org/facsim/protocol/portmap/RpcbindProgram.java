/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import io.netty.buffer.ByteBuf;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;

/**
 * Rpcbind versions 3 and 4, RFC 1833 section 2: like {@link PortmapProgram}, with addresses instead
 * of ports. One object serves one transport, because GETADDR answers for the transport on which the
 * question came, whatever the question names.
 *
 * <p>These procedures are not offered and are answered PROC_UNAVAIL: those that make this machine
 * call another program for the caller (CALLIT, BCAST, INDIRECT), the conversion of socket
 * addresses, which callers do themselves, and the statistics of version 4.
 */
public final class RpcbindProgram implements RpcProgram {
  public static final int LOWEST_VERSION = 3;
  public static final int HIGHEST_VERSION = 4;

  public static final int NULL = 0;
  public static final int SET = 1;
  public static final int UNSET = 2;
  public static final int GETADDR = 3;
  public static final int DUMP = 4;
  public static final int GETTIME = 6;

  /** The first of the procedures that only version 4 has. */
  public static final int GETVERSADDR = 9;

  public static final int GETADDRLIST = 11;

  private final PortmapRegistry registry;
  private final int protocol;
  private final InstantSource clock;

  /**
   * Serves one transport.
   *
   * @param protocol {@link PortMapping#TCP} or {@link PortMapping#UDP}: the transport of the
   *     questions
   * @param clock the time that GETTIME returns
   */
  public RpcbindProgram(PortmapRegistry registry, int protocol, InstantSource clock) {
    this.registry = Objects.requireNonNull(registry);
    this.protocol = protocol;
    this.clock = Objects.requireNonNull(clock);
  }

  @Override
  public int number() {
    return PortmapProgram.NUMBER;
  }

  @Override
  public int lowestVersion() {
    return LOWEST_VERSION;
  }

  @Override
  public int highestVersion() {
    return HIGHEST_VERSION;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case NULL -> call.reply();
      case SET -> Xdr.writeBoolean(call.reply(), set(call, RpcbindMapping.read(call.arguments())));
      case UNSET ->
          Xdr.writeBoolean(call.reply(), unset(call, RpcbindMapping.read(call.arguments())));
      case GETADDR -> answerAddress(call, false);
      case DUMP -> dump(call.reply());
      case GETTIME -> call.reply().writeInt((int) clock.instant().getEpochSecond());
      case GETVERSADDR -> onlyInVersion4(call, () -> answerAddress(call, true));
      case GETADDRLIST -> onlyInVersion4(call, () -> addresses(call));
      default -> call.procedureUnavailable();
    }
  }

  private static void onlyInVersion4(RpcCall call, Runnable answer) {
    if (call.version() == HIGHEST_VERSION) {
      answer.run();
    } else {
      call.procedureUnavailable();
    }
  }

  private boolean set(RpcCall call, RpcbindMapping wanted) {
    Optional<Netid> netid = Netid.parse(wanted.netid());
    Optional<InetSocketAddress> address = UniversalAddress.parse(wanted.address());
    return netid.isPresent()
        && address.isPresent()
        && registry.set(
            call.client(), wanted.program(), wanted.version(), netid.get(), address.get());
  }

  /** An empty transport means all of them. */
  private boolean unset(RpcCall call, RpcbindMapping wanted) {
    Optional<Netid> netid = Netid.parse(wanted.netid());
    if (netid.isEmpty() && !wanted.netid().isEmpty()) {
      return false;
    }
    return registry.unset(call.client(), wanted.program(), wanted.version(), netid.orElse(null));
  }

  private void answerAddress(RpcCall call, boolean exactly) {
    RpcbindMapping asked = RpcbindMapping.read(call.arguments());
    Netid netid = Netid.of(protocol, call.client().getAddress());
    String address =
        registry
            .find(asked.program(), asked.version(), netid, exactly)
            .map(service -> reachable(service, asked.address(), call))
            .orElse("");
    Xdr.writeString(call.reply(), address);
  }

  /**
   * The address at which this caller reaches a service. A service that listens everywhere is
   * reached at the address at which the caller found rpcbind. Some callers name that address in
   * their question (the ONC RPC library of Linux does); it is right even if something translates
   * addresses in between. For other callers, it is the address to which their question came, or, if
   * the operating system does not tell that, the local address on the route to them.
   */
  private static String reachable(PortmapRegistry.Service service, String hint, RpcCall call) {
    InetSocketAddress bound = service.address();
    if (!bound.getAddress().isAnyLocalAddress()) {
      return UniversalAddress.format(bound);
    }
    InetAddress caller = call.client().getAddress();
    InetAddress came = call.server().getAddress();
    InetAddress address =
        UniversalAddress.parse(hint)
            .map(InetSocketAddress::getAddress)
            .filter(asked -> !asked.isAnyLocalAddress() && !asked.equals(caller))
            .filter(asked -> isOfFamily(service.netid(), asked))
            .orElseGet(() -> came.isAnyLocalAddress() ? facing(call.client(), came) : came);
    return isOfFamily(service.netid(), address)
        ? UniversalAddress.format(address, bound.getPort())
        : UniversalAddress.format(bound);
  }

  /**
   * Whether an address fits a transport's family. GETADDRLIST lists both families, also the one
   * that the caller did not use.
   */
  private static boolean isOfFamily(Netid netid, InetAddress address) {
    return netid.isVersion6() == address instanceof Inet6Address;
  }

  private static InetAddress facing(InetSocketAddress caller, InetAddress unknown) {
    try (DatagramSocket socket = new DatagramSocket()) {
      // connecting a datagram socket sends nothing: it only finds the route
      socket.connect(caller);
      return socket.getLocalAddress();
    } catch (SocketException e) {
      return unknown;
    }
  }

  private void dump(ByteBuf out) {
    for (PortmapRegistry.Service service : registry.services()) {
      Xdr.writeBoolean(out, true);
      service.toMapping().write(out);
    }
    Xdr.writeBoolean(out, false);
  }

  /** {@code rpcb_entry_list}: every transport on which the version is served. */
  private void addresses(RpcCall call) {
    RpcbindMapping asked = RpcbindMapping.read(call.arguments());
    ByteBuf out = call.reply();
    for (PortmapRegistry.Service service : registry.services()) {
      Netid netid = service.netid();
      if (service.isVersion(asked.program(), asked.version(), netid)) {
        Xdr.writeBoolean(out, true);
        Xdr.writeString(out, reachable(service, asked.address(), call));
        Xdr.writeString(out, netid.toString());
        out.writeInt(netid.semantics());
        Xdr.writeString(out, netid.protocolFamily());
        Xdr.writeString(out, netid.protocolName());
      }
    }
    Xdr.writeBoolean(out, false);
  }
}
