/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.facsim.hypervisor.vm.DiskFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file may say, and what its author hears if it says something else. */
class ScenarioReaderTest {
  private static final String HEAD =
      """
      name: test
      title: a test
      """;

  private static List<String> problems(String yaml) {
    WrongFileException wrong =
        catchThrowableOfType(
            WrongFileException.class, () -> ScenarioReader.parse(yaml, "test.yaml"));
    assertThat(wrong).as(yaml).isNotNull();
    return wrong.problems().stream().map(FileProblem::toString).toList();
  }

  @Test
  void whatIsLeftOutHasTheDocumentedValue() throws Exception {
    Scenario scenario =
        ScenarioReader.parse(
            HEAD
                + """
                vms: {w7: {}}
                steps:
                - power-off: w7
                """,
            "test.yaml");
    Site.Vm vm = scenario.site().virtualMachines().get("w7");
    assertThat(vm.host()).isEqualTo("esx1");
    assertThat(vm.datastore()).isEqualTo("datastore1");
    assertThat(vm.guest().displayName()).isEqualTo("Windows 7");
    assertThat(vm.poweredOn()).isTrue();
    assertThat(vm.disks().get(0).provisionedBytes()).isEqualTo(64L << 20);
    assertThat(vm.disks().get(0).usedBytes()).isEqualTo(32L << 20);
    assertThat(vm.disks().get(0).format()).isEqualTo(DiskFormat.THIN);
    assertThat(scenario.steps().get(0).line()).isEqualTo(5);
  }

  @Test
  void anUnknownKeyIsNamedWithItsPlaceAndWhatWasMeant() {
    assertThat(problems(HEAD + "vmz: {}\nsteps: [{advance: 1s}]\n"))
        .singleElement()
        .asString()
        .startsWith(
            "test.yaml:3:1: 'vmz' is no key here; did you mean 'vms'?; allowed: name, title");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(problems("name: test\ntitle: a test\n"))
        .containsExactly(
            "test.yaml:1:1: 'steps' is missing; allowed: steps: what is done, in order");
  }

  @Test
  void anotherTypeIsNamedWithWhatIsAllowed() {
    assertThat(problems(HEAD + "steps:\n- write: {vm: w7, size: [1]}\n"))
        .singleElement()
        .asString()
        .startsWith("test.yaml:4:25: this is a list; allowed: a text or a whole number");
  }

