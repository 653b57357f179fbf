/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's chromium. One browser; each test has a context of its own, which shares nothing. */
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final double PATIENCE_MILLIS = 30_000;

  /** Nothing that would ask anybody for anything. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  static Chromium start() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    Browser browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(PROGRAM).setArgs(ARGUMENTS));
    return new Chromium(playwright, browser);
  }

  /**
   * A console in a window of its own.
   *
   * @param address host and port of the array
   * @param widthPixels 1280 for a screen, 390 for a telephone
   */
  ConsoleWindow open(String address, int widthPixels, ColorScheme colors) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(widthPixels, widthPixels < 700 ? 844 : 800)
                .setHasTouch(widthPixels < 700)
                .setColorScheme(colors)
                .setAcceptDownloads(true)
                .setLocale("en-US"));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return new ConsoleWindow(context, "http://" + address);
  }

  ConsoleWindow open(String address) {
    return open(address, 1280, ColorScheme.LIGHT);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
