/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The live view of esxtop. */
final class EsxtopScreensTest {
  private final List<List<String>> asked = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private int exitCode;

  private JsonNode answer(List<String> argv) {
    asked.add(argv);
    return JsonNodeFactory.instance
        .objectNode()
        .put("stdout", "screen " + asked.size() + "\n")
        .put("exitCode", asked.size() < 3 ? 0 : exitCode);
  }

  private int show(boolean isTerminal, String... argv) throws Exception {
    return new EsxtopScreens(List.of(argv), new PrintWriter(out)).show(this::answer, isTerminal);
  }

  @Test
  void onlyEsxtopWithoutBatchIsLive() {
    assertThat(EsxtopScreens.isWanted(List.of("esxtop"))).isTrue();
    assertThat(EsxtopScreens.isWanted(List.of("esxtop", "-b", "-n", "2"))).isFalse();
    assertThat(EsxtopScreens.isWanted(List.of("ls"))).isFalse();
  }

  @Test
  void asManyScreensAreAskedForAsAreWanted() throws Exception {
    assertThat(show(false, "esxtop", "-n", "2", "-d", "3")).isZero();
    assertThat(asked)
        .containsExactly(
            List.of("esxtop", "-d", "3", "-n", "1"), List.of("esxtop", "-d", "3", "-n", "1"));
    assertThat(out.toString()).isEqualTo("screen 1\nscreen 2\n");
  }

  @Test
  void withoutACountItGoesOnUntilTheHostFails() throws Exception {
    exitCode = 5;
    assertThat(show(true, "esxtop")).isEqualTo(5);
    assertThat(out.toString())
        .isEqualTo(
            "\u001b[H\u001b[2Jscreen 1\n\u001b[H\u001b[2Jscreen 2\n\u001b[H\u001b[2Jscreen 3\n");
  }

  @Test
  void aCountThatIsNoneIsTheHostsToRefuse() throws Exception {
    exitCode = 1;
    var unused = answer(List.of());
    unused = answer(List.of());
    assertThat(show(false, "esxtop", "-n", "x")).isEqualTo(1);
    assertThat(asked.get(2)).containsExactly("esxtop", "-n", "x");
  }
}
