/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DoctorPageTest {
  private static final Path PAGE = Path.of("../docs/doctor.md");
  private static final Path MADE = Path.of("target/doctor.md");
  private static final String START = "<!-- checks -->\n";

  @Test
  void pageListsEveryCheck() throws IOException {
    String page = Files.readString(PAGE);
    StringBuilder table = new StringBuilder("| check | what should hold | what to change |\n");
    table.append("|---|---|---|\n");
    for (Check check : Check.values()) {
      table.append("| `%s` | %s | %s |\n".formatted(check.label(), check.words(), check.remedy()));
    }
    int from = page.indexOf(START) + START.length();
    String made = page.substring(0, from) + table + page.substring(page.indexOf("<!-- end -->"));
    Files.writeString(MADE, made);

    assertThat(page).as("docs/doctor.md; %s has the right one", MADE).isEqualTo(made);
  }
}
