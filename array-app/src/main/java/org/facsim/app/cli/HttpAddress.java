/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a running array answers HTTP. */
final class HttpAddress {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      converter = Converters.HttpHostAndPort.class,
      defaultValue = "${env:FACSIM_HTTP:-127.0.0.1:8080}",
      description = {
        "Where the array answers HTTP: 'http' of its ready line.",
        "Default: FACSIM_HTTP of the environment, else 127.0.0.1:8080"
      })
  private String address;

  @Mixin private HttpCredentialOptions credentials;

  /**
   * A client of the array there.
   *
   * @throws CommandFailedException if the token cannot be read
   */
  ManagementClient client() throws CommandFailedException {
    return new ManagementClient(address, credentials.read());
  }
}
