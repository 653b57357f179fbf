/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

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

  ManagementClient client() {
    return new ManagementClient(address);
  }
}
