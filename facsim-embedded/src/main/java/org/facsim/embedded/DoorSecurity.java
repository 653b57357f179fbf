/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.Optional;
import java.util.Set;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.TlsAcceptor;
import org.facsim.protocol.rpc.gss.GssOptions;
import org.facsim.protocol.rpc.gss.GssSecurity;
import org.facsim.services.access.OfferedSecurity;
import org.facsim.services.access.PrincipalMap;
import org.facsim.services.access.TransportSecurity;

/** What protects the calls of one array, in all its runs. */
final class DoorSecurity implements AutoCloseable {
  private final OfferedSecurity offered;
  private final Optional<GssSecurity> kerberos;
  private final Optional<TlsAcceptor> tls;

  /**
   * @throws IllegalArgumentException if the keytab cannot be used, or if export rules ask for
   *     security that is not offered
   */
  DoorSecurity(ArrayBuilder given) {
    offered = new OfferedSecurity(given.keytab != null, transports(given));
    given.exportRules.values().forEach(offered::require);
    tls =
        Optional.ofNullable(given.tlsCertificate)
            .map(
                certificate ->
                    TlsAcceptor.of(certificate, given.tlsKey, given.tlsClientAuthorities));
    kerberos =
        Optional.ofNullable(given.keytab)
            .map(
                keytab ->
                    new GssSecurity(
                        new GssOptions(keytab, principal -> idsOf(given.principals, principal)),
                        System::nanoTime));
  }

  private static Set<TransportSecurity> transports(ArrayBuilder given) {
    if (given.tlsCertificate == null) {
      return Set.of();
    }
    return given.tlsClientAuthorities == null
        ? Set.of(TransportSecurity.TLS)
        : Set.of(TransportSecurity.TLS, TransportSecurity.MTLS);
  }

  private static Credential.Sys idsOf(PrincipalMap principals, String principal) {
    return principals
        .find(principal)
        .map(caller -> new Credential.Sys(0, "", caller.uid(), caller.gid(), caller.groups()))
        .orElse(null);
  }

  OfferedSecurity offered() {
    return offered;
  }

  RpcServerOptions protect(RpcServerOptions options) {
    RpcServerOptions checked = kerberos.map(options::withSecurity).orElse(options);
    return tls.map(checked::withTls).orElse(checked);
  }

  @Override
  public void close() {
    kerberos.ifPresent(GssSecurity::close);
  }
}
