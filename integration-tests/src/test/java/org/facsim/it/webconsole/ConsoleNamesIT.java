/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.facsim.it.FacsimServer;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of pages: of machines with any name, and of pages that were never fetched before. */
@InBrowser
class ConsoleNamesIT {
  private static void makeMachine(String door, String name) throws Exception {
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://"
                                + door
                                + "/api/v1/volumes/datastore1/files/"
                                + path
                                + "/vm.vmx"))
                    .header("Content-Type", "application/octet-stream")
                    .PUT(BodyPublishers.ofString("displayName = \"x\"\n"))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    assertThat(status).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"><img src=x onerror=alert(1)>", "=1+1 & a,b;c:d@e?f#g$h", "100% %41", "Büro 7"})
  void aMachineOfAnyNameHasItsPage(String name, Chromium chromium) throws Exception {
    try (FacsimServer server = FacsimServer.start("--http-port", "0");
        ConsoleWindow window = chromium.open(server.httpAddress())) {
      makeMachine(server.httpAddress(), name);
      window.go("/vms");

      window.row(name).locator("th").click();

      assertThat(window.main().locator("h1")).hasText(name);
      assertThat(window.button("Clone…")).isVisible();
      window.page().reload(); // the address alone
      assertThat(window.main().locator("h1")).hasText(name);
      assertThat(window.button("Clone…")).isVisible();
    }
  }

  @Test
  void aPageThatCouldNotBeFetchedComesWithTheServer(Chromium chromium, @TempDir Path data)
      throws Exception {
    int port = FreePorts.attempt(free -> free);
    try (FacsimServer server =
            FacsimServer.start(
                "--data-dir", data.toString(), "--http-port", Integer.toString(port));
        ConsoleWindow window = chromium.open("127.0.0.1:" + port)) {
      window.go("/states");
      assertThat(window.page().locator(".connection")).containsText("Live");
      window.expectNoServer();
      assertThat(server.terminate()).isZero();
      Locator notice = window.page().locator(".notice");
      assertThat(notice).containsText("Stale");

      window.link("Volumes").click();
      assertThat(window.main()).containsText("It comes as soon as the array answers again.");
      assertThat(window.main()).not().containsText("module");
      server.restart();

      assertThat(window.main().locator("h1")).hasText("Volumes");
      assertThat(notice).hasCount(0);
    }
  }
}
