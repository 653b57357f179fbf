/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.access.ExportSyntax;
import org.junit.jupiter.api.Test;

/** The command line of {@code facsim compare}. */
class CompareCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "compare";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private static FacsimArray other(String rules) throws IOException {
    return FacsimArray.builder()
        .volume("data", 1 << 28)
        .export("data", ExportSyntax.parseRules(rules))
        .nfsPort(0)
        .portmapPort(0)
        .start();
  }

  private static String address(FacsimArray array) {
    return FacsimArray.hostAndPort(array.nfsAddress());
  }

  @Test
  void twoThatAreAlikeEndWithZero() throws IOException {
    try (FacsimArray other = other("*(rw)")) {
      int exit =
          run("--with", address(other), "--vers", "3,4.1", "--calls", "60", "--histories", "2");

      assertThat(exit).as(out + "" + err).isZero();
      assertThat(out.toString().lines().filter(line -> line.endsWith("the same"))).hasSize(2);
    }
  }

  @Test
  void differencesEndWithOneAndAreToldAsCalls() throws IOException {
    try (FacsimArray other = other("*(rw,root_squash)")) {
      int exit =
          run(
              "--with",
              address(other) + "/data",
              "--vers",
              "3",
              "--histories",
              "1",
              "--seed",
              "3",
              "--json");

      // root may not even begin, or its files are somebody else's
      assertThat(exit).isEqualTo(1);
      if (!out.toString().isEmpty()) {
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.path("same").asBoolean(true)).isFalse();
        JsonNode difference = result.path("versions").get(0).path("differences").get(0);
        assertThat(difference.path("calls")).isNotEmpty();
        assertThat(difference.path("facts").get(0).path("fact").asText()).isNotEmpty();
      } else {
        assertThat(err.toString()).contains("a folder cannot be made in the export: ACCES");
      }
    }
  }

  @Test
  void aServerThatIsNotThereIsOneLine() {
    assertThat(run("--with", "127.0.0.1:1/data", "--vers", "4.1")).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains("cannot connect to ");
  }

  @Test
  void allowedDifferencesAreListedWithTheirSentences() {
    assertThat(run("--allowed")).isZero();
    assertThat(out.toString()).contains("RFC 1813", "RFC 8881");
  }

  @Test
  void wrongUsageIsOneLineThatSaysWhatIsAllowed() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--with", "nonsense")).isEqualTo(2);
    assertThat(run("--with", "127.0.0.1:99999")).isEqualTo(2);
    assertThat(run("--with", "127.0.0.1:2049/x", "--vers", "5")).isEqualTo(2);
    assertThat(run("--with", "127.0.0.1:2049/x", "--calls", "0")).isEqualTo(2);
    assertThat(run("--with", "127.0.0.1:2049/x", "--histories", "-1")).isEqualTo(2);
    assertThat(run("--with", "127.0.0.1:2049/x", "--limit", "0")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(7).allMatch(line -> line.contains("allowed: "));
    assertThat(out.toString()).isEmpty();
  }
}
