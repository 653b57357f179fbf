/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.Sets;
import java.util.List;
import java.util.Set;

/**
 * What a server offers beyond AUTH_SYS on bare connections, so that no export asks for something
 * that would be accepted and ignored.
 *
 * @param kerberos whether there is a keytab
 * @param transports the kinds of TLS for which there are certificates
 */
public record OfferedSecurity(boolean kerberos, Set<TransportSecurity> transports) {
  /** A server without a keytab and without a certificate. */
  public static final OfferedSecurity NONE = new OfferedSecurity(false, Set.of());

  public OfferedSecurity {
    transports = Sets.immutableEnumSet(transports);
  }

  /**
   * Checks that rules ask for nothing that is not offered.
   *
   * @throws IllegalArgumentException which says what is missing
   */
  public void require(List<ExportRule> rules) {
    for (ExportRule rule : rules) {
      for (SecurityFlavor flavor : rule.options().security()) {
        if (flavor != SecurityFlavor.SYS && !kerberos) {
          throw new IllegalArgumentException(
              "sec=" + flavor + " needs a keytab: start with --krb5-keytab");
        }
      }
      Set<TransportSecurity> wanted = rule.options().transports();
      if (wanted.contains(TransportSecurity.NONE)) {
        continue;
      }
      for (TransportSecurity transport : wanted) {
        if (!transports.contains(transport)) {
          throw new IllegalArgumentException("xprtsec=" + transport + " needs " + need(transport));
        }
      }
    }
  }

  private static String need(TransportSecurity transport) {
    return transport == TransportSecurity.MTLS
        ? "authorities of clients: start with --tls-client-ca"
        : "a certificate: start with --tls-certificate";
  }
}
