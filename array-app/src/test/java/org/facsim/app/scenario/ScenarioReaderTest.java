/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.facsim.hypervisor.vm.DiskFormat;
import org.junit.jupiter.api.Test;

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
