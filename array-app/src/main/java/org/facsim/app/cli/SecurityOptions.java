/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.array.SystemFailure;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.services.access.PrincipalMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code facsim serve} about Kerberos and TLS. */
final class SecurityOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--krb5-keytab",
      paramLabel = "FILE",
      description = {
        "Keys of the service nfs/HOST@REALM, so that exports may say sec=krb5:krb5i:krb5p. Java"
            + " finds"
            + " the realm in /etc/krb5.conf, or in the file that FACSIM_JAVA_OPTS says by"
            + " -Djava.security.krb5.conf. Without it there is AUTH_SYS only."
      })
  private Path keytab;

  @Option(
      names = "--krb5-principals",
      paramLabel = "FILE",
      description = {
        "Whom principals are known as: lines PRINCIPAL UID GID [GROUP...], where one * stands for any"
            + " characters. Without a line a principal is nobody."
      })
  private Path principals;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = {
        "Certificate of the array in PEM, with those above it, so that clients may use RPC over TLS"
            + " (RFC 9289) and exports may say xprtsec=tls. Without it there is none."
      })
  private Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of --tls-certificate, in PEM (PKCS 8) without a password.")
  private Path tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = {
        "Authorities in PEM whose certificates of clients are believed, so that exports may say"
            + " xprtsec=mtls. Without it no client is asked for a certificate."
      })
  private Path tlsClientAuthorities;

  /**
   * Passes all options to the builder.
   *
   * @throws ParameterException for a file that cannot be read or is wrong
   */
  void applyTo(ArrayBuilder builder) {
    applyTls(builder);
    if (keytab == null) {
      if (principals != null) {
        throw wrong("--krb5-principals; allowed: only with --krb5-keytab", null);
      }
      return;
    }
    if (!Files.isReadable(keytab)) {
      throw wrong("--krb5-keytab: " + keytab + " cannot be read; allowed: a keytab", null);
    }
    builder.kerberos(keytab, map());
  }

  private void applyTls(ArrayBuilder builder) {
    boolean hasCertificate = tlsCertificate != null;
    if (hasCertificate != (tlsKey != null) || (!hasCertificate && tlsClientAuthorities != null)) {
      throw wrong("TLS; allowed: --tls-certificate and --tls-key, both or none", null);
    }
    if (hasCertificate) {
      builder.tls(tlsCertificate, tlsKey);
    }
    if (tlsClientAuthorities != null) {
      builder.tlsClientAuthorities(tlsClientAuthorities);
    }
  }

  private PrincipalMap map() {
    if (principals == null) {
      return PrincipalMap.NONE;
    }
    try {
      return PrincipalMap.parse(Files.readAllLines(principals));
    } catch (IOException e) {
      throw wrong("--krb5-principals: " + principals + ": " + SystemFailure.inWords(e), e);
    } catch (IllegalArgumentException e) {
      throw wrong("--krb5-principals: " + principals + ": " + e.getMessage(), e);
    }
  }

  private ParameterException wrong(String message, Exception cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
