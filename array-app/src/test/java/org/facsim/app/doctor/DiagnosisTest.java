/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no array of this house does, or what is seen by other means than the wire. */
class DiagnosisTest {
  private static final HostView HOST =
      new HostView("esx9", new EsxiVersion(8, 0), GuestFile.shipped());

  private static Facts healthy() {
    Facts facts = new Facts();
    facts.server = "array:2049";
    facts.export = "/ds";
    facts.isMounted = true;
    facts.longestHandleBytes = 56;
    facts.probeOwner = Optional.of(0L);
    facts.hasSession = true;
    for (VaaiPrimitive each : VaaiPrimitive.values()) {
      facts.support.put(each, new SupportAnswer(true, CloneFlags.DRY_RUN, ""));
    }
    facts.space = Optional.of(new Facts.Space(100, 50, 50));
    facts.array =
        Optional.of(
            new Facts.ArrayView(
                "sharing",
                Map.of("full-clone", "share", "availability", "available"),
                Optional.of(List.of())));
    facts.mount = Optional.of(new Facts.HostMount(true, "Supported"));
    facts.vms.add(vm(disk(Optional.empty(), true)));
    return facts;
  }

  private static Facts.Vm vm(Facts.Disk disk) {
    return new Facts.Vm(
        "vm",
        "vm",
        "windows7-64",
        false,
        false,
        true,
        List.of("scsi"),
        List.of(),
        List.of(disk),
        List.of(),
        List.of(),
        List.of());
  }

  private static Facts.Disk disk(Optional<Facts.Refusal> trial, boolean isThin) {
    return new Facts.Disk(
        "vm/vm.vmdk", 10, 0, isThin, 0, Optional.empty(), trial, Optional.empty(), true);
  }

  private record Broken(String what, Check check, Verdict verdict, Consumer<Facts> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static void array(Facts facts, Map<String, String> fields, List<String> faults) {
    facts.array = Optional.of(new Facts.ArrayView("mine", fields, Optional.of(faults)));
  }

  private static void trial(Facts facts, String status) {
    facts.vms.clear();
    facts.vms.add(vm(disk(Optional.of(new Facts.Refusal(status, "why")), true)));
  }

  static Stream<Broken> ways() {
    return Stream.of(
        new Broken(
            "APD",
            Check.HOST_PATH,
            Verdict.FAIL,
            f -> f.mount = Optional.of(new Facts.HostMount(false, "Supported"))),
        new Broken(
            "old answer",
            Check.HOST_STATUS,
            Verdict.FAIL,
            f -> f.mount = Optional.of(new Facts.HostMount(true, "Not Supported"))),
        new Broken(
            "not asked yet",
            Check.HOST_STATUS,
            Verdict.WARN,
            f -> f.mount = Optional.of(new Facts.HostMount(true, "Unknown"))),
        new Broken("57 bytes", Check.HANDLES, Verdict.FAIL, f -> f.longestHandleBytes = 57),
        new Broken("uid", Check.ROOT, Verdict.FAIL, f -> f.probeOwner = Optional.of(65534L)),
        new Broken(
            "copies",
            Check.PROFILE,
            Verdict.WARN,
            f -> array(f, Map.of("full-clone", "copy"), List.of())),
        new Broken(
            "reserve ignored",
            Check.PROFILE,
            Verdict.WARN,
            f -> array(f, Map.of("reserve-space", "ignored"), List.of())),
        new Broken("fault", Check.FAULTS, Verdict.FAIL, f -> array(f, Map.of(), List.of("1 all"))),
        new Broken(
            "thick destinations",
            Check.THICK,
            Verdict.WARN,
            f -> array(f, Map.of("thick-destinations", "true"), List.of())),
        new Broken(
            "no space left",
            Check.SPACE,
            Verdict.FAIL,
            f -> f.space = Optional.of(new Facts.Space(100, 0, 0))),
        new Broken("dry run full", Check.SPACE, Verdict.FAIL, f -> trial(f, "NOSPC")),
        new Broken("dry run deep", Check.DEPTH, Verdict.FAIL, f -> trial(f, "TOO_DEEP")),
        new Broken("dry run stale", Check.TRIAL, Verdict.FAIL, f -> trial(f, "STALE")),
        new Broken("dry run access", Check.TRIAL, Verdict.FAIL, f -> trial(f, "ACCESS")));
  }

  @Test
  void healthyFactsPassEverywhere() {
    assertThat(Diagnosis.of(healthy(), HOST))
        .allSatisfy(each -> assertThat(each.verdict()).as("%s", each).isEqualTo(Verdict.PASS))
        .extracting(Finding::check)
        .containsExactly(Check.values());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void oneThingThatIsBrokenIsSaidAlone(Broken broken) {
    Facts facts = healthy();
    broken.change.accept(facts);

    assertThat(Diagnosis.of(facts, HOST))
        .filteredOn(each -> each.verdict() != Verdict.PASS)
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.check()).isEqualTo(broken.check);
              assertThat(each.verdict()).isEqualTo(broken.verdict);
              assertThat(each.evidence()).isNotEmpty();
              assertThat(each.check().remedy()).isNotEmpty();
            });
  }

  /** Nothing can be said of a server that is silent, and so nothing of it is right. */
  @Test
  void nothingPassesOfAServerThatIsSilent() {
    Facts facts = new Facts();
    facts.unreachable = Optional.of("array:2049: connection refused");
    for (Finding finding : Diagnosis.of(facts, HOST)) {
      assertThat(finding.verdict())
          .as(finding.toString())
          .isEqualTo(finding.check() == Check.NFS ? Verdict.FAIL : Verdict.SKIP);
    }
  }

  @Test
  void aThickDiskOverAHoleIsSeen() {
    Facts facts = healthy();
    array(facts, Map.of("reserve-space", "ignored"), List.of());
    facts.vms.clear();
    facts.vms.add(
        vm(
            new Facts.Disk(
                "vm/vm.vmdk",
                10,
                0,
                false,
                7,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true)));
    assertThat(Diagnosis.of(facts, HOST))
        .filteredOn(finding -> finding.check() == Check.THICK)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
              assertThat(finding.evidence().toString())
                  .contains("no block for 7 of its 10 bytes, and reserves none");
            });
  }
}
