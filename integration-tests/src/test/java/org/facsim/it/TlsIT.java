/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * RPC over TLS (RFC 9289) with Python's OpenSSL as the client, and certificates that OpenSSL makes.
 * Debian's kernel is too old to be the judge: NFS over TLS came with Linux 6.5.
 */
class TlsIT {
  @TempDir private static Path folder;
  private static FacsimServer server;
  private static Path client;

  @BeforeAll
  static void start() throws IOException {
    for (String program : List.of("python3", "openssl")) {
      assumeThat(Processes.find(program))
          .as("%1$s is missing: apt-get install %1$s", program)
          .isPresent();
    }
    certificate("server");
    certificate("client");
    client = folder.resolve("tls_client.py");
    try (InputStream in = TlsIT.class.getResourceAsStream("tls_client.py")) {
      Files.copy(in, client);
    }
    server =
        FacsimServer.start(
            "--volume",
            "any=64MiB",
            "--volume",
            "safe=64MiB",
            "--volume",
            "known=64MiB",
            "--export",
            "safe=*(rw,xprtsec=tls)",
            "--export",
            "known=*(rw,xprtsec=mtls)",
            "--tls-certificate",
            file("server.pem"),
            "--tls-key",
            file("server.key"),
            "--tls-client-ca",
            file("client.pem"));
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void certificate(String name) {
    Outcome made =
        Processes.run(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=facsim-" + name,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".pem")));
    assertThat(made.exitCode()).as("%s", made).isZero();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static List<String> run(String export, String kind) {
    List<String> command =
        new ArrayList<>(List.of("python3", client.toString(), Integer.toString(server.port())));
    command.addAll(List.of("/" + export, kind));
    command.addAll(List.of(file("server.pem"), file("client.pem"), file("client.key")));
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s%n%s", outcome, server.errors()).isZero();
    return outcome.out().lines().toList();
  }

  @Test
  void aClientThatAsksForTlsGetsItAndReadsAndWrites() {
    assertThat(run("safe", "tls"))
        .containsExactly(
            "probe accepted STARTTLS",
            "tls TLSv1.3 sunrpc",
            "second probe denied",
            "mount 0",
            "getattr 0",
            "create 0",
            "data 8388608");
  }

  @Test
  void anExportForTlsIsClosedToBareConnections() {
    assertThat(run("safe", "none")).containsExactly("mount 0", "getattr denied 1 5");
    assertThat(run("any", "none")).endsWith("data 8388608");
    assertThat(run("any", "tls")).endsWith("data 8388608");
  }

  @Test
  void anExportForMutualTlsWantsACertificateOfTheClient() {
    assertThat(run("known", "tls")).endsWith("mount 0", "getattr denied 1 5");
    assertThat(run("known", "mtls")).endsWith("data 8388608");
    assertThat(run("safe", "mtls")).endsWith("data 8388608");
  }
}
