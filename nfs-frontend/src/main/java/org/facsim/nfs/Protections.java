/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import org.facsim.protocol.rpc.ConnectionSecurity;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.CallProtection;
import org.facsim.services.access.SecurityFlavor;
import org.facsim.services.access.TransportSecurity;

/** Translates how a call is protected, from the wire to what exports know. */
public final class Protections {
  private Protections() {}

  /** How a call is protected. Allocates nothing for the usual call. */
  public static CallProtection of(RpcCall call) {
    Credential credential = call.credential();
    ConnectionSecurity connection = call.origin().security();
    if (connection == ConnectionSecurity.NONE && !(credential instanceof Credential.Gss)) {
      return CallProtection.NONE;
    }
    return new CallProtection(flavorOf(credential), transportOf(connection));
  }

  private static SecurityFlavor flavorOf(Credential credential) {
    if (credential instanceof Credential.Gss gss) {
      return switch (gss.service()) {
        case AUTHENTICATION -> SecurityFlavor.KRB5;
        case INTEGRITY -> SecurityFlavor.KRB5I;
        case PRIVACY -> SecurityFlavor.KRB5P;
      };
    }
    return SecurityFlavor.SYS;
  }

  private static TransportSecurity transportOf(ConnectionSecurity connection) {
    return switch (connection) {
      case NONE -> TransportSecurity.NONE;
      case TLS -> TransportSecurity.TLS;
      case MUTUAL_TLS -> TransportSecurity.MTLS;
    };
  }
}
