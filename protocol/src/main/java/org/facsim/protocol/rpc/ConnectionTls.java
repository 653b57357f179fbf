/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * How a connection changes to TLS, RFC 9289 section 4.1. The client makes a NULL call with the
 * credential AUTH_TLS; the answer has the verifier {@code STARTTLS}; and from the next byte on, in
 * both directions, everything is TLS. So nothing may have arrived behind the call, and its answer
 * is sent before the handler of TLS comes in front of the connection's own one.
 *
 * <p>Only the connection's loop uses it.
 */
final class ConnectionTls {
  private final TlsAcceptor acceptor;
  private boolean hasBegun;

  /**
   * @param acceptorOrNull null if the server has no certificate
   */
  ConnectionTls(TlsAcceptor acceptorOrNull) {
    acceptor = acceptorOrNull;
  }

  /** Whether a connection may change to TLS now. */
  boolean mayBegin() {
    return acceptor != null && !hasBegun;
  }

  /**
   * Changes to TLS. The answer is on its way already.
   *
   * @param origin learns how the connection is protected when the handshake is done
   */
  void begin(ChannelHandlerContext context, ReceiveBuffer memory, ConnectionOrigin origin) {
    hasBegun = true;
    memory.readElsewhere();
    SslHandler handler = acceptor.handler(context.alloc());
    var unused =
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    origin.secured(securityOf(handler));
                  }
                });
    context.pipeline().addFirst(handler);
  }

  private static ConnectionSecurity securityOf(SslHandler handler) {
    try {
      return handler.engine().getSession().getPeerCertificates().length > 0
          ? ConnectionSecurity.MUTUAL_TLS
          : ConnectionSecurity.TLS;
    } catch (SSLPeerUnverifiedException e) {
      return ConnectionSecurity.TLS;
    }
  }
}
