/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code facsim certify} passes the reference plugin in C, and catches each of its broken variants
 * in the case that is made for its defect. A variant is the reference plugin with one place of its
 * source replaced.
 */
class CertifyIT {
  private static final Path SCRIPT =
      Path.of("..", "docs", "run-my-plugin-test.sh").toAbsolutePath().normalize();
  private static final Path SOURCE =
      Path.of("..", "vaai-endpoint", "src", "main", "c").toAbsolutePath().normalize();
  private static final Path IDL =
      Path.of("..", "protocol", "src", "main", "resources", "org", "facsim", "protocol", "vaai")
          .resolve("vaai_nas.x")
          .toAbsolutePath()
          .normalize();

  private static final String[] CASES = {
    "--case=plain",
    "--case=slow",
    "--case=no-answer",
    "--case=full-disk",
    "--case=switched-off",
    "--case=status-nospc",
    "--case=status-too-many-clones",
    "--case=status-xvol",
    "--case=status-session",
    "--case=status-request"
  };

  @TempDir private static Path folder;

  @BeforeAll
  static void tools() {
    CBuild.assumeTools();
  }

  private JsonNode certify(Path plugin, String... options) throws IOException {
    return certify("VAAI_PLUGIN_CLI=" + plugin, List.of(SCRIPT.toString()), options);
  }

