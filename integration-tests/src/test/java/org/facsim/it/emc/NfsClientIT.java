/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.emc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.facsim.it.FacsimServer;
import org.facsim.it.NetworkNamespace;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * It looks every program up at a port mapper on port 111, which it does not let anybody change. So
 * it and the server run in a network of their own, where no rpcbind of this host has the port.
 */
class NfsClientIT {
  private static NetworkNamespace network;
  private static FacsimServer server;

  @BeforeAll
  static void start() {
    String missing = NetworkNamespace.missing();
    assumeTrue(missing == null, missing);
    network = NetworkNamespace.create();
    server =
        FacsimServer.start(network.prefix(), 0, "--portmap-port", "111", "--volume", "java=1GiB");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (network != null) {
      network.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theClientFindsWhatItExpects(NfsClientSteps.Step step) {
    Outcome outcome =
        network.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NfsClientSteps.class.getName(),
                step.name(),
                Integer.toString(server.port())));
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    System.out.print(outcome.out());
  }
}
