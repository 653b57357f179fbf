/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.app.scenario.ShippedScenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code facsim scenario}: what it prints and how it exits. */
class ScenarioCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private String file(String name, String yaml) throws Exception {
    return Files.writeString(folder.resolve(name), yaml).toString();
  }

  private static String scenario(String expectation) {
    return """
    name: small
    title: a small one
    steps:
    - create: {vm: w7, powered-on: false, disks: [{size: 1MiB, used: 4KiB}]}
      expect:
      - %s
    """
        .formatted(expectation);
  }

  @Test
  void listNamesEveryScenario() {
    assertThat(run("scenario", "list")).isZero();
    assertThat(out.toString().lines()).hasSameSizeAs(ShippedScenarios.names());
    assertThat(run("scenario", "list", "--json")).isZero();
    assertThat(out.toString()).contains("\"name\" : \"01-windows-2008-r2-vss\"");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void showPrintsTheFile() {
    assertThat(run("scenario", "show", "09-cold-clone")).isZero();
    assertThat(out.toString()).isEqualTo(ShippedScenarios.yaml("09-cold-clone"));
  }

  @Test
  void aTypingMistakeIsAnsweredWithWhatWasMeant() {
    assertThat(run("scenario", "run", "09-cold-clon")).isEqualTo(2);
    assertThat(run("scenario", "show", "09-cold-clon")).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line).contains("did you mean '09-cold-clone'?").contains("allowed: "));
  }

  @Test
  void aScenarioThatPassesExitsWith0() throws Exception {
    String file = file("ok.yaml", scenario("files: {path: w7/w7.vmx, exactly: 1}"));
    assertThat(run("scenario", "run", file, "--seed", "5")).as("%s", err).isZero();
    assertThat(out.toString())
        .contains("ok   files: w7/w7.vmx in datastore1: exactly 1")
        .contains("modelled: 1 Gbit/s")
        .contains("passed: 2 of 2 expectations are met; seed 5");
  }

  @Test
  void anExpectationThatIsNotMetExitsWith1AndShowsWhatWasFound() throws Exception {
    String file = file("wrong.yaml", scenario("files: {path: w7/w7.vmx, exactly: 2}"));
    Path junit = folder.resolve("junit.xml");
    assertThat(run("scenario", "run", file, "--junit", junit.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("FAIL files: w7/w7.vmx in datastore1: wanted exactly 2, found 1")
        .contains("line 6");
    assertThat(Files.readString(junit))
        .contains("tests=\"1\" failures=\"1\"")
        .contains("<system-out>small: a small one\n")
        .contains("  modelled: ")
        .contains("wanted exactly 2, found 1");
  }

  @Test
  void jsonIsOneObjectAndTheSameInEveryRun() throws Exception {
    String file = file("ok.yaml", scenario("files: {path: w7/w7.vmx, exactly: 1}"));
    assertThat(run("scenario", "run", file, "--json", "--seed", "5")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("scenario", "run", file, "--json", "--seed", "5")).isZero();
    assertThat(out.toString()).isEqualTo(first).startsWith("{").contains("\"passed\" : true");
  }

  @Test
  void aWrongFileExitsWith2AndNamesEveryProblem() throws Exception {
    String file = file("wrong.yaml", "name: x\ntitle: y\nstepz: []\n");
    assertThat(run("scenario", "run", file)).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("facsim scenario run: " + file + ":"));
    assertThat(err.toString()).contains(":3:1: 'stepz' is no key here; did you mean 'steps'?");
  }

  @Test
  void aRuleThatTheArrayRefusesIsAWrongFile() throws Exception {
    String file =
        file(
            "wrong.yaml",
            """
            name: x
            title: y
            steps:
            - fault: {match: {doors: [nfs], procedures: [WRTE]}, act: {noAnswer: true}}
            """);
    assertThat(run("scenario", "run", file)).isEqualTo(2);
    assertThat(err.toString()).contains(file + ":4:").contains("did you mean 'WRITE'?");
  }
}
