/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code facsim journal} against a running array. */
class JournalCommandTest {
  @TempDir private Path directory;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .journal(1000)
            .management(HttpManagement.onPort(0))
            .start();
    try (RpcClient rpc =
        RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join()) {
      Nfs3Handle root = new Mount3Client(rpc).mount("/ds").join().handle();
      new Nfs3Client(rpc).getAttributes(new GetAttr3.Args(root)).join();
    }
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private int exit(String... command) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("journal"));
    arguments.addAll(List.of(command));
    arguments.add(2, "--http=" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow()));
    return Main.run(
        Map.of(),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments.toArray(String[]::new));
  }

  @Test
  void callsAreListed() throws Exception {
    assertThat(exit("list")).as(err.toString()).isZero();
    assertThat(out.toString().lines()).hasSize(2);
    assertThat(out.toString()).contains("MOUNT MNT /ds (path=/ds): OK", "NFS GETATTR /ds: OK");
    assertThat(exit("list", "--path", "/ds/**", "--since", "1h", "--door", "mount", "--json"))
        .isZero();
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(out.toString()).path("procedure").asText())
        .isEqualTo("MNT");
  }

  @Test
  void theExitCodeSaysWhetherItHolds() throws Exception {
    assertThat(exit("verify", "--procedure", "WRITE", "--exactly", "0")).isZero();
    assertThat(out.toString()).startsWith("holds: expected exactly 0 calls with procedure=WRITE");
    assertThat(exit("verify", "--procedure", "GETATTR", "--path", "/ds/a", "--at-least", "1"))
        .isEqualTo(1);
    assertThat(out.toString())
        .startsWith("does not hold: ")
        .contains("NFS GETATTR /ds: OK", "path is /ds, not /ds/a");
    assertThat(exit("verify", "--at-most", "0", "--between", "MNT", "door=NFS,path=/ds")).isZero();
    assertThat(exit("verify", "--in-order", "MNT", "GETATTR")).isZero();
    assertThat(exit("verify", "--in-order", "GETATTR", "MNT", "--json")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(out.toString()).path("outcome").asText())
        .isEqualTo("DOES_NOT_HOLD");
  }

  @Test
  void whatNoCallCanMeetIsWrongUsage() {
    assertThat(exit("verify", "--procedure", "WRIET", "--exactly", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("WRIET").contains("WRITE");
    assertThat(exit("verify", "--door", "smb", "--exactly", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("NFS, MOUNT");
    assertThat(exit("verify", "--procedure", "WRITE")).isEqualTo(2);
    assertThat(exit("list", "--limit", "0")).isEqualTo(2);
    assertThat(exit("export")).isEqualTo(2);
  }

  @Test
  void callsAreExportedAndForgotten() throws Exception {
    Path packets = directory.resolve("calls.pcapng");
    assertThat(exit("export", "--pcapng", packets.toString())).as(err.toString()).isZero();
    assertThat(Files.size(packets)).isGreaterThan(500);
    assertThat(out.toString()).as("no call came over HTTP").doesNotContain("left out");
    new URI(
            "http://"
                + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                + "/metrics")
        .toURL()
        .openStream()
        .close();
    assertThat(exit("export", "--pcapng", packets.toString())).isZero();
    assertThat(out.toString().strip()).endsWith("; 1 calls over HTTP are left out");
    assertThat(exit("export", "--json", "--pcapng", packets.toString(), "--door", "nfs")).isZero();
    assertThat(out.toString()).doesNotContain("remark");
    Path lines = directory.resolve("calls.jsonl");
    assertThat(exit("export", "--jsonl", lines.toString(), "--procedure", "mnt")).isZero();
    assertThat(Files.readAllLines(lines)).hasSize(1);
    assertThat(exit("clear")).isZero();
    assertThat(out.toString()).startsWith("keeps 1,000 calls");
    assertThat(exit("list")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(exit("size", "0")).isZero();
    assertThat(out.toString().strip()).isEqualTo("the journal is off");
    assertThat(exit("size", "5")).isEqualTo(2);
  }

  /** Silence would look as if nobody had called. */
  @Test
  void aJournalThatIsOffSaysSo() {
    assertThat(exit("size", "0")).isZero();
    Path file = directory.resolve("off.pcapng");
    for (List<String> asked :
        List.of(
            List.of("list"),
            List.of("list", "--follow"),
            List.of("list", "--json"),
            List.of("export", "--pcapng", file.toString()))) {
      assertThat(exit(asked.toArray(String[]::new))).as("%s", asked).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("facsim journal " + asked.get(0) + ": the journal is off; ");
      assertThat(out.toString()).isEmpty();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aWrongConditionIsAnsweredWithWhatItMayBe() {
    assertThat(exit("verify", "--exactly", "0", "--client", "esx2")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("facsim journal verify: ")
        .contains("'esx2'")
        .contains("allowed: an address, or a range such as 10.0.0.0/8");
    assertThat(exit("verify", "--exactly", "0", "--procedure", "WRTE")).isEqualTo(2);
    assertThat(err.toString()).contains("procedure 'WRTE'; did you mean 'WRITE'?; allowed: NFS: ");
    assertThat(exit("verify", "--exactly", "0", "--status", "NOSPCE")).isEqualTo(2);
    assertThat(err.toString()).contains("status 'NOSPCE'; did you mean 'NOSPC'?; allowed: ");
    assertThat(exit("verify", "--exactly", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("--exactly: 'x'; allowed: a whole number");
    assertThat(exit("verify", "--exactly", "0", "--before", "=WRITE")).isEqualTo(2);
    assertThat(exit("verify", "--exactly", "0", "--path", "/dz/a")).isEqualTo(2);
    assertThat(err.toString()).contains("allowed: /ds");
    assertThat(exit("export")).isEqualTo(2);
    assertThat(err.toString()).contains("allowed: --pcapng=FILE | --jsonl=FILE");
  }
}
