/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of {@code facsim certify}, with commands that are no plugins. */
class CertifyCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("certify"));
    if (Stream.of(arguments).noneMatch(argument -> argument.startsWith("--report"))) {
      all.add("--report=" + folder.resolve("report"));
    }
    all.addAll(List.of(arguments));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  @Test
  void allCasesAreListed() {
    assertThat(run("--list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith("lost-reply "))
        .anyMatch(line -> line.startsWith("status-too-deep "));
  }

  @Test
  void allCasesAreListedAsJson() throws Exception {
    assertThat(run("--list", "--json")).isZero();
    JsonNode all = new ObjectMapper().readTree(out.toString());
    assertThat(all.path("items")).hasSize(all.path("cases").asInt());
    assertThat(all.path("items").get(0).path("case").asText()).isEqualTo("plain");
    assertThat(all.path("items").get(0).path("operation").asText()).isEqualTo("clone");
  }

  /** Not found out after all cases have run. */
  @Test
  void aFileThatCannotBeWrittenIsWrongUsage() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(run("--case=plain", "--junit=" + file.resolve("x"), "--", "true")).isEqualTo(2);
    assertThat(run("--case=plain", "--report=" + file.resolve("x"), "--", "true")).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.contains(file + " is no directory") && line.contains("allowed: "));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void wrongUsageIsOneLineThatSaysWhatIsAllowed() {
    assertThat(run("--case=none", "--", "true")).isEqualTo(2);
    assertThat(run("--timeout=0", "--", "true")).isEqualTo(2);
    assertThat(run("--parallel=99", "--", "true")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(4).allMatch(line -> line.contains("allowed: "));
  }

  @Test
  void aCommandThatClaimsWhatTheArrayDidNotDoFails() throws Exception {
    Path junit = folder.resolve("junit.xml");

    int exitCode =
        run("--case=plain", "--json", "--junit=" + junit, "--", "sh", "-c", "echo $FACSIM_CASE");

    assertThat(exitCode).as(err.toString()).isEqualTo(1);
    JsonNode result = new ObjectMapper().readTree(out.toString()).path("items").get(0);
    assertThat(result.path("passed").asBoolean()).isFalse();
    assertThat(result.path("problems"))
        .map(JsonNode::asText)
        .contains(
            "the command says that the array cloned, and the array made no clone",
            "the command never called CLONE");
    assertThat(result.path("output").get(0).asText()).isEqualTo("plain");
    assertThat(folder.resolve("report").resolve("plain.pcapng")).exists();
    assertThat(Files.readString(junit)).contains("failures=\"1\"", "name=\"plain\"");
  }

  @Test
  void aCommandThatDoesNotEndIsKilled() {
    assertThat(run("--case=plain", "--timeout=1", "--", "sleep", "1000")).isEqualTo(1);
    assertThat(out.toString()).contains("FAILED  plain", "did not end within");
  }

  @Test
  void aCommandThatIsNotThereIsOneLine() {
    assertThat(run("--case=plain", "--", "/no/such/command")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "facsim certify: cannot run '/no/such/command': No such file or directory");
  }
}
