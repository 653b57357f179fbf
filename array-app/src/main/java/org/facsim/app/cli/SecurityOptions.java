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

/** The options of {@code facsim serve} about Kerberos. */
final class SecurityOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--krb5-keytab",
      paramLabel = "FILE",
      description = {
        "Keys of the service nfs/HOST@REALM, so that exports may say sec=krb5:krb5i:krb5p. Java"
            + " finds",
        "the realm in /etc/krb5.conf, or in the file that FACSIM_JAVA_OPTS says by",
        "-Djava.security.krb5.conf. Without it there is AUTH_SYS only."
      })
  private Path keytab;

  @Option(
      names = "--krb5-principals",
      paramLabel = "FILE",
      description = {
        "Whom principals are known as: lines PRINCIPAL UID GID [GROUP...], where one * stands for any",
        "characters. Without a line a principal is nobody."
      })
  private Path principals;

  /**
   * Passes all options to the builder.
   *
   * @throws ParameterException for a file that cannot be read or is wrong
   */
  void applyTo(ArrayBuilder builder) {
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
