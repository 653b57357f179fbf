/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "doctor";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private int look(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "--server=" + FacsimArray.hostAndPort(array.nfsAddress());
    all[1] = "--export=/ds";
    all[2] = "--http=" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    System.arraycopy(more, 0, all, 3, more.length);
    return run(all);
  }

  @Test
  void healthyDatastoreExitsWithZero() {
    assertThat(look()).as("%s%s", out, err).isZero();
    assertThat(out.toString())
        .contains("/ds, seen as facsim\n")
        .contains("PASS    root of the host is root on the export\n")
        .contains("0 warn, 0 fail");
  }

  /** As with an address in the environment that is of yesterday's array. */
  @Test
  void theHttpDoorOfAnotherArrayIsNamed() throws Exception {
    try (FacsimArray other =
        FacsimArray.builder()
            .volume("elsewhere", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start()) {
      String door = FacsimArray.hostAndPort(other.managementAddress().orElseThrow());
      String nfs = FacsimArray.hostAndPort(array.nfsAddress());
      assertThat(run("--server=" + nfs, "--export=/ds", "--http=" + door)).isEqualTo(1);
      assertThat(err.toString())
          .contains("the array that answers HTTP at " + door + " does not export '/ds'")
          .contains("allowed: --http of the one at " + nfs);
    }
  }

  @Test
  void failureExitsWithOneAndSaysWhatToChange() {
    array
        .control()
        .exports()
        .set(array.storage().volume("ds").orElseThrow(), ExportSyntax.parseRules("*(rw,novaai)"));

    assertThat(look()).isEqualTo(1);
    assertThat(out.toString())
        .contains("FAIL    the clone protocol is served and admits the host\n        ACCESS: ")
        .contains("        to change: Let the export's rule allow VAAI to this host");
  }

  @Test
  void warningFailsIfStrictAlone() {
    array
        .control()
        .profiles()
        .set(
            array.storage().volume("ds").orElseThrow(),
            NamedProfiles.find("copying").orElseThrow());

    assertThat(look()).as("%s", out).isZero();
    assertThat(out.toString()).contains("WARN    the volume's profile shares blocks");
    assertThat(look("--strict")).isEqualTo(1);
  }

  @Test
  void injectedFaultFailsInJsonToo() throws IOException {
    array
        .control()
        .faults()
        .add(
            FaultRule.of(new FaultAction.Status("BUSY"))
                .door(Door.VAAI)
                .procedure("CLONE")
                .name("lab")
                .rule());

    assertThat(look("--json")).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(out.toString()).at("/datastores/0");
    assertThat(report.get("verdict").asText()).isEqualTo("FAIL");
    for (JsonNode each : report.get("checks")) {
      assertThat(each.get("verdict").asText().equals("FAIL"))
          .as("%s", each)
          .isEqualTo(each.get("check").asText().equals("faults"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "                                  | --export is missing; allowed: a path such as",
        "--export=ds                       | --export 'ds'; allowed: a path such as /datastore1",
        "--host=esx1                       | --host needs --http; allowed: ",
        "--export=/ds --server=x:y         | --server 'x:y'; allowed: HOST or HOST:PORT",
        "--export=/ds --server=1.2.3.4:0   | --server '1.2.3.4:0'; allowed: HOST or HOST:PORT",
        "--export=/ds --esxi=eight         | --esxi 'eight'; allowed: a release such as 8.0",
        "--export=/ds --guests=/no/such    | '/no/such': no such file; allowed: a YAML file",
        "--export=/ds --to=nowhere         | --to 'nowhere'; allowed: /export or HOST:PORT:/export",
        "--export=/ds --vaai-port=0        | --vaai-port '0'; allowed: 1 to 65535",
        "--export=/ds --mount-port=70000   | --mount-port '70000'; allowed: 1 to 65535",
        "--export=/ds --portmap=70000      | --portmap '70000'; allowed: 1 to 65535",
      })
  void wrongUsageIsOneLineAndExitsWithTwo(String arguments, String line) {
    String[] words = arguments == null ? new String[0] : arguments.strip().split(" +");

    assertThat(run(words)).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(line);
    assertThat(out.toString()).isEmpty();
  }

  /** In a process of its own, because the environment of this one cannot be changed. */
  @Test
  void arrayIsAskedWhereTheEnvironmentSays() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "doctor",
            "--server=" + FacsimArray.hostAndPort(array.nfsAddress()),
            "--export=/ds");
    command
        .environment()
        .put("FACSIM_HTTP", FacsimArray.hostAndPort(array.managementAddress().orElseThrow()));
    Process process = command.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("profile sharing").doesNotContain("give --http");
  }

  @Test
  void portsMayDiffer() {
    String port = Integer.toString(array.nfsAddress().getPort());
    assertThat(look("--mount-port=" + port, "--vaai-port=" + port)).as("%s", out).isZero();
    assertThat(look("--mount-port=1")).isEqualTo(1);
    assertThat(out.toString()).contains("/ds: CONNECT_FAILED: 127.0.0.1:1");
  }

  @Test
  void wrongFileOfGuestsNamesItsLine(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("g.yaml"), "guests:\n  linux: {level: x}\n");

    assertThat(look("--guests=" + file)).isEqualTo(2);
    assertThat(err.toString()).contains("g.yaml:2:11: guests.linux.level: 'x'; allowed: none, ");
  }
}
