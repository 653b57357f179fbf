/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/ says of the options is what the program has. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final Path MADE = Path.of("target/configuration.md");
  private static final Path SCHEMA = Path.of("../docs/config.schema.json");
  private static final Path MADE_SCHEMA = Path.of("target/config.schema.json");
  private static final String BEGIN =
      "<!-- options: made from the code, see ConfigurationPageTest -->\n";
  private static final String END = "<!-- end of options -->";

  private static final PrintWriter NOWHERE = new PrintWriter(new StringWriter());

  private final ServeOptionTable table =
      new ServeOptionTable(Main.configured(new ServeCommand(), NOWHERE, NOWHERE).getCommandSpec());

  @Test
  void thePageHasEveryOption() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    String made = page.substring(0, from) + table.markdown() + page.substring(page.indexOf(END));
    Files.writeString(MADE, made);
    assertThat(page).as("docs/configuration.md; %s has the right one", MADE).isEqualTo(made);
  }

  @Test
  void theSchemaThatIsPublishedIsThatOfTheCode() throws Exception {
    String made = table.schema().toPrettyString() + "\n";
    Files.writeString(MADE_SCHEMA, made);
    assertThat(Files.readString(SCHEMA)).as("%s has the right one", MADE_SCHEMA).isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs-port: 2049",
        "nfs-port: '0'",
        "idle-timeout: 6m",
        "idle-timeout: 0",
        "random-seed: -7",
        "log-format: json",
        "http-tls: true",
        "volumes: [{name: a, size: 1GiB, exports: []}]",
        "volumes: [{name: a, size: 1GiB, exports: '10.0.0.0/8(ro)'}, {name: b, size: 1TiB}]"
      })
  void theSchemaTakesWhatTheProgramTakes(String yaml) throws Exception {
    assertThat(problems(yaml)).isEmpty();
    assertThat(ConfigCommandTest.check(yaml)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs-prot: 2049",
        "nfs-port: 65536",
        "nfs-port: many",
        "lock-grace: 601",
        "idle-timeout: 6d",
        "log-format: xml",
        "http-tls: maybe",
        "exit-with: PARENT",
        "volumes: 7",
        "volumes: [{name: .a, size: 1GiB}]",
        "volumes: [{name: a}]"
      })
  void theSchemaRefusesWhatTheProgramRefuses(String yaml) throws Exception {
    assertThat(problems(yaml)).isNotEmpty();
    assertThat(ConfigCommandTest.check(yaml)).isEqualTo(2);
  }

  private List<Error> problems(String yaml) throws Exception {
    JsonNode given = new ObjectMapper(new YAMLFactory()).readTree(yaml);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(table.schema())
        .validate(given);
  }
}
