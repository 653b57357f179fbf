/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneRule;
import org.facsim.hypervisor.clone.HostExplanation;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.ExplanationText;
import org.junit.jupiter.api.Test;

/** The host's half and the array's, of clones on an array in this process. */
class CloneWhyTest {
  private static final long MIB = 1 << 20;
  private static final String CLONE = "/ds/copy/copy-flat.vmdk";

  private interface Check {
    void of(CloneResult result, FacsimArray array, HostTeller teller) throws IOException;
  }

  private static void cloneOf(GuestConfiguration configuration, Check check) throws IOException {
    try (FacsimArray array =
            FacsimArray.builder().volume("ds", 1 << 30).nfsPort(0).seed(1).start();
        SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"))) {
      HostTeller teller = new HostTeller();
      array.control().explanations().add(teller);
      host.operations().whenExplained(teller::note);
      Datastore datastore = host.mount("ds", array.nfsAddress(), "/ds");
      VirtualMachine vm =
          host.createVm(
              datastore,
              new VmSpec(
                  "vm", WINDOWS_2008_R2, configuration, List.of(new DiskSpec(4 * MIB, MIB)), 1));
      vm.powerOn();
      vm.writeGuestData(TransferProgress.NONE);
      CloneResult result = host.cloneVm(vm, new CloneRequest("copy", datastore));
      assertThat(teller.of(CLONE)).contains(result.explanation());
      check.of(result, array, teller);
    }
  }

  @Test
  void whyOfAHostCopyTellsTheHostsHalf() throws IOException {
    cloneOf(
        GuestConfiguration.standard(),
        (result, array, teller) -> {
          Explanation told = array.control().explanations().ofPath(CLONE).orElseThrow();
          List<String> text = ExplanationText.lines(told);

          assertThat(text.get(0)).contains("was not offloaded: no clone into it was asked for");
          assertThat(text)
              .contains("What the host decided (told by esx1)")
              .anyMatch(line -> line.contains("did not ask the array, and copied: VSS left two"))
              .anyMatch(line -> line.matches(" *guest +Windows 2008 R2, powered on"))
              .anyMatch(line -> line.matches(" *fails +quiescing leaves one redo log per disk: .*"))
              .anyMatch(line -> line.matches(" *holds +the host has a VAAI-NAS session .*"))
              .anyMatch(line -> line.matches(" *met +disk.EnableUUID is TRUE.*"))
              .anyMatch(line -> line.contains("KB 1031298"));
          assertThat(text).noneMatch(line -> line.endsWith("\n"));
        });
  }

  @Test
  void whyOfAnOffloadNamesTheRequirementThatIsMissing() throws IOException {
    cloneOf(
        GuestConfiguration.standard().withDiskEnableUuid(false),
        (result, array, teller) -> {
          List<String> text =
              ExplanationText.lines(array.control().explanations().ofPath(CLONE).orElseThrow());

          assertThat(text.get(0)).contains("was offloaded: the array shares");
          assertThat(text)
              .anyMatch(line -> line.contains("The host had the array clone it"))
              .anyMatch(line -> line.matches(" *missing +disk.EnableUUID is TRUE: .* not set"));
        });
  }

  @Test
  void jsonHasBothHalvesAndEachRuleWithEvidence() throws IOException {
    cloneOf(
        GuestConfiguration.standard(),
        (result, array, teller) -> {
          CloneWhy why =
              new CloneWhy(
                  Optional.of(result.explanation()), array.control().explanations().ofPath(CLONE));
          JsonNode json = new ObjectMapper().readTree(CloneWhyJson.of(why));

          JsonNode host = json.get("host");
          assertThat(host.get("task").asText()).isEqualTo("CloneVM_Task");
          assertThat(host.get("offloaded").asBoolean()).isFalse();
          assertThat(host.get("rules")).hasSize(CloneRule.values().length);
          assertThat(host.at("/rules/6/rule").asText()).isEqualTo("no-sibling-redo-logs");
          assertThat(host.at("/rules/6/judgement").asText()).isEqualTo("fails");
          assertThat(host.at("/situation/quiescing/redoLogsPerDisk").asInt()).isEqualTo(2);
          assertThat(host.at("/situation/quiescing/requirements")).hasSize(8);
          assertThat(host.get("files").get(0).asText()).isEqualTo(CLONE);
          assertThat(host.get("destinationWriteBytes").asLong()).isPositive();
          assertThat(json.at("/array/outcome").asText()).isEqualTo("written");
          assertThat(json.get("advice").get(0).asText()).contains("KB 1031298");
        });
  }

  @Test
  void halvesThatAreNotThereAreNull() throws IOException {
    assertThat(CloneWhyJson.of(CloneWhy.NONE))
        .isEqualTo("{\"host\":null,\"array\":null,\"advice\":[]}");
  }

  @Test
  void tellerForgetsTheOldestFiles() throws IOException {
    cloneOf(
        GuestConfiguration.standard(),
        (result, array, teller) -> {
          HostExplanation real = result.explanation();
          HostExplanation many =
              new HostExplanation(
                  real.host(),
                  real.task(),
                  real.source(),
                  real.guest(),
                  real.at(),
                  real.situation(),
                  real.decision(),
                  real.clonedBy(),
                  real.offloadFailure(),
                  real.exportPath(),
                  IntStream.range(0, HostTeller.MAX_FILES).mapToObj(i -> "f" + i).toList(),
                  real.destinationData());
          teller.note(many);

          assertThat(teller.of(CLONE)).isEmpty();
          assertThat(teller.of("/ds/f0")).isPresent();
          teller.clear();
          assertThat(teller.of("/ds/f0")).isEmpty();
        });
  }
}
