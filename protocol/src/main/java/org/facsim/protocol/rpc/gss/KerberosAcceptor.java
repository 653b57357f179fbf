/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** Accepts Kerberos contexts with the keys of a keytab. It talks to no KDC. Thread-safe. */
final class KerberosAcceptor {
  private static final String MECHANISM = "1.2.840.113554.1.2.2";
  private static final String LOGIN_MODULE = "com.sun.security.auth.module.Krb5LoginModule";

  private final GSSManager manager = GSSManager.getInstance();
  private final GSSCredential credential;

  /**
   * @throws IllegalArgumentException if the keytab cannot be used; the message says why
   */
  KerberosAcceptor(Path keytab) {
    if (!Files.isReadable(keytab)) {
      throw new IllegalArgumentException("keytab " + keytab + " cannot be read");
    }
    try {
      Subject subject = login(keytab);
      PrivilegedExceptionAction<GSSCredential> acquire =
          () ->
              manager.createCredential(
                  null,
                  GSSCredential.INDEFINITE_LIFETIME,
                  new Oid(MECHANISM),
                  GSSCredential.ACCEPT_ONLY);
      credential = Subject.doAs(subject, acquire);
    } catch (LoginException | PrivilegedActionException e) {
      Throwable cause = e instanceof PrivilegedActionException ? e.getCause() : e;
      throw new IllegalArgumentException(
          "keytab " + keytab + " cannot be used: " + cause.getMessage(), e);
    }
  }

  private static Subject login(Path keytab) throws LoginException {
    Map<String, String> options =
        Map.of(
            "useKeyTab", "true",
            "keyTab", keytab.toAbsolutePath().toString(),
            "principal", "*",
            "storeKey", "true",
            "isInitiator", "false",
            "doNotPrompt", "true");
    Configuration configuration =
        new Configuration() {
          @Override
          public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
              new AppConfigurationEntry(LOGIN_MODULE, LoginModuleControlFlag.REQUIRED, options)
            };
          }
        };
    Subject subject = new Subject();
    new LoginContext("facsim", subject, null, configuration).login();
    return subject;
  }

  /** A context that waits for the first token of a client. */
  GSSContext begin() throws GSSException {
    return manager.createContext(credential);
  }
}
