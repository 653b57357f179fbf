/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.app.lab.Lab;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.junit.jupiter.api.Test;

/**
 * The doctor on a lab's host, and the host's half of why: an export that blocks the clone protocol.
 */
class DoctorOnALabTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String http;

  private int run(String... command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), command);
  }

  private int doctor(FacsimArray array, String host) {
    return run(
        "doctor",
        "--host=" + host,
        "--server=" + FacsimArray.hostAndPort(array.nfsAddress()),
        "--http=" + http,
        "--json");
  }

  @Test
  void doctorSeesOnWhichDatastoreOfAHostClonesAreCopied() throws Exception {
    Lab lab = Lab.read("blocked-clone-protocol", 7);
    ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(7);
    lab.applyTo(builder, 0);
    try (FacsimArray array = builder.management(HttpManagement.onPort(0).withLab(lab)).start();
        lab) {
      lab.start(array);
      http = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());

      assertThat(doctor(array, "esx1")).as("%s", err).isEqualTo(1);
      Map<String, List<String>> failed = failedByExport();
      assertThat(failed).hasSize(2);
      assertThat(failed.values())
          .containsExactlyInAnyOrder(List.of(), List.of("host-status", "clone-protocol"));
      assertThat(out.toString()).contains("not looked at: the array serves an incident");
      assertThat(run("lab", "check", "--http=" + http)).isEqualTo(1);
      assertThat(out.toString()).contains("fault rules were looked at 0 times");

      String blocked =
          failed.entrySet().stream()
              .filter(each -> !each.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
      hostsHalfOfWhy(array, blocked);

      assertThat(doctor(array, "esx9")).isEqualTo(2);
      assertThat(err.toString()).contains("no host 'esx9'; allowed: esx1, esx2");
    }
  }

  private Map<String, List<String>> failedByExport() throws Exception {
    Map<String, List<String>> failed = new TreeMap<>();
    for (JsonNode datastore : new ObjectMapper().readTree(out.toString()).get("datastores")) {
      List<String> checks = new ArrayList<>();
      for (JsonNode check : datastore.get("checks")) {
        if (check.get("verdict").asText().equals("FAIL")) {
          checks.add(check.get("check").asText());
        }
      }
      failed.put(datastore.get("export").asText(), checks);
    }
    return failed;
  }

  /** The lab's beginning cloned a VM there. */
  private void hostsHalfOfWhy(FacsimArray array, String export) {
    Volume volume = array.storage().volume(export.substring(1)).orElseThrow();
    String directory =
        volume.names().readDirectory(Caller.ROOT, volume.root(), 0, 100).entries().stream()
            .map(entry -> entry.name().toString())
            .filter(name -> name.startsWith("copy-"))
            .findFirst()
            .orElseThrow();

    assertThat(
            run("why", "--http=" + http, export + "/" + directory + "/" + directory + "-flat.vmdk"))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .contains("What the host decided (told by esx1)")
        .contains("did not ask the array, and copied: no hardware acceleration: ACCESS");
  }
}
