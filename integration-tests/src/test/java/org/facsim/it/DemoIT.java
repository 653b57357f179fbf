/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.Test;

/** {@code ./facsim demo} as a process. */
class DemoIT {
  private static final long DISK_BYTES = 8 << 20;
  private static final long SMALL_FILES_BYTES = 64 << 10;

  private static final List<String> FIELDS =
      List.of(
          "name",
          "guest",
          "poweredOn",
          "quiescing",
          "redoLogsPerDisk",
          "clonedBy",
          "reason",
          "nfsReadBytes",
          "nfsWriteBytesToDestination",
          "sourceUsedBytes",
          "cloneUsedBytes",
          "addedPhysicalBytes",
          "elapsedMillis",
          "modelledMicros",
          "contentsVerifiedBytes",
          "asExpected",
          "why");

  /** A slow run says how far it is, in lines; no bar is drawn where there is no terminal. */
  private static void assertThatOnlyProgressIsIn(String err) {
    assertThat(err).doesNotContain("\r", "\u001b");
    assertThat(err.lines()).allMatch(line -> line.startsWith("facsim demo: "));
  }

  @Test
  void jsonHasTheArticlesCasesAndNothingElseIsPrinted() throws IOException {
    Outcome outcome = Processes.facsim("demo", "--disk-size", "8MiB", "--json");
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    assertThatOnlyProgressIsIn(outcome.err());
    assertThat(outcome.out().lines()).hasSize(1);

    // Fails on anything behind the object.
    JsonNode demo =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readTree(outcome.out());
    assertThat(names(demo)).containsExactly("diskSizeBytes", "cases");
    assertThat(demo.get("diskSizeBytes").asLong()).isEqualTo(DISK_BYTES);
    List<String> cases = new ArrayList<>();
    for (JsonNode each : demo.get("cases")) {
      assertThat(names(each)).containsExactlyElementsOf(FIELDS);
      cases.add(each.get("name").asText());
      checkCase(each);
    }
    assertThat(cases)
        .containsExactly(
            "windows-7-hot",
            "windows-2008r2-hot",
            "windows-2008r2-vss-disabled",
            "windows-2008r2-sync-driver",
            "windows-2008r2-tools-stopped",
            "windows-2008r2-dynamic-disk",
            "windows-2008r2-cold",
            "windows-2008r2-array-ui");
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void checkCase(JsonNode result) {
    String name = result.get("name").asText();
    if (name.equals("windows-2008r2-hot")) {
      assertThat(result.at("/why/host/situation/quiescing/redoLogsPerDisk").asInt()).isEqualTo(2);
      assertThat(result.at("/why/array/outcome").asText()).isEqualTo("written");
    }
    assertThat(result.at("/why/host").isNull()).isEqualTo(name.endsWith("array-ui"));
    boolean copied = name.equals("windows-2008r2-hot");
    boolean hot = !Set.of("windows-2008r2-cold", "windows-2008r2-array-ui").contains(name);
    assertThat(result.get("asExpected").asBoolean()).as(name).isTrue();
    assertThat(result.get("reason").asText()).as(name).isNotBlank();
    assertThat(result.get("quiescing").asText())
        .as(name)
        .isEqualTo(copied ? "application" : hot ? "file-system" : "none");
    assertThat(result.get("redoLogsPerDisk").asInt()).as(name).isEqualTo(copied ? 2 : hot ? 1 : 0);
    assertThat(result.get("poweredOn").asBoolean())
        .as(name)
        .isEqualTo(!name.equals("windows-2008r2-cold"));
    assertThat(result.get("clonedBy").asText())
        .as(name)
        .isEqualTo(
            copied
                ? "host-copy"
                : name.equals("windows-2008r2-array-ui") ? "array-ui" : "array-offload");
    assertThat(result.get("contentsVerifiedBytes").asLong())
        .as(name)
        .isGreaterThanOrEqualTo(DISK_BYTES);
    assertThat(result.get("sourceUsedBytes").asLong()).as(name).isGreaterThanOrEqualTo(DISK_BYTES);
    long written = result.get("nfsWriteBytesToDestination").asLong();
    long cloneUsed = result.get("cloneUsedBytes").asLong();
    long added = result.get("addedPhysicalBytes").asLong();
    if (copied) {
      assertThat(List.of(written, cloneUsed, added, result.get("nfsReadBytes").asLong()))
          .as(name)
          .allMatch(bytes -> bytes >= DISK_BYTES);
    } else {
      assertThat(written).as(name).isZero();
      assertThat(cloneUsed).as(name).isLessThan(SMALL_FILES_BYTES);
      assertThat(added).as(name).isLessThan(SMALL_FILES_BYTES);
    }
  }

  @Test
  void theTableShowsEveryCaseTheSplitOfUsedAndOneSentence() {
    Outcome outcome = Processes.facsim("demo", "--disk-size", "2MiB");
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    assertThatOnlyProgressIsIn(outcome.err());
    assertThat(outcome.out())
        .containsPattern("(?m)^windows-7-hot +Windows 7 +1, 1 redo log +array-offload +0 B ")
        .containsPattern("(?m)^windows-2008r2-hot +Windows 2008 R2 +1, 2 redo logs +host-copy ")
        .containsPattern("(?m)^windows-2008r2-cold +Windows 2008 R2 +none +array-offload +0 B ")
        .contains("snapshots", "Unique", "Provisioned")
        .containsPattern("(?m)^7 of 8 clones share the source's blocks")
        .doesNotContain("NOT AS EXPECTED");
    assertThat(outcome.out().chars()).as("plain ASCII").allMatch(c -> c < 128);
  }

  @Test
  void withTheConsoleTheArrayStaysUntilTheProcessIsToldToEnd() throws Exception {
    Process demo =
        new ProcessBuilder(
                Processes.launcher().toString(),
                "demo",
                "--console",
                "--http-port",
                "0",
                "--disk-size",
                "8MiB")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
      String first = out.readLine();
      assertThat(first).startsWith("The console: http://127.0.0.1:");
      String last = out.lines().filter(line -> line.contains("stays")).findFirst().orElseThrow();
      assertThat(last).contains(first.substring(first.indexOf("http:")));
      String address = first.substring(first.indexOf("http:"));
      JsonNode status = read(address + "api/v1/demo");
      assertThat(status.path("state").asText()).isEqualTo("done");
      assertThat(status.path("cases")).hasSize(8);
      JsonNode vms = read(address + "api/v1/vms");
      assertThat(vms.path("total").asInt()).isEqualTo(10);
      demo.destroy();
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.destroyForcibly();
    }
  }

  private static JsonNode read(String address) throws IOException {
    try (InputStream in = URI.create(address).toURL().openStream()) {
      return new ObjectMapper().readTree(in);
    }
  }
}
