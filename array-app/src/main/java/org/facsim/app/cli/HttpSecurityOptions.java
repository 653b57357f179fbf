/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.facsim.management.HttpSecurity;
import org.facsim.management.HttpSecurity.HttpTls;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code facsim serve} that say who may use the HTTP door. */
final class HttpSecurityOptions {
  /** The variable that clients take their token from. It may say that of the server, too. */
  static final String TOKEN_VARIABLE = "FACSIM_TOKEN";

  private static final String TOKEN_FILE = "http-token";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "Where the token of the HTTP door is, for its owner only. Without such a file, and if the"
            + " door listens on more than loopback, a token is made and shown once; it is kept here, or"
            + " as http-token in the data directory. FACSIM_TOKEN of the environment gives a token, too."
      })
  private Path tokenFile;

  @Option(
      names = "--http-tls",
      description = {
        "Encrypts the HTTP door with a certificate of its own, whose fingerprint is shown and which"
            + " is kept in the data directory."
      })
  private boolean isEncrypted;

  @Option(
      names = "--http-certificate",
      paramLabel = "FILE",
      description = "Encrypts the HTTP door with this certificate chain, in PEM; with --http-key.")
  private Path certificate;

  @Option(
      names = "--http-key",
      paramLabel = "FILE",
      description = "The private key of --http-certificate, in PEM (PKCS #8), for its owner only.")
  private Path key;

  /**
   * What the options say.
   *
   * @param tokenOrNull of the environment
   * @param dataDirectory where the array keeps everything, if it does
   * @throws ParameterException for a certificate without its key, or a token that is none
   */
  HttpSecurity security(String tokenOrNull, Optional<Path> dataDirectory) {
    if ((certificate == null) != (key == null)) {
      throw new ParameterException(
          spec.commandLine(), "--http-certificate and --http-key; allowed: both, or neither");
    }
    boolean hasTls = isEncrypted || certificate != null;
    Optional<Path> file =
        Optional.ofNullable(tokenFile)
            .or(() -> dataDirectory.map(directory -> directory.resolve(TOKEN_FILE)));
    boolean isOfEnvironment = tokenOrNull != null && !tokenOrNull.isEmpty();
    if (isOfEnvironment) {
      requireToken(tokenOrNull);
    }
    return new HttpSecurity(
        isOfEnvironment ? Optional.of(tokenOrNull) : Optional.empty(),
        file,
        tokenFile != null ? HttpSecurity.Making.ALWAYS : HttpSecurity.Making.IF_NEEDED,
        hasTls
            ? Optional.of(
                new HttpTls(
                    Optional.ofNullable(certificate), Optional.ofNullable(key), dataDirectory))
            : Optional.empty(),
        line -> {
          spec.commandLine().getErr().println("facsim serve: " + line);
          spec.commandLine().getErr().flush();
        });
  }

  private void requireToken(String token) {
    try {
      HttpSecurity.requireToken(token);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), TOKEN_VARIABLE + ": " + e.getMessage(), e);
    }
  }
}
