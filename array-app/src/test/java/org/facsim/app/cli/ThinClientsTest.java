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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.management.HttpManagement;
import org.facsim.management.HttpSecurity;
import org.facsim.management.HttpSecurity.HttpTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running array that needs a token and encrypts. */
class ThinClientsTest {
  private static final String TOKEN = "0123456789abcdef";

  @TempDir Path directory;
  private final List<String> notices = new ArrayList<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private Path tokenFile;
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    tokenFile = Files.writeString(directory.resolve("mine"), TOKEN + "\n");
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(
                HttpManagement.onPort(0)
                    .withSecurity(
                        new HttpSecurity(
                            Optional.of(TOKEN),
                            Optional.empty(),
                            HttpSecurity.Making.NEVER,
                            Optional.of(
                                new HttpTls(Optional.empty(), Optional.empty(), Optional.empty())),
                            notices::add)))
            .start();
    array.files().write("/ds/vm1/vm1.vmx", "displayName = \"First\"".getBytes(UTF_8));
    array.files().write("/ds/vm1/vm1-flat.vmdk", new byte[1 << 20]);
    array.files().write("/ds/vm1/vm1.vmdk", descriptor("ffffffff", "", "vm1-flat"));
    array.files().write("/ds/vm1/vm1-000001.vmdk", descriptor("1", "vm1.vmdk", "vm1-000001-delta"));
    array.files().write("/ds/vm1/vm1-000002.vmdk", descriptor("1", "vm1.vmdk", "vm1-000002-delta"));
  }

  private static byte[] descriptor(String parentId, String hint, String extent) {
    return ("# Disk DescriptorFile\nCID=1\nparentCID="
            + parentId
            + "\n"
            + (hint.isEmpty() ? "" : "parentFileNameHint=\"" + hint + "\"\n")
            + "RW 2048 VMFS \""
            + extent
            + ".vmdk\"\n")
        .getBytes(UTF_8);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private int type(int at, String... command) {
    out = new StringWriter();
    return typeTo(new PrintWriter(out, true), at, command);
  }

  private int typeTo(PrintWriter shown, int at, String... command) {
    err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(command));
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    String digest = notices.get(0).replaceAll(".*SHA-256 ([0-9A-F:]+).*", "$1");
    arguments.addAll(
        at,
        List.of(
            "--http=https://" + door, "--http-fingerprint=" + digest, "--token-file=" + tokenFile));
    return Main.run(shown, new PrintWriter(err, true), arguments.toArray(String[]::new));
  }

  private String run(String... command) {
    assertThat(type(optionsAt(command), command)).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void aVirtualMachineIsListedAndShown() throws Exception {
    assertThat(run("vm", "list").lines()).hasSize(2).element(1).asString().startsWith("ds/vm1 ");
    String shown = run("vm", "show", "ds/vm1");
    assertThat(shown)
        .contains("vm1-flat.vmdk", "  vm1/vm1.vmdk\n    vm1/vm1-000001.vmdk\n    vm1/vm1-000002");
    assertThat(
            new ObjectMapper().readTree(run("vm", "list", "--json")).at("/items/0/name").asText())
        .isEqualTo("First");
    assertThat(type(2, "vm", "show", "ds/none")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(type(2, "vm", "list", "--sort=size")).isEqualTo(2);
    assertThat(err.toString()).contains("usedBytes");
  }

  @Test
  void aCloneIsMadeSharedOrCopied() {
    assertThat(run("clone", "create", "ds/vm1", "vm2")).contains("SUCCEEDED", "blocks shared");
    assertThat(run("clone", "make", "ds/vm1", "vm3", "--profile", "copying"))
        .contains("SUCCEEDED", "copied inside the array");
    assertThat(run("clone", "list").lines()).hasSize(3);
    assertThat(array.files().exists("/ds/vm3/vm1-flat.vmdk")).isTrue();
    assertThat(type(2, "clone", "make", "ds/vm1", "vm2")).isEqualTo(1);
    assertThat(err.toString()).contains("already");
  }

  /** A destination may be named as a source is. */
  @Test
  void aCloneIsMadeWhereItsDestinationSays() {
    run("clone", "make", "ds/vm1", "ds/vm2");
    assertThat(array.files().exists("/ds/vm2/vm1-flat.vmdk")).isTrue();
    assertThat(array.files().exists("/ds/ds")).isFalse();
    run("clone", "create", "ds/vm1", "copies/vm3");
    assertThat(array.files().exists("/ds/copies/vm3/vm1-flat.vmdk")).isTrue();
    run("volume", "create", "other", "1GiB");
    run("clone", "make", "ds/vm1", "other/vm4", "--profile", "copying");
    assertThat(array.files().exists("/other/vm4/vm1-flat.vmdk")).isTrue();
    run("clone", "make", "ds/vm1", "ds/vm5", "--to-volume", "ds");
    assertThat(array.files().exists("/ds/ds/vm5/vm1-flat.vmdk")).as("as it is said").isTrue();
  }

  /** A host that has mounted over NFSv4.1 and runs a VM. */
  @Test
  void whatAClientOfNfs41HoldsIsListedAndForgotten() throws IOException {
    try (SimulatedHost host =
        new SimulatedHost(HostOptions.named("esx9").withVersion(EsxiVersion.parse("8.0")))) {
      Datastore datastore =
          host.mount(MountOptions.of("ds41", array.nfsAddress(), "/ds").overNfs41(List.of()));
      host.createVm(
              datastore,
              new VmSpec(
                  "vm9",
                  GuestOperatingSystem.WINDOWS_7,
                  GuestConfiguration.standard(),
                  List.of(new DiskSpec(1 << 20, 1 << 20)),
                  7))
          .powerOn();
      JsonNode client =
          new ObjectMapper().readTree(run("locks", "clients", "--json")).at("/items/0");
      String id = client.path("id").asText();
      int opens = client.path("opens").asInt();
      assertThat(opens).isPositive();
      assertThat(client.path("version").asText()).isEqualTo("4.1");
      assertThat(run("locks", "clients").lines())
          .singleElement()
          .asString()
          .startsWith(id + "  v4.1  127.0.0.1")
          .contains("esx9", opens + " opens", "1 sessions");
      assertThat(run("locks", "opens").lines())
          .hasSize(opens)
          .allMatch(line -> line.startsWith(id + "  ds file "))
          .anyMatch(line -> line.contains("for BOTH, denies BOTH"));
      assertThat(run("locks", "list")).isEqualToIgnoringNewLines("nothing is locked");
      assertThat(type(2, "locks", "forget", "0")).isEqualTo(1);
      assertThat(err.toString().lines()).hasSize(1);
      run("locks", "forget", id);
      assertThat(run("locks", "clients")).doesNotContain(id);
    }
  }

  @Test
  void whatIsWatchedIsShownUntilNobodyReads() {
    for (String[] command :
        new String[][] {
          {"stats"},
          {"space"},
          {"volume", "list"},
          {"export", "list"},
          {"state", "list"},
          {"fault", "list"},
          {"locks", "clients"},
          {"vm", "list"},
          {"clone", "list"},
          {"volume", "snapshots", "ds"},
          {"why", "/ds/vm1/vm1-flat.vmdk"}
        }) {
      List<String> watched = new ArrayList<>(List.of(command));
      watched.add("--watch");
      watched.add("--json");
      StringWriter shown = new StringWriter();
      PrintWriter reader =
          new PrintWriter(shown) {
            @Override
            public boolean checkError() {
              return shown.toString().lines().count() > 1; // as a pipe whose end is closed
            }
          };
      assertThat(typeTo(reader, optionsAt(command), watched.toArray(String[]::new))).isZero();
      assertThat(shown.toString().lines()).as(watched.toString()).hasSize(2).allMatch(this::isList);
    }
  }

  private static int optionsAt(String... command) {
    return List.of("space", "stats", "why").contains(command[0]) ? 1 : 2;
  }

  @Test
  void profilesAreListedAsJson() throws Exception {
    StringWriter shown = new StringWriter();
    assertThat(Main.run(new PrintWriter(shown, true), new PrintWriter(err), "profiles", "--json"))
        .isZero();
    assertThat(new ObjectMapper().readTree(shown.toString()).path("items").findValuesAsText("name"))
        .contains("sharing", "copying");
    shown.getBuffer().setLength(0);
    assertThat(
            Main.run(
                new PrintWriter(shown, true), new PrintWriter(err), "profiles", "off", "--json"))
        .isZero();
    assertThat(new ObjectMapper().readTree(shown.toString()).at("/fields/full-clone").asText())
        .isNotEmpty();
  }

  @Test
  void whatTheArrayRefusesIsSaidInTheWordsOfTheCommand() {
    assertThat(type(2, "volume", "create", "new", "1GiB", "--profile", "none")).isEqualTo(2);
    assertThat(err.toString()).contains("--profile").doesNotContain("field '");
    assertThat(type(2, "clone", "create", "ds/vm1", "vm9", "--profile", "none")).isEqualTo(2);
    assertThat(err.toString()).contains("--profile").doesNotContain("field '");
  }

  private boolean isList(String line) {
    try {
      return new ObjectMapper().readTree(line).isObject();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aSnapshotIsRevertedToInPlace() {
    run("snapshot", "create", "ds", "vm1", "clean");
    array.files().write("/ds/vm1/vm1.vmx", "displayName = \"Second\"".getBytes(UTF_8));
    assertThat(run("snapshot", "revert", "ds", "clean"))
        .isEqualTo("'/ds/vm1' is what it was in snapshot 'clean'\n");
    assertThat(new String(array.files().read("/ds/vm1/vm1.vmx"), UTF_8)).contains("First");
    assertThat(type(2, "snapshot", "revert", "ds", "none")).isEqualTo(1);
    assertThat(err.toString()).contains("no snapshot 'none'");
  }

  @Test
  void whatIsTypedWrongEndsWithTwoAlsoIfOnlyTheArrayKnowsIt() {
    assertThat(type(2, "export", "set", "ds", "*(ro)")).isZero();
    assertThat(type(2, "export", "set", "ds", "*(nonsense)")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("allowed");
    assertThat(type(2, "volume", "create", "-x", "1GiB")).isEqualTo(2);
    assertThat(type(2, "volume", "create", "--", "-x", "1GiB")).isEqualTo(2);
    assertThat(err.toString()).contains("not starting with '.' or '-'");
    assertThat(type(2, "export", "set", "none", "*(ro)")).isEqualTo(1);
  }

  @Test
  void aSnapshotIsTakenRestoredAndDeleted() {
    run("snapshot", "create", "ds", "vm1", "before");
    assertThat(run("snapshot", "list", "ds")).contains("before");
    run("snapshot", "restore", "ds", "before", "again");
    assertThat(array.files().exists("/ds/again/vm1.vmx")).isTrue();
    assertThat(type(2, "snapshot", "delete", "ds", "before")).isEqualTo(1);
    assertThat(err.toString()).contains("has 1 clone; allowed: one without clones");
  }

  @Test
  void spaceIsShownByVolume() {
    assertThat(run("space").lines()).hasSize(3).element(1).asString().startsWith("ds ");
  }

  @Test
  void theOldNamesOfCommandsWork() {
    assertThat(run("volumes", "list")).isEqualTo(run("volume", "list"));
    assertThat(run("exports", "list")).isEqualTo(run("export", "list"));
    assertThat(run("states", "list")).isEqualTo(run("state", "list"));
  }

  @Test
  void withoutTheTokenNothingIsShown() throws Exception {
    Files.writeString(tokenFile, "another-token-of-somebody");
    assertThat(type(1, "space")).isEqualTo(1);
    assertThat(err.toString())
        .contains("token", "--token-file FILE")
        .doesNotContain("another-token", TOKEN, "Bearer");
  }

  @Test
  void anotherCertificateIsRefused() {
    notices.set(0, "SHA-256 " + "AB".repeat(32));
    assertThat(type(1, "space")).isEqualTo(1);
    assertThat(err.toString()).contains("fingerprint").doesNotContain("running there");
  }

  @Test
  void aSelfMadeCertificateNeedsItsFingerprint() {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "space",
            "--http=https://" + door);
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).contains("--http-fingerprint SHA256").doesNotContain("PKIX");
  }
}
