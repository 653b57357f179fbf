/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Asks axe what of a page somebody could not use. A page has the rules loaded once and is asked in
 * many sizes and colours; {@link AxeBuilder} loads them anew and opens a second page each time,
 * which costs a multiple.
 */
final class Axe {
  private static final String SOURCE = source();

  private static final String ASK =
      """
      async () => {
        const told = await axe.run(document, { resultTypes: ["violations"], iframes: false });
        return told.violations.map((rule) => `${rule.id}: ${rule.help}: ` +
          rule.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join("; "));
      }
      """;

  private Axe() {}

  /** What breaks a rule, in words; at most three places for each rule. */
  static List<String> violations(Page page) {
    if (!(Boolean) page.evaluate("() => 'axe' in window")) {
      page.evaluate(SOURCE);
    }
    return ((List<?>) page.evaluate(ASK)).stream().map(String::valueOf).toList();
  }

  private static String source() {
    try (InputStream in = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
