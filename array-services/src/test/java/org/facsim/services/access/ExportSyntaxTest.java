/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportSyntaxTest {
  private static final AddressRange TEN = AddressRange.parse("10.0.0.0/8");

  @Test
  void rulesAreReadInTheirOrderWithEveryOption() {
    assertThat(
            ExportSyntax.parseRules(
                " 10.0.0.0/8(ro,all_squash,anonuid=1000, anongid=4294967295,secure,vers=3,novaai)"
                    + " ; *(rw,no_root_squash,insecure,vers=3:3,vaai,sync,no_subtree_check)"
                    + " 192.0.2.1"))
        .containsExactly(
            new ExportRule(
                TEN,
                new ExportOptions(
                    true, Squash.ALL, 1000, 4294967295L, true, EnumSet.of(NfsVersion.V3), false)),
            new ExportRule(
                AddressRange.EVERYONE,
                ExportOptions.DEFAULT.withVersions(EnumSet.of(NfsVersion.V3))),
            new ExportRule(AddressRange.parse("192.0.2.1"), ExportOptions.DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({
    "root_squash, ROOT",
    "no_root_squash, NONE",
    "'root_squash,no_all_squash', ROOT",
    "'all_squash,no_root_squash', ALL",
    "'root_squash,all_squash,no_all_squash', ROOT",
    "'all_squash,no_all_squash', NONE",
    "'', NONE"
  })
  void squashingIsTwoIndependentSwitches(String options, Squash squash) {
    assertThat(options(options).squash()).isEqualTo(squash);
  }

  @Test
  void theVersionsThatAreServedCanBeNamed() {
    assertThat(options("vers=3,vers=3").versions()).containsExactly(NfsVersion.V3);
    assertThat(options("vers=3,4.1,4.2,ro").versions())
        .containsExactly(NfsVersion.V3, NfsVersion.V4_1, NfsVersion.V4_2);
    assertThat(options("vers=3:4.1").versions()).containsExactly(NfsVersion.V3, NfsVersion.V4_1);
    assertThat(options("vers=4").versions())
        .containsExactly(NfsVersion.V4_0, NfsVersion.V4_1, NfsVersion.V4_2);
    assertThat(options("rw").versions()).containsExactly(NfsVersion.values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*(rw,no_root_squash,anonuid=65534,anongid=65534,insecure,vers=3,4.0,4.1,4.2,vaai)",
        "10.0.0.0/8(ro,root_squash,anonuid=0,anongid=1,secure,vers=3,novaai)",
        "0:0:0:0:0:0:0:1/128(ro,all_squash,anonuid=0,anongid=1,secure,vers=3,novaai)"
      })
  void aRulePrintsAsItIsRead(String text) {
    assertThat(ExportSyntax.parseRules(text)).hasToString("[" + text + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|CLIENTS(OPTIONS)",
        "10.0.0.0/8(ro|CLIENTS(OPTIONS)",
        "10.0.0.0/8(ro)*(rw)|CLIENTS(OPTIONS)",
        "(ro)|CLIENTS(OPTIONS)",
        "10.0.0.0/40(ro)|an address, ADDRESS/BITS",
        "esx.example(ro)|an address, ADDRESS/BITS",
        "*(async)|'async' is no export option; allowed: ro, rw, root_squash",
        "*(RO)|'RO' is no export option",
        "*(anonuid=x)|an id from 0 to 4294967295",
        "*(anongid=4294967296)|an id from 0 to 4294967295",
        "*(vers=2)|version '2' of NFS is not served here; allowed: 3, 4.0, 4.1, 4.2, or 4 for all",
        "*(vers=4.3)|'vers=4.3': version '4.3' of NFS is not served here",
        "*(vers=3,5)|'5': version '5' of NFS is not served here",
        "*(rw,4.1)|'4.1' is no export option",
        "*(vers=)|version '' of NFS is not served here"
      })
  void whatIsWrongIsSaidWithWhatIsAllowed(String text, String said) {
    assertThatThrownBy(() -> ExportSyntax.parseRules(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: ")
        .hasMessageContaining(said);
  }

  private static ExportOptions options(String options) {
    List<ExportRule> rules = ExportSyntax.parseRules("*(" + options + ")");
    assertThat(rules).hasSize(1);
    return rules.get(0).options();
  }
}
