/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.management.ShownConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does with machines in the console, on an array without a lab. */
@InBrowser
class ConsoleTasksIT {
  private static final long MIB = 1 << 20;

  private FacsimArray array;

  @BeforeEach
  void serve() throws Exception {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(
                HttpManagement.onPort(0)
                    .withConfiguration(
                        new ShownConfiguration(
                            "1.2.3",
                            List.of(
                                new ShownConfiguration.Setting(
                                    "nfs-port", "0", "flag", "--nfs-port"),
                                new ShownConfiguration.Setting("journal", "0", "default", "")))))
            .start();
    array.files().write("/ds/vm1/vm1.vmx", "displayName = \"vm1\"".getBytes(UTF_8));
    array.files().writeRandom("/ds/vm1/vm1-flat.vmdk", 64 * MIB, 7);
  }

  /** A copy of the disk takes a minute, so that it can be cancelled on any machine. */
  private void copySlowly() throws Exception {
    String body = "{\"profile\": \"copying\", \"fields\": {\"copy-bytes-per-second\": \"1MiB\"}}";
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://" + door() + "/api/v1/volumes/ds/profile"))
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private String door() {
    return FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
  }

  @Test
  void aCloneThatCopiesShowsItsProgressAndIsCancelled(Chromium chromium) throws Exception {
    copySlowly();
    try (ConsoleWindow window = chromium.open(door());
        ConsoleWindow other = chromium.open(door())) {
      other.go("/clones");
      window.go("/vms/ds/vm1");
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("vm2");
      window.button("Clone").click();
      Locator progress = other.page().getByLabel("Progress of vm2");
      assertThat(progress).isVisible();
      assertThat(other.main()).containsText("of 64.0 MiB");
      other.button("Cancel…").click();
      other.button("Cancel the clone").click();
      assertThat(progress).hasCount(0);
      assertThat(other.main()).containsText("cancelled");
    }
    assertThat(array.files().exists("/ds/vm2")).as("nothing of it is left").isFalse();
  }

  @Test
  void aMachineGoesBackToASnapshotInPlace(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(door())) {
      window.go("/vms/ds/vm1");
      window.button("Take a snapshot…").click();
      window
          .page()
          .getByLabel("Name", new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
          .fill("clean");
      window.button("Take it").click();
      assertThat(window.page().locator(".tree").first()).containsText("clean");
      array.files().write("/ds/vm1/vm1.vmx", "displayName = \"spoilt\"".getBytes(UTF_8));
      window.button("Go back to clean").click();
      window.button("Go back").click();
      assertThat(window.page().locator(".toast")).containsText("It is what it was");
    }
    assertThat(new String(array.files().read("/ds/vm1/vm1.vmx"), UTF_8)).contains("vm1");
  }

  /** No page asks for what the array does not have. */
  @Test
  void withoutALabNoPageAsksForOne(Chromium chromium) {
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    try (ConsoleWindow window = chromium.open(door())) {
      window
          .page()
          .onResponse(
              response -> {
                if (response.status() >= 400) {
                  failed.add(response.status() + " " + response.url());
                }
              });
      for (String path :
          List.of("/hosts", "/lab", "/instructor", "/faults", "/vms/ds/vm1", "/clones", "/start")) {
        window.go(path);
        assertThat(window.page().locator(".state.loading")).hasCount(0);
      }
      window.go("/vms/ds/vm1");
      window.button("Clone…").click();
      assertThat(window.page().locator("dialog")).containsText("A host.");
    }
    assertThat(failed).isEmpty();
  }

  /** Used, Provisioned, Unique and Shared, beside the machine's name. */
  @Test
  void theMainFiguresAreSeenAtOnceOnATelephone(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(door())) {
      window.looksLike(390, ColorScheme.DARK);
      window.go("/vms");
      assertThat(window.row("vm1")).isVisible();
      BoundingBox frame = window.page().locator(".table-scroll").boundingBox();
      for (int column = 0; column < 4; column++) {
        BoundingBox cell = window.row("vm1").locator("td").nth(column).boundingBox();
        assertThat(cell.x + cell.width)
            .as("the end of figure %s", column)
            .isLessThanOrEqualTo(frame.x + frame.width + 1);
      }
      assertThat(window.page().locator(".big thead")).containsText("Prov.");
      window.assertAccessible();
      window.assertNotWider();
    }
  }

  @Test
  void anAddressThatLeadsNowhereShowsTheWay(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(door())) {
      window.expectRefusals();
      window.go("/nowhere");
      assertThat(window.main()).containsText("There is no such page");
      window.assertAccessible();
      window.main().getByText("Virtual machines").first().click();
      assertThat(window.row("vm1")).isVisible();
    }
  }

  /** Of a door that is newer than the page. */
  @Test
  void aCloneInADialectThatThePageDoesNotKnowIsShownAllTheSame(Chromium chromium) {
    String answer =
        """
        {"count": 1, "items": [{"at": "2026-01-02T03:04:05Z", "volume": "ds", "client": "10.0.0.1",
        "dialect": "NFS4", "kind": "range clone", "dryRun": false, "source": "a", "destination": "b",
        "sourcePath": "/ds/vm1/vm1-flat.vmdk", "destinationPath": "/ds/vm9/vm9-flat.vmdk", "jobId": "1",
        "outcome": "shared-in-part", "status": "", "reason": "half of it was shared"}]}\
        """;
    try (ConsoleWindow window = chromium.open(door())) {
      window
          .page()
          .route(
              url -> url.endsWith("/api/v1/explanations"),
              route ->
                  route.fulfill(
                      new Route.FulfillOptions()
                          .setContentType("application/json")
                          .setBody(answer)));
      window.go("/clones");
      assertThat(window.main()).containsText("10.0.0.1 NFS4");
      assertThat(window.main()).containsText("shared-in-part");
      assertThat(window.main()).containsText("half of it was shared");
      window.assertAccessible();
    }
  }

  @Test
  void theSettingsSayWhereTheyComeFrom(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(door())) {
      window.go("/settings");
      assertThat(window.main()).containsText("flag --nfs-port");
      assertThat(window.main()).containsText("1.2.3");
      window.assertAccessible();
      Locator blank =
          window
              .page()
              .locator("tr")
              .filter(new Locator.FilterOptions().setHas(window.page().locator("td:empty")));
      assertThat(blank).hasCount(0);
    }
  }

  /** A name that a spreadsheet would take for a formula, also behind blanks. */
  @Test
  void noCellOfATableThatIsSavedIsAFormula(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(door())) {
      window.go("/vms");
      Object cells =
          window
              .page()
              .evaluate(
                  "async () => { const page = document.querySelector('script[type=module]').src;"
                      + " const { cell } = await import(page.replace(/[^/]*$/, 'parts/export.js'));"
                      + " return ['=1', ' =1', '\\t\\n +1', '\\u00a0@x', 'a=1', -1].map(cell); }");
      assertThat(cells).isEqualTo(List.of("'=1", "' =1", "\"'\t\n +1\"", "'\u00a0@x", "a=1", "-1"));
    }
  }
}
