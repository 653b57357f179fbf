/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page's table of advanced settings is made from the code. */
class HostsPageTest {
  private static final Path PAGE = Path.of("../docs/hosts.md");

  private static String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | setting | type | default | allowed | meaning |
            |---|---|---|---|---|
            """);
    for (AdvancedSetting each : AdvancedSetting.values()) {
      table.append(
          "| `%s` | %s | %d | %d to %d | %s |\n"
              .formatted(
                  each.path(),
                  each.type(),
                  each.defaultValue(),
                  each.minValue(),
                  each.maxValue(),
                  each.description()));
    }
    return table.toString();
  }

  @Test
  void theTableOfThePageIsThatOfTheCode() throws Exception {
    String page = Files.readString(PAGE);
    assertThat(page.substring(page.indexOf("| setting | type |"))).isEqualTo(table());
  }
}
