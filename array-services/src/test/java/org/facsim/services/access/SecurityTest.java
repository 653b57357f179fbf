/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.facsim.array.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How exports say what must protect a call, and whom principals are known as. */
class SecurityTest {
  private static ExportOptions options(String words) {
    return ExportSyntax.parseRules("*(" + words + ")").get(0).options();
  }

  private static boolean admits(String words, SecurityFlavor flavor, TransportSecurity transport) {
    return options(words).admits(new CallProtection(flavor, transport));
  }

  @Test
  void anExportAdmitsAuthSysOnAnyConnectionUnlessItSaysMore() {
    assertThat(admits("rw", SecurityFlavor.SYS, TransportSecurity.NONE)).isTrue();
    assertThat(admits("rw", SecurityFlavor.SYS, TransportSecurity.MTLS)).isTrue();
    assertThat(admits("rw", SecurityFlavor.KRB5P, TransportSecurity.NONE)).isFalse();
  }

  @Test
  void anExportAdmitsWhatItNamesAndNothingElse() {
    String words = "sec=krb5i:krb5p,xprtsec=tls";
    assertThat(admits(words, SecurityFlavor.KRB5P, TransportSecurity.TLS)).isTrue();
    assertThat(admits(words, SecurityFlavor.KRB5I, TransportSecurity.MTLS)).isTrue();
    assertThat(admits(words, SecurityFlavor.KRB5, TransportSecurity.TLS)).isFalse();
    assertThat(admits(words, SecurityFlavor.KRB5P, TransportSecurity.NONE)).isFalse();
    assertThat(admits("xprtsec=mtls", SecurityFlavor.SYS, TransportSecurity.TLS)).isFalse();
  }

  @Test
  void anExportWithoutAuthSysIsNotOffloadedUnlessItSaysSo() {
    assertThat(options("sec=krb5").vaaiAllowed()).isFalse();
    assertThat(options("sec=krb5,vaai").vaaiAllowed()).isTrue();
    assertThat(options("sec=sys:krb5").vaaiAllowed()).isTrue();
  }

  @Test
  void securityIsWrittenAsItIsRead() {
    ExportOptions said = options("sec=sys:krb5p,xprtsec=tls:mtls");
    assertThat(options(ExportSyntax.format(said))).isEqualTo(said);
    assertThat(ExportSyntax.format(ExportOptions.DEFAULT)).doesNotContain("sec=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sec=krb4", "sec=", "xprtsec=ssl", "sec=sys:"})
  void whatIsNoSecurityIsRefused(String words) {
    assertThatThrownBy(() -> options(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed");
  }

  @Test
  void whatIsNotOfferedIsRefusedAndNotIgnored() {
    List<ExportRule> kerberos = ExportSyntax.parseRules("*(sec=sys:krb5)");
    List<ExportRule> tls = ExportSyntax.parseRules("*(xprtsec=tls)");
    assertThatThrownBy(() -> OfferedSecurity.NONE.require(kerberos)).hasMessageContaining("keytab");
    assertThatThrownBy(() -> OfferedSecurity.NONE.require(tls)).hasMessageContaining("certificate");
    OfferedSecurity all = new OfferedSecurity(true, Set.of(TransportSecurity.TLS));
    all.require(kerberos);
    all.require(tls);
    assertThatThrownBy(() -> all.require(ExportSyntax.parseRules("*(xprtsec=mtls)")))
        .hasMessageContaining("--tls-client-ca");
    OfferedSecurity.NONE.require(ExportSyntax.parseRules("*(rw)"));
  }

  @Test
  void principalsAreKnownByTheFirstLineThatMatches() {
    PrincipalMap map =
        PrincipalMap.parse(
            List.of("# hosts", "", "nfs/*@A.B 0 0", "joe@A.B 1000 100 7 8", "*@A.B 65533 65533"));
    assertThat(map.find("nfs/host.a.b@A.B")).contains(new Caller(0, 0, List.of()));
    assertThat(map.find("joe@A.B")).contains(new Caller(1000, 100, List.of(7L, 8L)));
    assertThat(map.find("ann@A.B")).contains(new Caller(65533, 65533, List.of()));
    assertThat(map.find("ann@A.C")).isEmpty();
    assertThat(map.find("@A.B")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"joe@A.B", "joe@A.B 1", "joe@A.B x 1", "*@* 1 1", "joe 1 4294967296"})
  void aLineThatIsWrongIsNamed(String line) {
    assertThatThrownBy(() -> PrincipalMap.parse(List.of("", line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("PRINCIPAL UID GID");
  }
}
