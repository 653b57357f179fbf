/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One window with the console. Whatever a page logs as an error (a breach of the content security
 * policy is one, too) and every request to anywhere else fails the test that closes the window.
 */
final class ConsoleWindow implements AutoCloseable {
  /** Where pictures go; the directory of the documents if it is to be made anew. */
  private static final Path PICTURES =
      Path.of(System.getProperty("facsim.pictures", "target/console-pictures"));

  private final BrowserContext context;
  private final String address;
  private final Page page;
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private boolean isUnreachable;

  ConsoleWindow(BrowserContext context, String address) {
    this.context = context;
    this.address = address;
    context.onRequest(
        request -> {
          if (!request.url().startsWith(address + "/") && !request.url().startsWith("blob:")) {
            errors.add("a request to elsewhere: " + request.url());
          }
        });
    page = context.newPage();
    page.onPageError(error -> errors.add("an error: " + error));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !isUnreachable) {
            errors.add("logged: " + message.text() + " at " + message.location());
          }
        });
  }

  /** Goes to a page, and waits until it is drawn. */
  ConsoleWindow go(String path) {
    page.navigate(address + path);
    page.locator("main h1").waitFor();
    return this;
  }

  Page page() {
    return page;
  }

  /** The part of the address after host and port. */
  String path() {
    return page.url().substring(address.length());
  }

  Locator main() {
    return page.locator("main");
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator link(String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** The row of a machine in the table of machines. */
  Locator row(String machine) {
    return page.locator(".big tbody tr:not(.spacer):visible")
        .filter(
            new Locator.FilterOptions()
                .setHas(
                    page.locator("th")
                        .getByText(machine, new Locator.GetByTextOptions().setExact(true))));
  }

  /** From now on the server may be away, which the browser itself logs as errors. */
  void expectNoServer() {
    isUnreachable = true;
  }

  /** Answers of the server that are no success are errors in the log; these are expected. */
  void expectRefusals() {
    isUnreachable = true;
  }

  /** Makes a picture of what is seen. */
  void picture(String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }

  /** Fails if somebody cannot use what is shown. */
  void assertAccessible(String what) {
    AxeResults results =
        new AxeBuilder(page)
            .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"))
            .analyze();
    assertThat(results.getViolations())
        .as("%s at %s", what, path())
        .extracting(
            rule ->
                rule.getId()
                    + ": "
                    + rule.getHelp()
                    + " "
                    + rule.getNodes().stream()
                        .map(n -> n.getHtml() + " " + n.getFailureSummary())
                        .toList())
        .isEmpty();
  }

  @Override
  public void close() {
    context.close();
    assertThat(errors).as("errors in the browser").isEmpty();
  }
}
