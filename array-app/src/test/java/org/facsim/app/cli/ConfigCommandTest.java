/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.facsim.management.ShownConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCommandTest {
  @TempDir private Path folder;
  private StringWriter out;
  private StringWriter err;

  private int run(Map<String, String> environment, String... command) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), command);
  }

  /** The exit code of a check. */
  static int check(String yaml) throws IOException {
    Path file = Files.createTempFile("facsim", ".yaml");
    try {
      Files.writeString(file, yaml);
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      return Main.run(Map.of(), nowhere, nowhere, "config", "check", file.toString());
    } finally {
      Files.delete(file);
    }
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("f.yaml"), yaml);
  }

  private JsonNode shown(String name) throws IOException {
    for (JsonNode item : new ObjectMapper().readTree(out.toString()).path("items")) {
      if (item.path("name").asText().equals(name)) {
        return item;
      }
    }
    throw new AssertionError("no setting " + name);
  }

  private void assertShown(String name, String value, String source, String where)
      throws IOException {
    JsonNode item = shown(name);
    assertThat(item.path("value").asText()).isEqualTo(value);
    assertThat(item.path("source").asText()).isEqualTo(source);
    assertThat(item.path("where").asText()).isEqualTo(where);
  }

  @Test
  void aMistakeIsOneLineWithFileLineColumnAndWhatIsAllowed() throws IOException {
    Path wrong = file("listen: 127.0.0.1\nnfs-port:  70000\n");
    assertThat(run(Map.of(), "config", "check", wrong.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "facsim config check: %s:2:12: nfs-port: '70000' is not a port; allowed: 0 (a free one)"
                    .formatted(wrong)
                + " to 65535\n");
    assertThat(out.toString()).isEmpty();

    file("volumes:\n  - name: a\n    size: 1KiB\n");
    assertThat(run(Map.of(), "config", "check", wrong.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("f.yaml:2:11: volumes[0]: volume a of 1024 bytes is too");
  }

  @Test
  void whatOnlyAStartWouldFindIsFound() throws IOException {
    Path wrong = file("vaai-profile: datastore1=nonsense\n");
    assertThat(run(Map.of(), "config", "check", wrong.toString())).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("f.yaml:1:15: vaai-profile: ", "nonsense");
    file("lab-seed: 7\n");
    assertThat(run(Map.of(), "config", "check", wrong.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--lab-seed without a lab");
  }

  @Test
  void allMistakesAreToldAtOnceInTheOrderOfTheFile() throws IOException {
    Path wrong =
        file(
            """
            listen: nowhere
            prot: 1
            nfs-port: 70000
            vaai-profile: b=nonsense
            volumes:
              - {name: a, size: lots, exports: [nobody, "*(rx)", "*(rw)"]}
              - {name: b, size: 1GiB, quota: 1}
              - size: 1GiB
            idle-timeout: never
            log-format: xml
            lab-seed: 7
            """);
    assertThat(run(Map.of(), "config", "check", wrong.toString())).isEqualTo(2);
    assertThat(err.toString().lines().map(line -> line.replaceFirst(".*f.yaml:(\\d+):.*", "$1")))
        .as(err.toString())
        .containsExactly("1", "2", "3", "4", "6", "6", "6", "7", "8", "9", "10", "11");
    assertThat(err.toString().lines())
        .allMatch(line -> line.startsWith("facsim config check: ") && line.contains("allowed: "));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theEnvironmentDoesNotMatterToACheck() throws IOException {
    Path right = file("nfs-port: 0\nvolumes:\n  - {name: a, size: 1GiB}\n");
    Map<String, String> environment = Map.of("FACSIM_NFS_PORT", "nonsense");
    assertThat(run(environment, "config", "check", right.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(right + " is right: 1 options, 1 volumes\n");
  }

  @Test
  void everySettingIsShownWithWhereItComesFrom() throws IOException {
    Path file = file("nfs-port: 1\nlisten: file\njournal: 100\nvolumes: [{name: a, size: 2GiB}]\n");
    Map<String, String> environment =
        Map.of("FACSIM_NFS_PORT", "2", "FACSIM_LISTEN", "environment", "FACSIM_CONFIG", "" + file);
    assertThat(run(environment, "config", "show", "--json", "--nfs-port", "3"))
        .as(err.toString())
        .isZero();
    assertShown("nfs-port", "3", "flag", "--nfs-port");
    assertShown("listen", "environment", "environment", "FACSIM_LISTEN");
    assertShown("idle-timeout", "6m", "default", "null");
    assertShown("volume", "a=2GiB", "file", "volumes");
    assertShown("config", "" + file, "environment", "FACSIM_CONFIG");
    assertThat(run(environment, "config", "show")).isZero();
    assertThat(out.toString()).containsPattern("nfs-port +2 +environment FACSIM_NFS_PORT\n");
  }

  /** What a running array tells of its start is what this command would show. */
  @Test
  void theArrayTellsItsSettingsAndNoSecret() throws Exception {
    Path file = file("nfs-port: 1\njournal: 100\n");
    Map<String, String> environment =
        Map.of("FACSIM_LISTEN", "0.0.0.0", "FACSIM_TOKEN", "a-secret-of-somebody");
    CommandLine serve = new CommandLine(new ServeCommand());
    String[] arguments = {"--config", file.toString(), "--volume", "a=1GiB"};
    serve.setDefaultValueProvider(ServeDefaults.of(serve, arguments, environment));
    serve.parseArgs(arguments);
    ShownConfiguration shown = EffectiveSettings.shown(serve);
    assertThat(shown.version()).isNotEmpty();
    assertThat(shown.settings())
        .contains(
            new ShownConfiguration.Setting("volume", "a=1GiB", "flag", "--volume"),
            new ShownConfiguration.Setting("listen", "0.0.0.0", "environment", "FACSIM_LISTEN"),
            new ShownConfiguration.Setting("idle-timeout", "6m", "default", ""))
        .anySatisfy(
            each -> {
              assertThat(each.name()).isEqualTo("journal");
              assertThat(each.source()).isEqualTo("file");
              assertThat(each.where()).startsWith(file + ":2:");
            });
    assertThat(shown.toString()).doesNotContain("a-secret");
  }

  @Test
  void aWrongOptionIsRefusedAsAStartWould() {
    assertThat(run(Map.of(), "config", "show", "--nfs-port", "x")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "facsim config show: --nfs-port: 'x' is not a port; allowed: 0 (a free one) to 65535\n");
    assertThat(run(Map.of("FACSIM_LOG_FORMAT", "xml"), "config", "show")).isEqualTo(2);
    assertThat(err.toString())
        .contains("FACSIM_LOG_FORMAT: 'xml' is no format; allowed: text, json");
    assertThat(run(Map.of(), "config", "show", "--exit-with", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("allowed: the id of a process that runs here, or PARENT");
  }
}
