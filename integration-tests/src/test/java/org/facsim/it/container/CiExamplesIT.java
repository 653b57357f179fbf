/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.container.FacsimImage.succeeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.facsim.it.Processes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell commands of the examples in docs/ci, as written, in the shell and the container in
 * which the service would run them. What a service itself does (checking out, collecting results)
 * is not tried.
 */
class CiExamplesIT {
  private static final Path EXAMPLES = Path.of("..", "docs", "ci");
  private static final Pattern JENKINS_SHELL = Pattern.compile("sh '''(.*?)'''", Pattern.DOTALL);
  private static final String TWO_PASSED = "tests=\"2\" failures=\"0\"";

  @TempDir private Path work;

  @BeforeAll
  static void buildTheImage() {
    FacsimImage.require();
  }

  /** Services make the folder of a job for everybody. */
  @BeforeEach
  void openTheFolder() throws IOException {
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void gitHubActions() throws IOException {
    JsonNode job = yaml("github-actions.yaml").get("jobs").get("scenarios");
    List<String> commands = new ArrayList<>();
    for (JsonNode step : job.get("steps")) {
      if (step.has("run")) {
        commands.add(step.get("run").asText());
      }
    }
    assertThat(commands).hasSize(4);
    try {
      for (String command : commands) {
        succeeds(
            List.of(
                "env",
                "-C",
                work.toString(),
                "FACSIM_IMAGE=" + FacsimImage.NAME,
                "bash",
                "-e",
                "-o",
                "pipefail",
                "-c",
                command));
      }
    } finally {
      Processes.run(List.of("docker", "rm", "-f", "facsim"));
    }
    assertThat(work.resolve("reports/scenarios.xml")).content().contains(TWO_PASSED);
    System.out.println("ci example: GitHub Actions, " + commands.size() + " steps");
  }

  @Test
  void gitLab() throws IOException {
    JsonNode job = yaml("gitlab-ci.yaml").get("scenarios");
    assertThat(job.get("image").get("entrypoint").toString()).isEqualTo("[\"\"]");
    List<String> lines = new ArrayList<>();
    job.get("script").forEach(line -> lines.add(line.asText()));
    inTheImage(List.of(), String.join("\n", lines));
    String report = job.get("artifacts").get("reports").get("junit").asText();
    assertThat(work.resolve(report)).content().contains(TWO_PASSED);
    System.out.println("ci example: GitLab CI, " + lines.size() + " lines");
  }

  @Test
  void jenkins() throws IOException {
    String file = Files.readString(EXAMPLES.resolve("Jenkinsfile"));
    List<String> shells =
        JENKINS_SHELL
            .matcher(file)
            .results()
            .map((MatchResult match) -> match.group(1).stripIndent())
            .toList();
    assertThat(shells).hasSize(2);
    String user = succeeds(List.of("id", "-u")).out().strip();
    for (String shell : shells) {
      inTheImage(List.of("--user", user, "--cap-drop", "ALL"), shell);
    }
    assertThat(work.resolve("scenarios.xml")).content().contains(TWO_PASSED);
    System.out.println("ci example: Jenkins, " + shells.size() + " stages");
  }

  private void inTheImage(List<String> options, String script) {
    List<String> command = new ArrayList<>(List.of("docker", "run", "--rm", "--entrypoint", ""));
    command.addAll(options);
    command.addAll(List.of("-v", work + ":/job", "-w", "/job", FacsimImage.NAME));
    command.addAll(List.of("sh", "-e", "-c", script));
    succeeds(command);
  }

  private static JsonNode yaml(String name) throws IOException {
    return new YAMLMapper().readTree(EXAMPLES.resolve(name).toFile());
  }
}
