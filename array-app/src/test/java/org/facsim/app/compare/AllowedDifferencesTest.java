/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AllowedDifferencesTest {
  @Test
  void eachHasItsSentenceAndAnIdOfItsOwn() {
    var all = AllowedDifferences.shipped().all();

    assertThat(all).isNotEmpty().extracting(AllowedDifference::id).doesNotHaveDuplicates();
    assertThat(all)
        .allSatisfy(
            each -> {
              assertThat(each.source()).matches("(RFC \\d+ [\\d.]+(, )?)+");
              assertThat(each.sentence()).hasSizeGreaterThan(20);
              assertThat(each.why()).hasSizeGreaterThan(10);
            });
  }

  @Test
  void thePageListsAllOfThem() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "compare.md"));

    assertThat(AllowedDifferences.shipped().all())
        .allSatisfy(each -> assertThat(page).contains("| `" + each.id() + "` |"));
  }
}
