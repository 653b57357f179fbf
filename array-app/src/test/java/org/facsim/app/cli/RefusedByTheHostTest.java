/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start that the host refuses something says what, why, and which option changes it. */
class RefusedByTheHostTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private String refusal(String commandLine) {
    int code =
        Main.run(new PrintWriter(out, true), new PrintWriter(err, true), commandLine.split(" "));
    assertThat(code).as(err.toString()).isNotZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).doesNotContain("Exception");
    return err.toString();
  }

  /** 192.0.2.0/24 is for documents, so no host has an address of it. */
  @ParameterizedTest
  @CsvSource({
    "--nfs-port 0 --listen 192.0.2.1, for nothing, --listen",
    "--nfs-port 0 --http-port 0 --http-listen 192.0.2.1, for HTTP, --http-listen",
  })
  void forAForeignAddressAnotherAddressIsAdvised(String options, String what, String option) {
    assertThat(refusal("serve " + options))
        .startsWith("facsim serve: cannot listen on 192.0.2.1:0")
        .contains(what.equals("for nothing") ? ":0: " : what)
        .contains("; choose an address of this host with " + option + ", 0.0.0.0 means all")
        .doesNotContain("-port");
  }

  @Test
  void forATakenPortItsOwnOptionIsAdvised() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      String there = "127.0.0.1:" + taken.getLocalPort();
      assertThat(refusal("serve --nfs-port 0 --portmap-port " + taken.getLocalPort()))
          .isEqualToIgnoringNewLines(
              "facsim serve: cannot listen on "
                  + there
                  + " for the port mapper: Address already in use; choose another port with"
                  + " --portmap-port, 0 picks a free one");
      err.getBuffer().setLength(0);
      assertThat(refusal("serve --nfs-port 0 --http-port " + taken.getLocalPort()))
          .contains(there + " for HTTP: ", "another port with --http-port");
    }
  }

  @Test
  void aPortThatIsTakenForUdpOnlyIsSaidToBe() throws IOException {
    String refusal = FreePorts.attempt(this::refusalWhereUdpIsTaken);
    assertThat(refusal)
        .containsPattern("127.0.0.1:\\d+ for MOUNT over UDP: Address already in use; ")
        .contains("another port with --nfs-port");
  }

  private String refusalWhereUdpIsTaken(int port) throws IOException {
    err.getBuffer().setLength(0);
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(LOOPBACK, port))) {
      String refusal = refusal("serve --nfs-port " + taken.getLocalPort());
      if (refusal.contains(port + ": Address already in use")) {
        throw new BindException("taken for TCP, too: " + refusal);
      }
      return refusal;
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path directory) throws IOException {
    Path binary = directory.resolve("binary.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(refusal("serve --config " + binary))
        .contains("binary.yaml: cannot be read: this is no text in UTF-8; allowed: a file of YAML");
    err.getBuffer().setLength(0);
    assertThat(refusal("profiles " + binary)).contains("binary.yaml: this is no text in UTF-8");
    err.getBuffer().setLength(0);
    assertThat(refusal("serve --nfs-port 0 --data-dir " + binary + "/below"))
        .contains("/below", " failed: Not a directory");
  }
}
