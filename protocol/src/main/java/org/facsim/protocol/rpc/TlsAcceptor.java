/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * RPC over TLS (RFC 9289) of a server: TLS 1.3, with the protocol name {@code sunrpc}. A connection
 * begins without it, and a client that wants it asks by a NULL call. Thread-safe.
 */
public final class TlsAcceptor {
  private static final String PROTOCOL = "sunrpc";
  private static final String TLS_VERSION = "TLSv1.3";

  private final SslContext context;

  private TlsAcceptor(SslContext context) {
    this.context = context;
  }

  /**
   * An acceptor.
   *
   * @param certificate the server's certificate, and those between it and an authority, in PEM
   * @param key its private key, in PEM (PKCS 8) without a password
   * @param authoritiesOrNull of clients' certificates, in PEM; null if no client is asked for one
   * @throws IllegalArgumentException if a file cannot be used; the message says which
   */
  public static TlsAcceptor of(Path certificate, Path key, Path authoritiesOrNull) {
    requireReadable(certificate);
    requireReadable(key);
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(TLS_VERSION)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      PROTOCOL));
      if (authoritiesOrNull != null) {
        requireReadable(authoritiesOrNull);
        builder.trustManager(authoritiesOrNull.toFile()).clientAuth(ClientAuth.OPTIONAL);
      }
      return new TlsAcceptor(builder.build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "TLS with certificate %s and key %s: %s".formatted(certificate, key, e.getMessage()), e);
    }
  }

  private static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " cannot be read");
    }
  }

  /** For one connection. */
  SslHandler handler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }
}
