/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.facsim.app.scenario.RunResult.Finding;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.clone.CloneSituation;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every scenario that is shipped passes, and fails when one of its expectations is turned round.
 */
class ShippedScenariosTest {
  private static final int KNOWN_SITUATIONS = 39;

  static List<String> names() {
    return ShippedScenarios.names();
  }

  private static String report(RunResult result) {
    StringWriter text = new StringWriter();
    new ReportText(new PrintWriter(text)).print(result);
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("names")
  void passesAndFailsWhenAnyExpectationIsTurnedAround(String name) throws Exception {
    RunResult result = ScenarioRun.run(ShippedScenarios.scenario(name), ScenarioRun.DEFAULT_SEED);
    assertThat(result.isPassed()).as(report(result)).isTrue();
    assertThat(result.findings()).isNotEmpty();
    for (Finding finding : result.findings()) {
      Finding turned = new Finding(finding.check().turnedAround(), finding.fact(), false);
      assertThat(turned.holds())
          .as("%s, line %d: %s", name, finding.check().line(), turned)
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-windows-2008-r2-vss",
        "15-across-volumes",
        "25-array-restarts",
        "21-full-in-mid-copy",
        "34-takeover-in-mid-clone",
        "35-lock-taken-over",
        "36-all-paths-down"
      })
  void theSameSeedMakesTheSameReport(String name) throws Exception {
    Scenario scenario = ShippedScenarios.scenario(name);
    RunResult first = ScenarioRun.run(scenario, 7);
    RunResult second = ScenarioRun.run(scenario, 7);
    assertThat(report(second)).isEqualTo(report(first));
    assertThat(ReportJson.of(7, List.of(second))).isEqualTo(ReportJson.of(7, List.of(first)));
  }

  @Test
  void aHostThatOffloadsWhateverTheGuestLeavesIsFound() throws Exception {
    CloneOffloadPolicy wrong =
        situation ->
            CloneOffloadPolicy.esxi()
                .decide(
                    new CloneSituation(
                        situation.operation(),
                        situation.poweredOn(),
                        QuiescePlan.notNeeded(),
                        situation.leftoverRedoLogs(),
                        situation.placement(),
                        situation.acceleration(),
                        situation.poweredOffOnly()));
    RunResult result =
        ScenarioRun.run(ShippedScenarios.scenario("01-windows-2008-r2-vss"), 1, wrong, stage -> {});
    assertThat(result.isPassed()).isFalse();
    assertThat(report(result)).contains("FAIL task: by: wanted host-copy, found array-offload");
  }

  @Test
  void allKnownSituationsAreThere() {
    TreeSet<Integer> numbers =
        ShippedScenarios.all().stream()
            .map(Scenario::number)
            .filter(number -> number > 0)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(numbers)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, KNOWN_SITUATIONS).boxed().toList());
  }

  @Test
  void eachIsNamedAsItsFile() {
    for (String name : names()) {
      Scenario scenario = ShippedScenarios.scenario(name);
      assertThat(scenario.name()).isEqualTo(name);
      assertThat(scenario.story()).as(name).isNotEmpty();
      if (scenario.number() > 0) {
        assertThat(name).startsWith(String.format(Locale.ROOT, "%02d-", scenario.number()));
      }
    }
  }

  @Test
  void aScenarioWhoseExpectationIsTurnedAroundInItsFileFails() throws Exception {
    String yaml = ShippedScenarios.yaml("09-cold-clone");
    String turned =
        yaml.replace(
            "path: '/datastore1/copy/*-flat.vmdk', exactly: 0",
            "path: '/datastore1/copy/*-flat.vmdk', at-least: 1");
    assertThat(turned).isNotEqualTo(yaml);
    RunResult result = ScenarioRun.run(ScenarioReader.parse(turned, "turned.yaml"), 1);
    assertThat(result.isPassed()).isFalse();
    assertThat(result.findings().stream().filter(finding -> !finding.holds())).hasSize(1);
  }

  @Test
  void anExpectationOnTheWireThatIsNotMetShowsTheNearestCalls() throws Exception {
    RunResult result =
        ScenarioRun.run(
            ScenarioReader.parse(
                """
                name: nearest
                title: A typo in a path
                vms: {w7: {disks: [{size: 1MiB}]}}
                steps:
                - write: {vm: w7, size: 4KiB}
                  expect:
                  - wire: {procedure: WRITE, path: '/datastore1/w9/*-flat.vmdk', exactly: 1}
                  - wire: {procedure: WRITE, path: '/datastore1/w7/*-flat.vmdk', at-least: 1}
                """,
                "nearest.yaml"),
            1);
    assertThat(report(result))
        .contains(
            "FAIL wire: calls with procedure WRITE, path /datastore1/w9/*-flat.vmdk: wanted"
                + " exactly 1, found 0")
        .containsOnlyOnce("nearest: 1 NFS WRITE /datastore1/w7/w7-flat.vmdk OK");
  }

  @Test
  void aHostTellsTheServerThatItUnmounts() throws Exception {
    RunResult result =
        ScenarioRun.run(
            ScenarioReader.parse(
                """
                name: good-bye
                title: A host tells the server that it unmounts
                vms: {w7: {disks: [{size: 1MiB}], powered-on: false}}
                steps:
                - look: {}
                  expect:
                  - order: {calls: [{door: mount, procedure: UMNT}, {door: mount, procedure: MNT}]}
                  - wire: {door: mount, procedure: UMNT, exactly: 1}
                """,
                "good-bye.yaml"),
            1);
    assertThat(result.isPassed()).as(report(result)).isTrue();
  }

  /** What an administrator can have a host do has a step, and a scenario uses it. */
  @Test
  void everyOperationOfAHostIsInAScenarioThatIsShipped() {
    String all = names().stream().map(ShippedScenarios::yaml).collect(Collectors.joining());
    List<String> unused =
        Stream.of(
                "power-on",
                "power-off",
                "reset",
                "write",
                "trim",
                "snapshot",
                "revert",
                "remove-snapshot",
                "remove-snapshots",
                "consolidate",
                "create",
                "delete",
                "clone",
                "linked-clone",
                "mark-as-template",
                "mark-as-vm",
                "deploy",
                "migrate",
                "extend-disk",
                "inflate-disk",
                "track-changes",
                "backup",
                "offload")
            .filter(step -> !all.contains("- " + step + ":"))
            .toList();
    assertThat(unused).isEmpty();
  }
}
