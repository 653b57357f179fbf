/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.Optional;
import java.util.Set;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.gss.GssOptions;
import org.facsim.protocol.rpc.gss.GssSecurity;
import org.facsim.services.access.OfferedSecurity;
import org.facsim.services.access.PrincipalMap;

/** What protects the calls of one array, in all its runs. */
final class DoorSecurity implements AutoCloseable {
  private final Optional<GssSecurity> kerberos;

  /**
   * @throws IllegalArgumentException if the keytab cannot be used, or if export rules ask for
   *     security that is not offered
   */
  DoorSecurity(ArrayBuilder given) {
    OfferedSecurity offered = new OfferedSecurity(given.keytab != null, Set.of());
    given.exportRules.values().forEach(offered::require);
    kerberos =
        Optional.ofNullable(given.keytab)
            .map(
                keytab ->
                    new GssSecurity(
                        new GssOptions(keytab, principal -> idsOf(given.principals, principal)),
                        System::nanoTime));
  }

  private static Credential.Sys idsOf(PrincipalMap principals, String principal) {
    return principals
        .find(principal)
        .map(caller -> new Credential.Sys(0, "", caller.uid(), caller.gid(), caller.groups()))
        .orElse(null);
  }

  OfferedSecurity offered() {
    return new OfferedSecurity(kerberos.isPresent(), Set.of());
  }

  RpcServerOptions protect(RpcServerOptions options) {
    return kerberos.map(options::withSecurity).orElse(options);
  }

  @Override
  public void close() {
    kerberos.ifPresent(GssSecurity::close);
  }
}
