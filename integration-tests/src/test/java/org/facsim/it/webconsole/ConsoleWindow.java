/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
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

  private static final int TELEPHONE_PIXELS = 700;

  private final BrowserContext context;
  private final String address;
  private final Page page;
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private boolean isUnreachable;
  private ColorScheme colors = ColorScheme.LIGHT;
  private int widthPixels = 1280;

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

  /** The same page on another screen, in other colours. */
  void looksLike(int widthPixels, ColorScheme colors) {
    this.colors = colors;
    this.widthPixels = widthPixels;
    page.setViewportSize(widthPixels, widthPixels < TELEPHONE_PIXELS ? 844 : 800);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colors));
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /** Fails if somebody cannot use what is shown, by all rules of axe. */
  void assertAccessible() {
    assertThat(Axe.violations(page)).as("%s, %s pixels, %s", path(), widthPixels, colors).isEmpty();
  }

  /** Fails if the page as a whole has to be scrolled sideways. */
  void assertNotWider() {
    assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))
        .as("%s is wider than %s pixels", path(), widthPixels)
        .isFalse();
  }

  @Override
  public void close() {
    context.close();
    assertThat(errors).as("errors in the browser").isEmpty();
  }
}