  @Test
  void namesThatDoNotResolveAreNamedWithThoseThatAreDeclared() {
    assertThat(
            problems(
                HEAD
                    + """
                    hosts: {esx1: {}, esx2: {}}
                    vms: {w7: {host: esx9}}
                    steps:
                    - advance: 1s
                    """))
        .containsExactly(
            "test.yaml:4:18: host 'esx9' is not declared; did you mean 'esx1'?; declared: esx1,"
                + " esx2");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                HEAD
                    + """
                    vms: {w7: {}}
                    steps:
                    - clone: {vm: w8, to: copy}
                    - clone: {vm: w7, to: w7}
                    - preset: {name: slow-clon}
                    - {}
                    - advance: 1s
                      expect:
                      - space: {figure: physical, since: never, exactly: 0}
                    """))
        .satisfiesExactly(
            a -> assertThat(a).startsWith("test.yaml:5:15: vm 'w8' is not declared"),
            b -> assertThat(b).startsWith("test.yaml:6:23: vm 'w7' is there already"),
            c -> assertThat(c).contains("did you mean 'slow-clone'?"),
            d -> assertThat(d).contains("a step with no operation; allowed: one of power-on"),
            e -> assertThat(e).contains("mark 'never' is not declared; declared: none"));
  }

  @Test
  void aFaultRuleIsReadAsOverHttp() {
    assertThat(problems(HEAD + "steps:\n- fault: {act: {statos: BUSY}}\n"))
        .singleElement()
        .asString()
        .startsWith("test.yaml:4:10: field 'act.statos' is unknown; allowed: ");
  }

  @Test
  void whatIsNoYamlIsToldWithItsPlace() {
    assertThat(problems("name: [\n")).singleElement().asString().startsWith("test.yaml:");
    assertThat(problems("- a\n"))
        .containsExactly("test.yaml: no mapping; allowed: lines of 'key: value'");
    assertThat(problems(HEAD + "name: again\nsteps: [{advance: 1s}]\n"))
        .containsExactly("test.yaml:3:1: 'name' is there twice; allowed: once");
  }

  @Test
  void sizesTimesAndProfilesAreChecked() {
    assertThat(
            problems(
                HEAD
                    + """
                    array:
                      profile: {like: sharing, max-clone-dept: 1}
                      volumes: {one: 1GB}
                    steps:
                    - advance: 5 minutes
                    """))
        .satisfiesExactly(
            a -> assertThat(a).startsWith("test.yaml:5:18: '1GB'; allowed: "),
            b -> assertThat(b).startsWith("test.yaml:7:12: '5 minutes'; allowed: a number and ms"));
  }

  @Test
  void anExpectationWhoseWordCanNeverBeFoundIsRefused() {
    assertThat(
            problems(
                HEAD
                    + """
                    steps:
                    - fault: {name: slow, match: {doors: [vaai]}, act: {delay: 1ms}}
                      expect:
                      - events: {kind: job-chnged, exactly: 0}
                      - why: {path: /datastore1/a, outcome: writen}
                      - why: {path: /datastore1/a, first-failed: fault-}
                      - why: {path: /datastore9/a, outcome: none}
                      - job: {state: done}
                      - task: {state: error, fault: NoDiskSpac}
                      - wire: {fault: slw, exactly: 0}
                    """))
        .satisfiesExactly(
            a -> assertThat(a).startsWith("test.yaml:6:20: event 'job-chnged' is unknown; did you"),
            b -> assertThat(b).startsWith("test.yaml:7:41: 'writen' is unknown; did you mean 'wri"),
            c -> assertThat(c).startsWith("test.yaml:8:46: 'fault-' is unknown; did you mean 'fa"),
            d ->
                assertThat(d)
                    .isEqualTo(
                        "test.yaml:9:17: '/datastore9/a' is in no volume; allowed: a file under"
                            + " /datastore1"),
            e -> assertThat(e).startsWith("test.yaml:10:18: 'done' is unknown; did you"),
            f -> assertThat(f).startsWith("test.yaml:11:33: fault 'NoDiskSpac' is unknown; did"),
            g -> assertThat(g).startsWith("test.yaml:12:19: fault 'slw' is not declared; did yo"));
  }

  @Test
  void anEventMayBeNamedAsTheEventsCommandPrintsIt() throws Exception {
    Scenario scenario =
        ScenarioReader.parse(
            HEAD
                + """
                steps:
                - preset: {name: full}
                  expect:
                  - events: {kind: CloneExplained, exactly: 0}
                  - wire: {fault: full, exactly: 0}
                  - wire: {fault: rule 1 (full), exactly: 0}
                """,
            "test.yaml");
    assertThat(scenario.steps().get(0).line()).isEqualTo(4);
  }

  @Test
  void aTabIsNamed() {
    assertThat(problems("name: test\narray:\n\tprofile: sharing\n"))
        .singleElement()
        .asString()
        .startsWith("test.yaml:3:1: ")
        .contains("no YAML: found character '\\t(TAB)'");
  }

  @Test
  void problemsOfTypeAndOfNameAreToldInOneRound() {
    assertThat(
            problems(
                HEAD
                    + """
                    hosts: {esx1: {connections: many}, esx2: {}}
                    vms:
                      w7: {host: esx1}
                      w8: {host: esx3}
                    steps:
                    - clone: {vm: w7, too: copy, to: copy}
                    - power-off: copy
                    - power-off: nobody
                    - advance: 5
                    """))
        .satisfiesExactly(
            a ->
                assertThat(a).startsWith("test.yaml:3:29: this is the text 'many'; allowed: a who"),
            b -> assertThat(b).startsWith("test.yaml:6:14: host 'esx3' is not declared"),
            c -> assertThat(c).startsWith("test.yaml:8:19: 'too' is no key here"),
            d -> assertThat(d).startsWith("test.yaml:10:14: vm 'nobody' is not declared"),
            e -> assertThat(e).startsWith("test.yaml:11:12: this is the number 5; allowed: a te"));
  }

  @Test
  void whatIsBeyondADeclaredDiskIsFoundBeforeAnythingRuns() {
    assertThat(
            problems(
                HEAD
                    + """
                    vms: {w7: {disks: [{size: 8MiB}], snapshots: [old]}}
                    steps:
                    - write: {vm: w7, at: 8MiB, size: 1MiB}
                    - trim: {vm: w7, disk: 1, size: 1MiB}
                    - write: {vm: w7, size: 100}
                    - write: {vm: w7, size: 0}
                    - clone: {vm: w7, to: copy}
                    - write: {vm: copy, size: 9MiB}
                    - extend-disk: {vm: w7, size: 8MiB}
                    - extend-disk: {vm: w7, size: 16MiB}
                    - write: {vm: w7, size: 16MiB}
                    - revert: {vm: w7, snapshot: new}
                    - revert: {vm: w7, snapshot: old}
                    - snapshot: {vm: w7, name: new}
                    - revert: {vm: w7, snapshot: new}
                    - inflate-disk: {vm: w7, disk: 2}
                    """))
        .satisfiesExactly(
            a ->
                assertThat(a)
                    .isEqualTo(
                        "test.yaml:5:35: 1 MiB at 8 MiB; allowed: within the 8 MiB of disk 0 of w7"),
            b ->
                assertThat(b).isEqualTo("test.yaml:6:24: disk 1; allowed: 0 to 0, the disks of w7"),
            c -> assertThat(c).endsWith("100 bytes at 0; allowed: whole sectors of 512 bytes"),
            d -> assertThat(d).endsWith("nothing; allowed: a size above 0"),
            e -> assertThat(e).contains("allowed: within the 8 MiB of disk 0 of copy"),
            f -> assertThat(f).contains("more than the 8 MiB of disk 0 of w7"),
            g -> assertThat(g).contains("snapshot of w7 'new' is not declared; declared: old"),
            h -> assertThat(h).contains("disk 2; allowed: 0 to 0"));
  }

  @Test
  void expectationsThatNoRunCanMeetAreRefused() {
    assertThat(
            problems(
                HEAD
                    + """
                    vms: {w7: {}}
                    steps:
                    - power-off: w7
                      expect:
                      - task: {by: array-offload}
                      - task: {state: success, fault: NoDiskSpace}
                      - wire: {procedure: WRITE, at-least: 3, at-most: 2}
                      - wire: {procedure: READ, exactly: 3}
                      - wire: {procedure: READ, at-least: 4}
                      - wire: {procedure: READ, at-least: 3}
                      - vm: {vm: w7, powered-on: true}
                      - vm: {vm: w7, powered-on: false}
                      - log: {contains: nothing, at-most: 3}
                      - log: {contains: something, at-least: 4}
                    """))
        .containsExactly(
            "test.yaml:7:12: 'by' of a step 'power-off'; allowed: state, fault, message",
            "test.yaml:8:5: task: state success, and also a fault; allowed: what can be so at once",
            "test.yaml:9:5: wire: calls with procedure WRITE: at least 3, and also at most 2;"
                + " allowed: what can be so at once",
            "test.yaml:11:5: wire: calls with procedure READ: exactly 3, and also at least 4;"
                + " allowed: what can be so at once",
            "test.yaml:14:5: vm: w7 is powered on: true, and also false; allowed: what can be so at"
                + " once");
  }

  @Test
  void guestsMayBeInTheFileItselfOrInAnotherOneBesideIt(@TempDir Path folder) throws Exception {
    String families =
        """
        families:
          windows-newer-server: {quiescedBy: vss-hardware-provider, redoLogs: 2, source: documented}
        """;
    String rest =
        """
        hosts: {esx1: {version: "6.7"}}
        vms: {w: {guest: Windows 2019, disks: [{size: 8MiB}]}}
        steps:
        - clone: {vm: w, to: copy}
          expect:
          - task: {by: host-copy, redo-logs-per-disk: 2}
        """;
    Files.writeString(folder.resolve("mine.yaml"), families);
    Path beside = folder.resolve("beside.yaml");
    Files.writeString(beside, HEAD + "guests: mine.yaml\n" + rest);
    Path inside = folder.resolve("inside.yaml");
    Files.writeString(inside, HEAD + "guests:\n" + families.indent(2) + rest);
    for (Path file : List.of(beside, inside)) {
      assertThat(ScenarioRun.run(ScenarioReader.read(file), 1).isPassed()).as("%s", file).isTrue();
    }
    Path shipped = folder.resolve("shipped.yaml");
    Files.writeString(shipped, HEAD + rest);
    assertThat(ScenarioRun.run(ScenarioReader.read(shipped), 1).isPassed()).isFalse();
  }

  @Test
  void guestsThatAreWrongAreToldWithTheirPlace(@TempDir Path folder) throws Exception {
    assertThat(
            problems(
                HEAD
                    + """
                    guests:
                      guests:
                        windows-7:
                          level: apps
                    steps: [{advance: 1s}]
                    """))
        .containsExactly(
            "test.yaml:6:14: guests.windows-7.level: 'apps'; allowed: none, file-system,"
                + " application");
    assertThat(problems(HEAD + "guests: not-there.yaml\nsteps: [{advance: 1s}]\n"))
        .containsExactly(
            "test.yaml:3:9: 'not-there.yaml' cannot be read: No such file or directory; allowed: a"
                + " file as docs/guests.md describes");
    Files.writeString(folder.resolve("mine.yaml"), "guests:\n  windows-7: {level: apps}\n");
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, HEAD + "guests: mine.yaml\nsteps: [{advance: 1s}]\n");
    WrongFileException wrong =
        catchThrowableOfType(WrongFileException.class, () -> ScenarioReader.read(file));
    assertThat(wrong.problems())
        .singleElement()
        .asString()
        .contains("wrong.yaml:3:9: ")
        .contains("mine.yaml:2:15: guests.windows-7.level: 'apps'");
  }

  /** A file of less than 1 MiB of which the places alone would take gigabytes. */
  @Test
  void valuesBelowLongKeysAreBounded() {
    String nested = "{\"%s\": ".formatted("k".repeat(1000)).repeat(28);
    String yaml = HEAD + "vms: " + nested + "[" + "1,".repeat(400_000) + "1]" + "}".repeat(28);
    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .contains("too many values", "allowed: 8388608 characters");
  }
}
