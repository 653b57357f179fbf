/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.facsim.array.SystemFailure;
import picocli.CommandLine.Option;

/** What a command shows to an array over HTTP, and by what it knows it. */
final class HttpCredentialOptions {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:FACSIM_TOKEN_FILE}",
      description = {
        "Where the array's token is, if it needs one.",
        "Default: FACSIM_TOKEN of the environment, else the file FACSIM_TOKEN_FILE"
      })
  private Path tokenFile;

  @Option(
      names = "--http-fingerprint",
      paramLabel = "SHA256",
      converter = Fingerprint.Form.class,
      defaultValue = "${env:FACSIM_HTTP_FINGERPRINT}",
      description = {
        "The fingerprint of the certificate of an https:// address, as the array's start shows it;"
            + " without it the certificate must be one that Java trusts.",
        "Default: FACSIM_HTTP_FINGERPRINT of the environment"
      })
  private Fingerprint fingerprint;

  /**
   * Reads what was given.
   *
   * @throws CommandFailedException if the token cannot be read
   */
  HttpCredentials read() throws CommandFailedException {
    return new HttpCredentials(
        Optional.ofNullable(token(System.getenv("FACSIM_TOKEN"))),
        Optional.ofNullable(fingerprint));
  }

  private String token(String ofEnvironment) throws CommandFailedException {
    if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
      return ofEnvironment;
    }
    if (tokenFile == null) {
      return null;
    }
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read the token: " + tokenFile + ": " + SystemFailure.inWords(e), e);
    }
  }
}
