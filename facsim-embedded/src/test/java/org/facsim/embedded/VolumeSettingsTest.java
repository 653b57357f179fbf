/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What volumes were told holds after a restart, and comes back with named states. */
final class VolumeSettingsTest {
  private static final List<ExportRule> EVERYONE = ExportSyntax.parseRules("*");
  private static final List<ExportRule> RULES =
      ExportSyntax.parseRules("10.0.0.0/8(ro,all_squash,anonuid=7,secure) fd00::/8(novaai)");
  private static final ArrayProfile OURS =
      NamedProfiles.find("copying")
          .orElseThrow()
          .draft()
          .named("ours", "our array: 8 = many,\nand slow")
          .copyBytesPerSecond(4096)
          .dialects(Set.of(Dialect.HTTP))
          .freeze();

  @TempDir private Path data;

  private ArrayBuilder builder() {
    return FacsimArray.builder().nfsPort(0).dataDirectory(data).volume("a", ByteSize.GIB);
  }

  private static Volume volume(FacsimArray array) {
    return array.storage().volume("a").orElseThrow();
  }

  private static List<ExportRule> rules(FacsimArray array) {
    Export export = array.exports().ofVolume(volume(array).id());
    return export == null ? null : export.rules();
  }

  private static ArrayProfile profile(FacsimArray array) {
    return array.offload().profiles().of("a");
  }

  @Test
  void whatWasChangedWhileItRanHoldsAfterARestart() throws IOException {
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).isEqualTo(EVERYONE);
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
      array.exports().export(volume(array), RULES);
      array.offload().profiles().set("a", OURS);
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).isEqualTo(RULES);
      assertThat(profile(array))
          .usingRecursiveComparison()
          .ignoringFields("description")
          .isEqualTo(OURS);
      assertThat(profile(array).description()).isEqualTo("our array: 8 = many, and slow");
      array.exports().export(volume(array), List.of());
      array.offload().profiles().reset("a");
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).as("nobody").isEmpty();
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
      array.exports().withdraw(volume(array));
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).as("not exported at all").isNull();
    }
  }

  @Test
  void anOptionOfThisStartReplacesWhatIsStoredAndIsStored() throws IOException {
    try (FacsimArray array = builder().start()) {
      array.exports().export(volume(array), RULES);
      array.offload().profiles().set("a", OURS);
    }
    List<ExportRule> given = ExportSyntax.parseRules("192.0.2.1(rw)");
    ArrayProfile off = NamedProfiles.find("off").orElseThrow();
    try (FacsimArray array = builder().export("a", given).vaaiProfile("a", off).start()) {
      assertThat(rules(array)).isEqualTo(given);
      assertThat(profile(array)).isEqualTo(off);
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).as("told last").isEqualTo(given);
      assertThat(profile(array)).isEqualTo(off);
    }
  }

  @Test
  void theyArePartOfNamedStates() throws IOException {
    try (FacsimArray array = builder().start()) {
      array.exports().export(volume(array), RULES);
      array.offload().profiles().set("a", OURS);
      array.storage().saveState("told");
      array.exports().export(volume(array), EVERYONE);
      array.offload().profiles().reset("a");
      array.storage().saveState("reset");
    }
    try (FacsimArray array = builder().start()) {
      array.storage().restoreState("told");
      assertThat(rules(array)).isEqualTo(RULES);
      assertThat(profile(array).name()).isEqualTo("ours");
      array.storage().restoreState("reset");
      assertThat(rules(array)).isEqualTo(EVERYONE);
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
    }
  }

  /** A state of a time when nothing had been said leaves it to who starts the array now. */
  @Test
  void aStateInWhichNothingWasToldLeavesItToTheOptionOfThisStart() throws IOException {
    try (FacsimArray array = builder().start()) {
      array.storage().saveState("bare");
    }
    try (FacsimArray array = builder().export("a", RULES).vaaiProfile("a", OURS).start()) {
      array.storage().restoreState("bare");
      assertThat(rules(array)).isEqualTo(RULES);
      assertThat(profile(array)).isEqualTo(OURS);
    }
  }

  @Test
  void aVolumeThatTakesTheNameOfADeletedOneInheritsNothing() throws IOException {
    try (FacsimArray array = builder().start()) {
      array.exports().export(volume(array), RULES);
      array.offload().profiles().set("a", OURS);
      array.storage().deleteVolume(volume(array));
      array.storage().createVolume("a", ByteSize.GIB);
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).isEqualTo(EVERYONE);
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
    }
  }

  @Test
  void rulesThatCannotBeReadAdmitNobodyAndAProfileIsTheStandard() throws IOException {
    try (FacsimArray array = builder().start()) {
      array.storage().settings().put(volume(array), "exports", "no rule (at all".getBytes(UTF_8));
      array.storage().settings().put(volume(array), "vaai-profile", "of=2050".getBytes(UTF_8));
    }
    try (FacsimArray array = builder().start()) {
      assertThat(rules(array)).isEmpty();
      assertThat(profile(array)).isEqualTo(NamedProfiles.SHARING);
    }
  }

  @Test
  void whatCannotBeKeptIsRefusedAndChangesNothing() throws IOException {
    try (FacsimArray array = builder().start()) {
      Volume gone = volume(array);
      array.storage().deleteVolume(gone);
      assertThatExceptionOfType(ArrayException.class)
          .isThrownBy(() -> array.exports().export(gone, RULES));
      assertThat(array.exports().exports()).isEmpty();
      assertThat(array.exports().ofVolume(gone.id())).isNull();
    }
  }
}
