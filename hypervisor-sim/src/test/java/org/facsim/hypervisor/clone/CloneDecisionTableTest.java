/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.facsim.hypervisor.catalog.GuestFile;
import org.junit.jupiter.api.Test;

class CloneDecisionTableTest {
  private static final Path PAGE = Path.of("../docs/clone-decision.md");
  private static final Path MADE = Path.of("target/clone-decision.md");

  @Test
  void pageSaysWhatTheCodeDoes() throws IOException {
    String page = Files.readString(PAGE);
    String made = with(page, "rules", CloneDecisionTable.rules());
    made = with(made, "families", CloneDecisionTable.families(GuestFile.shipped()));
    made = with(made, "requirements", CloneDecisionTable.requirements());
    Files.writeString(MADE, made);

    assertThat(page).as("docs/clone-decision.md; %s has the right one", MADE).isEqualTo(made);
  }

  private static String with(String page, String marker, List<String> lines) {
    String start = "<!-- " + marker + " -->\n";
    int from = page.indexOf(start);
    assertThat(from).as("the marker of the %s", marker).isPositive();
    int to = page.indexOf("<!-- end -->", from);
    return page.substring(0, from) + start + String.join("\n", lines) + "\n" + page.substring(to);
  }
}
