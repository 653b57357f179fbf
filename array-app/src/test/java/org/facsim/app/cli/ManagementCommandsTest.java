/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.services.access.ExportSyntax;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a running array, and what they say of what they did. */
class ManagementCommandsTest {
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .volume("other", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private int runAt(String address, String... command) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(command));
    if (address != null) {
      arguments.add(Math.min(2, command.length), "--http=" + address);
    }
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
  }

  private String http() {
    return FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
  }

  /** What it prints if all is well. */
  private String run(String... command) {
    assertThat(runAt(http(), command)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  @Test
  void exportsAreListedAndSet() {
    assertThat(run("exports", "list").lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("/ds *(rw,no_root_squash,");
    assertThat(run("exports", "set", "ds", "10.0.0.0/8(ro)", "*(rw,root_squash)"))
        .startsWith("/ds 10.0.0.0/8(ro,")
        .contains(" *(rw,root_squash,");
    assertThat(array.exports().find("/ds").orElseThrow().rules())
        .isEqualTo(ExportSyntax.parseRules("10.0.0.0/8(ro) *(rw,root_squash)"));
    assertThat(run("exports", "list").lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("/ds 10.0.0.0/8(ro,");
  }

  @Test
  void aVolumeIsExportedToNobodyOrNotAtAll() {
    assertThat(run("exports", "nobody", "ds").strip()).isEqualTo("/ds # exported to nobody");
    assertThat(array.exports().find("/ds").orElseThrow().rules()).isEmpty();
    assertThat(run("exports", "withdraw", "ds").strip()).isEqualTo("/ds # not exported");
    assertThat(array.exports().find("/ds")).isEmpty();
    assertThat(run("exports", "list")).contains("/ds # not exported");
    assertThat(run("exports", "set", "ds", "*")).startsWith("/ds *(rw,");
  }

  @Test
  void aStateIsReplacedOnlyIfThatIsWanted() {
    run("states", "save", "one");
    run("states", "save", "two");
    assertThat(runAt(http(), "states", "save", "one")).isEqualTo(1);
    assertThat(err.toString())
        .contains("state 'one' exists; allowed: another name, or to overwrite it");
    assertThat(run("states", "save", "one", "--overwrite")).isEqualTo("saved state 'one'\n");
    assertThat(run("states", "save", "three", "--overwrite")).isEqualTo("saved state 'three'\n");
    assertThat(run("states", "list").lines().map(line -> line.substring(2, 10).strip()))
        .containsExactly("STATE", "two", "one", "three");
    assertThat(runAt(http(), "states", "restore", "nope")).isEqualTo(1);
    assertThat(err.toString()).contains("state 'nope'", "allowed: two, one, three");
    assertThat(runAt(http(), "states", "delete", "nope")).isEqualTo(1);
    assertThat(err.toString()).contains("state 'nope'", "allowed: two, one, three");
  }

  @Test
  void whatIsRefusedIsOneLine() {
    assertThat(runAt(http(), "exports", "set", "ds", "*(rx)")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("facsim export set: RULE 1: 'rx' is no");
    assertThat(runAt(http(), "exports", "set", "none", "*")).isEqualTo(1);
    assertThat(err.toString()).contains("volume 'none' is not there; there are: ds, other");
    assertThat(runAt(http(), "exports", "set", "ds")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("RULE");
  }

  @Test
  void volumesAreMadeResizedAndDeleted() {
    assertThat(run("volumes", "create", "new", "2GiB", "--rule", "*(ro)", "--profile", "off"))
        .startsWith("made /new  2 GiB, ")
        .endsWith("profile off  reserved 0 B, free 2 GiB" + System.lineSeparator());
    assertThat(array.exports().find("/new").orElseThrow().rules())
        .isEqualTo(ExportSyntax.parseRules("*(ro)"));
    assertThat(run("volumes", "resize", "new", "3GiB")).startsWith("now /new  3 GiB, ");
    assertThat(run("volumes", "list").lines()).hasSize(4);
    assertThat(run("volumes", "list").lines())
        .anyMatch(line -> line.matches("/new +3 GiB +0 B +0 B +\\S+ \\SiB +off"));
    assertThat(run("volumes", "delete", "new").strip()).isEqualTo("deleted volume 'new'");
    assertThat(array.storage().volume("new")).isEmpty();
    assertThat(runAt(http(), "volumes", "delete", "new")).isEqualTo(1);
    assertThat(err.toString()).contains("volume 'new' is not there; there are: ds, other");
    assertThat(runAt(http(), "volumes", "create", "new", "tiny")).isEqualTo(2);
  }

  @Test
  void eventsAreOneLineEach() {
    run("volumes", "create", "new", "1GiB");
    run("states", "save", "clean");
    assertThat(runAt(http(), "events")).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("2 ")
        .endsWith(" StateSaved state=clean");
    assertThat(runAt(http(), "events", "--after=1")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(runAt(http(), "events", "--after=9")).isZero();
    assertThat(out.toString()).startsWith("# events after 9 are missing");
  }

  /** Volumes as the array answers them, in one document; events one in a line. */
  @Test
  void volumesAndEventsAreJsonForPrograms() throws Exception {
    run("volumes", "create", "new", "2GiB");
    run("states", "save", "clean");
    ObjectMapper mapper = new ObjectMapper();

    JsonNode volumes = mapper.readTree(run("volumes", "list", "--json"));
    assertThat(volumes.path("items").findValuesAsText("name")).contains("ds", "new");
    for (JsonNode each : volumes.path("items")) {
      if (each.path("name").asText().equals("new")) {
        assertThat(each.at("/space/sizeBytes").asLong()).isEqualTo(2L << 30);
      }
    }

    List<String> lines = run("events", "--json").lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode last = mapper.readTree(lines.get(1));
    assertThat(last.path("sequence").asLong()).isEqualTo(2);
    assertThat(last.path("type").asText()).isEqualTo("StateSaved");
    assertThat(run("events", "--json", "--after=1").strip()).isEqualTo(lines.get(1));
  }

  @Test
  void statesSayWhatWasDone() {
    assertThat(run("states", "save", "clean").strip()).isEqualTo("saved state 'clean'");
    assertThat(run("states", "restore", "clean").strip())
        .isEqualTo("restored state 'clean': the array is what it was then");
    assertThat(run("states", "delete", "clean").strip()).isEqualTo("deleted state 'clean'");
    assertThat(runAt(http(), "states", "restore", "clean")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theAddressMayBeTheUrlThatItIs() {
    for (String address : List.of("http://" + http(), "http://" + http() + "/", http())) {
      assertThat(runAt(address, "states", "list")).as(address + err).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1", "8080", "a b:80", "a:0"})
  void whatIsNoAddressIsWrongUsage(String address) {
    assertThat(runAt(address, "states", "list")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("facsim state list: --http: '" + address + "' is not HOST:PORT; allowed: ");
  }

  /** No word of Java, and what to look at. */
  private void assertNoAnswer(String address, String why) {
    assertThat(runAt(address, "locks", "list")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "facsim locks list: no answer from http://"
                + address
                + ": "
                + why
                + "; is 'facsim serve --http-port' running there?");
  }

  @Test
  void whereNobodyListensTheConnectionIsRefused() throws IOException {
    try (Socket taken = FreePorts.withoutListener()) {
      assertNoAnswer("127.0.0.1:" + taken.getLocalPort(), "connection refused");
    }
  }

  @Test
  void aNameThatNobodyKnowsIsSaidToBeOne() {
    assertNoAnswer("no.such.invalid:80", "no address is known for this name");
  }

  @Test
  void anotherServerMayCloseTheConnection() throws Exception {
    Thread closing;
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closing =
          new Thread(
              () -> {
                try {
                  while (true) {
                    rude.accept().close();
                  }
                } catch (IOException e) {
                  // the test is over
                }
              });
      closing.start();
      assertThat(runAt("127.0.0.1:" + rude.getLocalPort(), "locks", "list")).isEqualTo(1);
    }
    closing.join();
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("no answer from").doesNotContain("Exception", "java");
  }
}
