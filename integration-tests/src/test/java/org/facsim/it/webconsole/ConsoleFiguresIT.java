/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.it.FacsimServer;
import org.facsim.management.HttpManagement;
import org.junit.jupiter.api.Test;

/** Pages whose point is a number: that they show the right one, in the right place. */
@InBrowser
class ConsoleFiguresIT {
  private static final long MIB = 1 << 20;
  private static final int SAMPLES = 30;
  private static final Pattern A_FIGURE = Pattern.compile("\\d+\\.\\d\\d");

  private static FacsimArray array() throws IOException {
    return FacsimArray.builder()
        .volume("ds", 1L << 30)
        .nfsPort(0)
        .management(HttpManagement.onPort(0))
        .start();
  }

  private static ConsoleWindow window(Chromium chromium, FacsimArray array) {
    return chromium.open(FacsimArray.hostAndPort(array.managementAddress().orElseThrow()));
  }

  private static void answer(Page page, String part, String body) {
    page.route(
        url -> url.contains(part),
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(body)));
  }

  /** A second of figures, {@code ago} seconds ago; all of them are different. */
  private static String sample(Instant now, int ago) {
    int nth = SAMPLES - ago;
    return """
    {"sequence": %d, "at": "%s", "intervalMillis": 1000, "readOps": %d, "writeOps": 220, "otherOps": 30,
     "errors": 0, "readBytes": 12500000, "writeBytes": 3400000, "readLatencyNanos": 250000,
     "writeLatencyNanos": 500000, "otherLatencyNanos": 70000, "hostReadLatencyNanos": 1750000,
     "hostWriteLatencyNanos": 2100000, "offloads": {"fullCloneSuccess": 3, "fastCloneSuccess": 1,
     "fullCloneFailure": 2, "extStatsSuccess": 5}, "physicalUsedBytes": 17716740096,
     "provisionedBytes": 107374182400, "referencedBytes": 35433480192, "savedBytes": 53687091200,
     "reservedBytes": 0}\
    """
        .formatted(1_000_000_000_000L + nth, now.minusSeconds(ago), 1000 + nth);
  }

  @Test
  void theChartsShowWhatTheSamplesSay(Chromium chromium) throws Exception {
    Instant now = Instant.now();
    String samples =
        IntStream.iterate(SAMPLES - 1, ago -> ago >= 0, ago -> ago - 1)
            .mapToObj(ago -> sample(now, ago))
            .collect(Collectors.joining(", "));
    try (FacsimArray array = array();
        ConsoleWindow window = window(chromium, array)) {
      answer(
          window.page(),
          "/api/v1/statistics/rates",
          "{\"complete\": true, \"lastSequence\": 1000000000030, \"items\": [" + samples + "]}");
      window.go("/live");
      assertFigure(window, "Read", "12.5 MBps");
      assertFigure(window, "Written", "3.4 MBps");
      assertFigure(window, "IOPS", "1,250");
      assertFigure(window, "READ latency", "1.75 ms array 0.25 + host and network 1.50");
      assertFigure(window, "WRITE latency", "2.10 ms array 0.50 + host and network 1.60");
      assertFigure(window, "Physical", "16.50 GiB");
      assertFigure(window, "Saved", "50.00 GiB");
      assertChart(window, "Throughput", "Read 12.5 MBps, Written 3.4 MBps");
      assertChart(window, "Operations", "READ 1,030 per s, WRITE 220 per s, Others 30 per s");
      assertChart(
          window,
          "Latency of READs",
          "Array 0.25 ms, Host and network 1.50 ms, As hosts see it 1.75 ms");
      assertChart(
          window,
          "Latency of WRITEs",
          "Array 0.50 ms, Host and network 1.60 ms, As hosts see it 2.10 ms");
      assertChart(window, "Latency of other calls", "Array 0.07 ms");
      assertChart(
          window,
          "Space",
          "Physical 16.50 GiB, Provisioned 100.00 GiB, Saved by sharing 50.00 GiB");
      assertChart(
          window,
          "NAS clone counters",
          "fullCloneSuccess 4, fullCloneFailure 2, extStats 5, unmap 0");

      // the legend follows the pointer: at the left end is the oldest sample
      Locator operations = chart(window, "Operations");
      Locator plot = operations.locator(".u-over");
      plot.scrollIntoViewIfNeeded();
      plot.hover(new Locator.HoverOptions().setPosition(3, 50));
      assertThat(operations.locator(".u-legend")).containsText("1,001 per s");
      plot.click(new Locator.ClickOptions().setPosition(3, 50));
      assertThat(window.main()).containsText("Machines at ");
      window.assertAccessible();
    }
  }

  private static void assertFigure(ConsoleWindow window, String name, String shown) {
    Locator figure =
        window
            .page()
            .locator(".figure")
            .filter(
                new Locator.FilterOptions()
                    .setHas(
                        window
                            .page()
                            .locator("dt")
                            .getByText(name, new Locator.GetByTextOptions().setExact(true))));
    assertThat(figure.locator("dd").first()).hasText(shown);
  }

  private static Locator chart(ConsoleWindow window, String title) {
    return window.page().locator(".chart[aria-label^='" + title + ", now:']");
  }

  private static void assertChart(ConsoleWindow window, String title, String latest) {
    assertThat(chart(window, title)).hasAttribute("aria-label", title + ", now: " + latest);
  }

  /** 64 MiB that two have, 32 MiB that one has; then what deleting and a named state make of it. */
  @Test
  void theCapacityPageSaysWhoHoldsTheSpace(Chromium chromium) throws Exception {
    try (FacsimArray array = array();
        ConsoleWindow window = window(chromium, array)) {
      Volume volume = array.storage().volume("ds").orElseThrow();
      array.files().writeRandom("/ds/vm1/vm1-flat.vmdk", 64 * MIB, 7);
      array.files().writeRandom("/ds/vm3/vm3-flat.vmdk", 32 * MIB, 8);
      array.control().console(volume).cloneVm("vm1", "vm2");
      window.go("/capacity");
      assertFigure(window, "Physical", "0.09 GiB");
      assertFigure(window, "Mapped by files", "0.22 GiB"); // the clone's snapshot has it, too
      assertFigure(window, "Saved by sharing", "0.13 GiB");
      assertOfVolume(window, "Mapped by its files", "224.0 MiB");
      assertOfVolume(window, "Saved by sharing", "128.0 MiB");
      assertOfVolume(window, "Exclusive", "32.0 MiB");
      assertOfVolume(window, "Retained by clones", "0 B");
      assertOfVolume(window, "Retained by states", "0 B");
      assertHolder(window, "Exclusive", "33 %");
      assertHolder(window, "Shared", "67 %");

      array.control().states().save("before");
      array.control().files().delete(volume, "vm3", true);
      array.storage().awaitReclaim();
      assertOfVolume(window, "Mapped by its files", "192.0 MiB");
      assertOfVolume(window, "Exclusive", "0 B");
      assertOfVolume(window, "Retained by states", "32.0 MiB");
      assertHolder(window, "Retained by states", "33 %");
      assertThat(window.main()).containsText("1 state");
    }
  }

  private static void assertOfVolume(ConsoleWindow window, String name, String shown) {
    assertThat(rowOf(window, ".columns table.plain", name).locator("td")).hasText(shown);
  }

  private static void assertHolder(ConsoleWindow window, String name, String share) {
    assertThat(rowOf(window, "table.parts", name).locator("td.share")).hasText(share);
  }

  private static Locator rowOf(ConsoleWindow window, String table, String name) {
    return window
        .page()
        .locator(table + " tr")
        .filter(
            new Locator.FilterOptions()
                .setHas(
                    window
                        .page()
                        .locator("th")
                        .filter(
                            new Locator.FilterOptions()
                                .setHasText(Pattern.compile("^\\s*" + name)))));
  }

  /** Two samples of which the second one counts, as esxtop prints them in batch mode. */
  private static final String ESXTOP =
      """
      "(PDH-CSV 4.0) (UTC)(0)","\\\\esx1\\NFS Volume(ds1)\\Reads/sec","\\\\esx1\\NFS Volume(ds1)\\Average MilliSec/Read","\\\\esx1\\NFS Volume(ds2)\\Reads/sec","\\\\esx1\\NAS VAAI(ds1)\\CLONE"
      "11/30/2026 12:00:00","1.00","2.00","3.00","4"
      "11/30/2026 12:00:02","12.50","0.75","31.00","6"
      """;

  @Test
  void aHostsFiguresAreThoseOfItsEsxtopAndLatencyIsSplit(Chromium chromium) {
    try (FacsimServer server =
            FacsimServer.start("--lab", "riddle", "--lab-seed", "7", "--http-port", "0");
        ConsoleWindow window = chromium.open(server.httpAddress())) {
      answer(
          window.page(),
          "/api/v1/lab/hosts/esx1/commands",
          "{\"exitCode\": 0, \"stderr\": \"\", \"stdout\": " + quoted(ESXTOP) + "}");
      window.go("/hosts/esx1");
      window.button("Start").click();
      Locator volumes = window.page().getByLabel("NFS Volume", exactly());
      assertThat(volumes.locator("thead"))
          .hasText(Pattern.compile("NFS Volume\\s*Reads/sec\\s*Average MilliSec/Read"));
      assertThat(volumes.locator("tbody tr").nth(0))
          .hasText(Pattern.compile("ds1\\s*12\\.50\\s*0\\.75"));
      assertThat(volumes.locator("tbody tr").nth(1)).hasText(Pattern.compile("ds2\\s*31\\.00\\s*"));
      assertThat(window.page().getByLabel("NAS VAAI", exactly()).locator("tbody"))
          .hasText(Pattern.compile("ds1\\s*6"));
      window.page().unrouteAll();

      assertThat(volumes).containsText("datastore1"); // the host itself answers now
      assertThat(volumes.locator("thead")).containsText("Average MilliSec/Write");
      window.picture("esxtop");
      window.button("Stop").click();

      window.go("/live");
      Locator split = window.page().locator(".split").filter(hasSplit());
      assertThat(split.first()).isVisible(); // guests of the lab write all the time
      assertThat(window.main()).containsText("what the simulated hosts of the lab or the demo");
      window.assertAccessible();
    }
  }

  private static Locator.FilterOptions hasSplit() {
    return new Locator.FilterOptions()
        .setHasText(Pattern.compile("array " + A_FIGURE + " \\+ host and network " + A_FIGURE));
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