  private JsonNode certify(String environment, List<String> plugin, String... options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                environment,
                Processes.launcher().toString(),
                "certify",
                "--json",
                "--parallel=8",
                "--report=" + folder.resolve("report")));
    command.addAll(List.of(options));
    command.add("--");
    command.addAll(plugin);
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s", outcome).isBetween(0, 1);
    JsonNode result = new ObjectMapper().readTree(outcome.out());
    assertThat(outcome.exitCode())
        .as(outcome.out())
        .isEqualTo(result.path("failed").asInt() == 0 ? 0 : 1);
    return result;
  }

  private static Set<String> failed(JsonNode result) {
    Set<String> failed = new TreeSet<>();
    for (JsonNode item : result.path("items")) {
      if (!item.path("passed").asBoolean() && item.path("leftOut").asText().isEmpty()) {
        failed.add(item.path("case").asText());
      }
    }
    return failed;
  }

  /** Builds the reference plugin with a place of its source replaced. */
  private static Path variant(String name, String file, String before, String after)
      throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(SOURCE)) {
      for (Path each : files.toList()) {
        Files.copy(each, copy.resolve(each.getFileName()));
      }
    }
    String text = Files.readString(copy.resolve(file));
    assertThat(text).as("what the variant breaks").containsOnlyOnce(before);
    Files.writeString(copy.resolve(file), text.replace(before, after));
    Path build = folder.resolve(name + "-build");
    Outcome make =
        Processes.run(
            List.of("make", "-C", copy.toString(), "BUILD=" + build, "IDL=" + IDL, "CC=gcc"));
    assertThat(make.exitCode()).as("%s", make).isZero();
    return build.resolve("vaai-plugin-cli");
  }

  private void assertCaughtIn(String theCase, String problem, JsonNode result) {
    assertThat(failed(result)).as(result.toPrettyString()).containsExactly(theCase);
    for (JsonNode item : result.path("items")) {
      if (item.path("case").asText().equals(theCase)) {
        assertThat(item.path("problems")).map(JsonNode::asText).anyMatch(p -> p.contains(problem));
        assertThat(item.path("evidence"))
            .map(JsonNode::asText)
            .hasSize(3)
            .allSatisfy(file -> assertThat(Path.of(file)).isNotEmptyFile())
            .anyMatch(file -> file.endsWith(".pcapng"));
      }
    }
  }

  @Test
  void theReferencePluginPassesWhole() throws Exception {
    JsonNode result = certify(CBuild.plugin(folder.resolve("reference")));

    assertThat(failed(result)).as(result.toPrettyString()).isEmpty();
    assertThat(result.path("cases").asInt()).isGreaterThan(45);
  }

  @Test
  void aPluginThatSendsALostCallAgainUnderANewIdIsCaught() throws Exception {
    Path plugin =
        variant(
            "new-id",
            "vaai_clone.c",
            """
            arguments.request_id = ++session->last_request_id;
                    result = vaai_session_call(session, &exchange, failure);""",
            """
            unsigned retries = session->connection.retries;
                    session->connection.retries = 0;
                    do {
                        arguments.request_id = ++session->last_request_id;
                        result = vaai_session_call(session, &exchange, failure);
                    } while (result == VAAI_PLUGIN_NO_ANSWER && retries-- > 0);""");

    assertCaughtIn(
        "lost-reply",
        "cloned 2 times",
        certify(plugin, "--case=plain", "--case=lost-reply", "--case=fails-midway"));
  }

  @Test
  void aPluginThatCallsAFailedJobASuccessIsCaught() throws Exception {
    Path plugin =
        variant(
            "deaf",
            "vaai_clone.c",
            "    return vaai_refused(failure, job->outcome, job->reason);",
            "    return vaai_succeeded(failure);");

    assertCaughtIn(
        "fails-midway",
        "the array made no clone",
        certify(plugin, "--case=plain", "--case=fails-midway", "--case=stall"));
  }

  @Test
  void aPluginThatNeverGivesUpIsCaught() throws Exception {
    Path plugin = variant("patient", "vaai_clone.c", ">= session->stall_seconds", ">= 1e9");

    assertCaughtIn(
        "stall",
        "did not end within",
        certify(plugin, "--timeout=20", "--case=plain", "--case=stall", "--case=fails-midway"));
  }

  /**
   * It takes a lost reply for a clone that was not made, and gives back the blocks that it thinks
   * are left over: as many as one call of it takes.
   */
  @Test
  void aPluginThatLeavesAPartialDestinationIsCaught() throws Exception {
    Path plugin =
        variant(
            "tidy",
            "vaai_clone.c",
            "    result = begin(session, request, &job, failure);\n",
            """
                unsigned retries = session->connection.retries;
                session->connection.retries = 0;
                result = begin(session, request, &job, failure);
                session->connection.retries = retries;
                if (result == VAAI_PLUGIN_NO_ANSWER) {
                    vaai_plugin_range left_over = { .offset_bytes = 0, .length_bytes = 1u << 20 };
                    vaai_plugin_unmapped unmapped;

                    (void)vaai_plugin_unmap(session, request->destination, &left_over, 1,
                        &unmapped, NULL);
                    return result;
                }
            """);

    assertCaughtIn(
        "lost-reply",
        "the destination is neither what it held before nor the source's bytes",
        certify(
            plugin,
            "--case=plain",
            "--case=lost-reply",
            "--case=no-answer",
            "--case=fails-midway",
            "--case=stall"));
  }

  // ---------------------------------------------------------------- the other dialects

  private JsonNode certifyDialect(String dialect) throws IOException {
    return certify(
        "LC_ALL=C",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            DialectPlugin.class.getName(),
            dialect),
        CASES);
  }

  @Test
  void aPluginThatSpeaksJsonPassesAndMeetsEveryStatus() throws Exception {
    JsonNode result = certifyDialect("json");

    assertThat(failed(result)).as(result.toPrettyString()).isEmpty();
    assertThat(result.path("cases").asInt()).isEqualTo(CASES.length);
    assertThat(result.path("leftOut").asInt()).isZero();
    for (JsonNode item : result.path("items")) {
      if (item.path("case").asText().equals("status-session")) {
        assertThat(item.path("output").toString()).contains("vaaiStatus").contains("SESSION");
      }
    }
  }

  @Test
  void whatOpenSdsCannotSayIsLeftOutByName() throws Exception {
    JsonNode result = certifyDialect("opensds");

    Set<String> leftOut = new TreeSet<>();
    for (JsonNode item : result.path("items")) {
      if (!item.path("leftOut").asText().isEmpty()) {
        leftOut.add(item.path("case").asText() + ": " + item.path("leftOut").asText());
      }
    }
    assertThat(leftOut)
        .as(result.toPrettyString())
        .containsExactly(
            "status-request: OPENSDS cannot say REQUEST",
            "status-session: OPENSDS cannot say SESSION");
    assertThat(result.path("failed").asInt()).isZero();
    assertThat(result.path("leftOut").asInt()).isEqualTo(2);
  }
}
