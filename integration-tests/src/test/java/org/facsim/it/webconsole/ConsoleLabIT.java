/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.Test;

/** A lab in the console: its hosts, a clone as a host makes it, and the instructor's page. */
@InBrowser
class ConsoleLabIT {
  @Test
  void aHostClonesAndTheInstructorWatchesAndInjects(Chromium chromium) {
    try (FacsimServer server =
            FacsimServer.start("--lab", "riddle", "--lab-seed", "7", "--http-port", "0");
        ConsoleWindow trainee = chromium.open(server.httpAddress());
        ConsoleWindow instructor = chromium.open(server.httpAddress())) {
      trainee.go("/hosts");
      trainee.link("esx1").click();
      assertThat(trainee.main()).containsText("Supported");
      trainee.page().getByLabel("Command").fill("esxcli storage nfs list");
      trainee.button("Run").click();
      assertThat(trainee.page().locator(".terminal")).containsText("/datastore1");
      trainee.picture("host");

      Locator machine = trainee.page().locator("tbody th a").first();
      String name = machine.textContent();
      machine.click();
      trainee.button("Clone…").click();
      trainee.page().getByLabel("Name of the clone").fill("by-host");
      trainee.page().getByText("Host esx1.").click();
      trainee.button("Clone").click();
      assertThat(trainee.page().locator("dialog")).hasCount(0);
      trainee.go("/hosts");
      assertThat(trainee.main()).containsText("CloneVM_Task");
      assertThat(trainee.main()).containsText(name);
      trainee.go("/vms");
      assertThat(trainee.row("by-host")).isVisible();

      trainee.go("/faults");
      assertThat(trainee.main()).containsText("A lab runs here");
      instructor.go("/instructor");
      assertThat(instructor.main()).containsText("of 100");
      instructor
          .page()
          .getByRole(
              com.microsoft.playwright.options.AriaRole.BUTTON,
              new Page.GetByRoleOptions().setName("Inject slow-clone"))
          .click();
      instructor.button("Inject now").click();
      assertThat(instructor.page().locator("dialog")).hasCount(0);
      assertThat(instructor.main()).containsText("slow-clone");
      Locator peeking =
          instructor.page().locator("tr").filter(new Locator.FilterOptions().setHasText("peeking"));
      assertThat(peeking).containsText("0 times"); // the instructor costs nobody points
      instructor.picture("instructor");
    }
  }
}
