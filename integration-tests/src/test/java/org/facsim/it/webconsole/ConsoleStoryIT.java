/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The article's story, end to end in the browser: a person without any knowledge starts the demo,
 * and sees which of eight clones were free, which was copied, and why. The tests go on from each
 * other's array.
 */
@InBrowser
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleStoryIT {
  /** What each guest writes: the article's disk for the pictures of the documents, else little. */
  private static final String DISK_BYTES =
      System.getProperty("facsim.pictures") == null ? "33554432" : "17716740096";

  /** The demo and all tests make about 100,000: none may be overwritten that proves something. */
  private static final String JOURNAL_CALLS = "400000";

  private static final double DEMO_MILLIS = 600_000;

  private static final String COPIED = "windows-2008r2-hot";

  private static final List<String> FREE =
      List.of(
          "windows-7-hot",
          "windows-2008r2-vss-disabled",
          "windows-2008r2-sync-driver",
          "windows-2008r2-tools-stopped",
          "windows-2008r2-dynamic-disk",
          "windows-2008r2-cold",
          "windows-2008r2-array-ui");

  private static final List<String> PAGES =
      List.of(
          "/vms",
          "/vms/demo/" + COPIED,
          "/vms/demo/windows-7",
          "/clones",
          "/clones/demo/windows-7-hot/windows-7-hot-flat.vmdk",
          "/live",
          "/capacity",
          "/volumes",
          "/states",
          "/events",
          "/journal",
          "/faults",
          "/hosts",
          "/lab",
          "/instructor",
          "/start",
          "/settings",
          "/vms/demo/none");

  private static final Set<String> PICTURED =
      Set.of("/vms", "/vms/demo/windows-7", "/live", "/capacity");

  private static FacsimServer server;

  @BeforeAll
  static void serve() {
    server = FacsimServer.start("--http-port", "0", "--journal", JOURNAL_CALLS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  @Order(1)
  void aFirstRunStartsTheDemoByOneClickAndExplainsIt(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/");
      assertThat(window.path()).isEqualTo("/start");
      window.picture("first-run");
      window.go("/start?disk=" + DISK_BYTES);
      window.button("Start the demo").click();
      assertThat(window.main().getByText("Done"))
          .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(DEMO_MILLIS));
      assertThat(window.main()).containsText("8 of 8 clones");
      Locator steps = window.page().locator(".story > li");
      assertThat(steps).hasCount(8);
      assertThat(window.main()).not().containsText("Not as the article tells");
      for (String free : FREE) {
        assertThat(step(steps, free)).containsText("free");
      }
      assertThat(step(steps, COPIED)).containsText("copied by the host");
      assertThat(step(steps, COPIED)).containsText("2 redo logs on each disk");
      window.picture("demo");
    }
  }

  private static Locator step(Locator steps, String clone) {
    return steps.filter(
        new Locator.FilterOptions()
            .setHas(
                steps
                    .page()
                    .getByText(
                        clone,
                        new com.microsoft.playwright.Page.GetByTextOptions().setExact(true))));
  }

  @Test
  @Order(2)
  void theTableSaysWhichClonesTakeSpace(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/vms");
      String full = window.row("windows-7").locator(".figure-button").textContent();
      assertThat(Double.parseDouble(full)).isPositive();
      assertThat(window.row(COPIED).locator(".figure-button")).hasText(full);
      for (String free : FREE) {
        assertThat(window.row(free).locator(".figure-button")).hasText("0.00");
      }
      window.picture("vms");

      window.page().getByPlaceholder("Filter by name, volume or origin").fill("sync");
      assertThat(window.row("windows-2008r2-sync-driver")).isVisible();
      assertThat(window.row(COPIED)).hasCount(0);
      assertThat(window.path()).isEqualTo("/vms?q=sync");
      window.page().reload();
      assertThat(window.row("windows-2008r2-sync-driver")).isVisible();
      assertThat(window.row(COPIED)).hasCount(0);
    }
  }

  @Test
  @Order(2)
  void theBreakdownOfUsedComesByMouseByKeyboardAndByTouch(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/vms");
      Locator card = window.page().locator("#breakdown");
      Locator used = window.row(COPIED).locator(".figure-button");
      used.hover();
      assertBreakdown(card);
      window.picture("breakdown");
      window.page().mouse().move(2, 2);
      assertThat(card).isHidden();

      window.row("windows-7").focus();
      window.page().keyboard().press("ArrowDown");
      window.page().keyboard().press("Tab"); // to the figure inside of the row
      assertThat(card).isVisible();
      window.page().keyboard().press("Escape");
      assertThat(card).isHidden();
    }
    try (ConsoleWindow telephone = chromium.open(server.httpAddress(), 390, ColorScheme.DARK)) {
      telephone.go("/vms");
      telephone.row(COPIED).locator(".figure-button").tap();
      assertBreakdown(telephone.page().locator("#breakdown"));
      telephone.picture("breakdown-telephone");
    }
  }

  private static void assertBreakdown(Locator card) {
    assertThat(card).isVisible();
    assertThat(card).containsText("Live");
    assertThat(card).containsText("Hypervisor snapshots");
    assertThat(card).containsText("Array snapshots");
    assertThat(card).containsText(COPIED);
    assertThat(card).containsText("100 %");
  }

  @Test
  @Order(2)
  void aMachineHasAnAddressAndLeadsToItsStory(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/vms");
      window.row(COPIED).locator("a").click();
      assertThat(window.page().locator("h1")).hasText(COPIED);
      assertThat(window.path()).isEqualTo("/vms/demo/" + COPIED);
      assertThat(window.main()).containsText("One whole disk without redo logs");
      window.link(COPIED + "-flat.vmdk").click();
      assertThat(window.main()).containsText("was not offloaded");
      assertThat(window.main()).containsText("two sibling redo logs");
      assertThat(window.main()).containsText("Nobody asked the array");
      window.picture("story-copied");
    }
  }

  @Test
  @Order(2)
  void aFreeClonesStoryHasTheCheckedPreconditionsAndTheWire(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/clones");
      assertThat(window.page().locator("tbody tr")).hasCount(8);
      assertThat(window.main()).containsText("its copies are not in this list");
      window.picture("clones");
      window.link("windows-7-hot").click();
      assertThat(window.main()).containsText("was offloaded");
      assertThat(window.main()).containsText("The array checked");
      assertThat(window.main()).containsText("Nothing was written over the network");
      assertThat(window.page().locator(".checks li")).not().hasCount(0);
      window.picture("story-free");

      window.go("/vms/demo/windows-7-hot");
      assertThat(window.page().locator("[data-sharing=alone]")).containsText("100 %");
      assertThat(window.page().locator("[data-sharing=both]")).containsText("private 0 B");
    }
  }

  @Test
  @Order(2)
  void theDemosHostsAreShownWithWhatTheyDid(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/hosts");
      Locator row =
          window
              .page()
              .locator("tbody tr")
              .filter(new Locator.FilterOptions().setHas(window.link(COPIED)));
      assertThat(row).containsText("application");
      assertThat(row).containsText("copied by the host");
      window.picture("hosts-of-the-demo");
    }
  }

  @Test
  @Order(3)
  void aCloneIsMadeThroughTheArrayAndAppearsByItself(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress());
        ConsoleWindow other = chromium.open(server.httpAddress())) {
      other.go("/vms");
      window.go("/vms/demo/windows-7");
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("by-hand");
      window.button("Clone").click();
      assertThat(window.page().locator("dialog")).hasCount(0);
      assertThat(other.row("by-hand").locator(".figure-button")).hasText("0.00");

      window.button("Take a snapshot…").click();
      window
          .page()
          .getByLabel("Name", new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
          .fill("before-lunch");
      window.button("Take it").click();
      Locator family = window.page().locator(".tree");
      assertThat(family.first()).containsText("before-lunch");
      assertThat(family.first()).containsText("by-hand");
      window.expectRefusals();
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("by-hand");
      window.button("Clone").click();
      assertThat(window.page().locator("dialog [role=alert]")).isVisible(); // it is there already
      window.button("Cancel").click();
    }
  }

  @Test
  @Order(3)
  void tablesAreSavedAsCsvAndJson(Chromium chromium) throws Exception {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/vms");
      assertThat(window.row(COPIED)).isVisible();
      Download csv = window.page().waitForDownload(() -> window.button("CSV").click());
      assertThat(csv.suggestedFilename()).isEqualTo("facsim-vms.csv");
      String text = Files.readString(csv.path(), UTF_8);
      assertThat(text).startsWith("vm,volume,path,usedBytes,").contains(COPIED + ",demo,");
      Download json = window.page().waitForDownload(() -> window.button("JSON").click());
      assertThat(Files.readString(json.path(), UTF_8)).contains("\"hypervisorSnapshotBytes\"");
    }
  }

  @Test
  @Order(3)
  void faultsAreSwitchedOnAndOffAndTheJournalProvesCalls(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/faults");
      assertThat(window.main()).containsText("Nothing is to go wrong");
      window.button("Add the rule").click();
      assertThat(window.main()).containsText("every third WRITE is told to wait");
      window.button("End all").click();
      assertThat(window.main()).containsText("Nothing is to go wrong");

      window.go("/journal?procedure=CLONE");
      assertThat(window.page().locator(".big tbody tr:not(.spacer):visible")).not().hasCount(0);
      window.page().getByLabel("times").fill("6");
      window.button("Verify").click();
      assertThat(window.main()).containsText("It holds.");
      window.picture("journal");
    }
  }

  @Test
  @Order(3)
  void statesAreSavedAndTheArrayGoesBack(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.go("/states");
      window.button("Save a state…").click();
      window.page().getByLabel("Name").fill("clean");
      window.button("Save").click();
      assertThat(window.page().locator(".node")).containsText("clean");
      window.go("/vms/demo/" + COPIED);
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("soon-gone");
      window.button("Clone").click();
      window.go("/vms");
      assertThat(window.row("soon-gone")).isVisible();
      window.go("/states");
      window.button("Go back…").click();
      window.button("Go back").click();
      assertThat(window.page().locator("dialog")).hasCount(0);
      window.go("/vms");
      assertThat(window.row(COPIED)).isVisible();
      assertThat(window.row("soon-gone")).hasCount(0);
    }
  }

  @Test
  @Order(4)
  void everybodyCanUseEveryPage(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      window.expectRefusals(); // there is no lab
      for (String path : PAGES) {
        window.go(path);
        assertThat(window.page().locator(".state.loading")).hasCount(0);
        for (int widthPixels : List.of(1280, 390)) {
          for (ColorScheme colors : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            judge(window, path, widthPixels, colors);
          }
        }
        window.looksLike(1280, ColorScheme.LIGHT);
      }
      window.go("/vms");
      window.row(COPIED).locator(".figure-button").focus();
      window.assertAccessible();
      window.go("/vms/demo/windows-7");
      window.button("Clone…").click();
      window.assertAccessible();
    }
  }

  private static void judge(
      ConsoleWindow window, String path, int widthPixels, ColorScheme colors) {
    window.looksLike(widthPixels, colors);
    window.assertAccessible();
    window.assertNotWider();
    if (PICTURED.contains(path)) {
      window.picture(
          path.substring(path.lastIndexOf('/') + 1)
              + "-"
              + widthPixels
              + "-"
              + colors.name().toLowerCase(Locale.ROOT));
    }
  }
}
