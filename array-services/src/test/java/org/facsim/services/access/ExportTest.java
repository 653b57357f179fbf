/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportTest {
  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, Clock.systemUTC(), 1));
  private final Volume volume = array.createVolume("v", 1L << 20);
  private final ExportTable exports = new ExportTable();

  @AfterEach
  void close() {
    array.close();
  }

  private Export export(String rules) {
    return exports.export(volume, ExportSyntax.parseRules(rules));
  }

  private static InetSocketAddress client(String address, int port) {
    return new InetSocketAddress(address, port);
  }

  /** What is kept is read and shown in one piece of time; a change meanwhile comes after it. */
  @Test
  void aChangeWhileWhatIsKeptIsShownIsNotLost() throws Exception {
    List<CompletableFuture<Export>> change = new ArrayList<>();
    exports.show(
        volume,
        () -> {
          change.add(CompletableFuture.supplyAsync(() -> export("10.0.0.0/8(ro)")));
          await(change.get(0));
          return ExportSyntax.parseRules("192.0.2.0/24(rw)");
        });
    Export changed = change.get(0).get(30, TimeUnit.SECONDS);
    assertThat(exports.ofVolume(volume.id())).isSameAs(changed);
  }

  /** For as long as it takes where nothing stops it. */
  private static void await(CompletableFuture<?> change) {
    try {
      change.get(300, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // it waits, as it should
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** The anonymous user tells which rule it was. */
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 4",
    "10.1.2.4, 3",
    "10.1.9.9, 2",
    "10.9.9.9, 1",
    "192.0.2.1, 0",
    "::1, 0",
    "fd00::1, 5"
  })
  void theNarrowestRuleCounts(String address, long rule) {
    Export export =
        export(
            "*(anonuid=0) 10.0.0.0/8(anonuid=1) 10.1.0.0/16(anonuid=2) 10.1.2.0/24(anonuid=3)"
                + " 10.1.2.3(anonuid=4) fd00::/8(anonuid=5)");
    assertThat(export.termsFor(client(address, 5000)).anonymousUid()).isEqualTo(rule);
  }

  @Test
  void amongEqualsTheFirstCounts() {
    Export export = export("10.0.0.0/8(ro) 10.9.9.9/8(rw) *(rw)");
    assertThat(export.termsFor(client("10.1.1.1", 5000)).readOnly()).isTrue();
  }

  @Test
  void aClientThatItsRuleRefusesFindsNoOther() {
    Export export = export("*(rw) 10.0.0.0/8(secure,vers=3)");
    assertThat(export.admits(client("10.1.1.1", 1024))).isFalse();
    assertThat(export.admits(client("10.1.1.1", 1023))).isTrue();
    assertThat(export.admits(client("10.1.1.1", 1023), NfsVersion.V3)).isTrue();
    assertThat(export.admits(client("10.1.1.1", 1023), NfsVersion.V4_1)).isFalse();
    assertThat(export.admits(client("192.0.2.1", 1024), NfsVersion.V3)).isTrue();
  }

  @Test
  void whoHasNoRuleIsRefused() {
    assertThat(export("10.0.0.0/8").admits(client("192.0.2.1", 800))).isFalse();
    assertThat(exports.export(volume, List.of()).admits(client("192.0.2.1", 800))).isFalse();
  }

  @Test
  void rulesAreBounded() {
    ExportRule rule = ExportRule.forEveryone(ExportOptions.DEFAULT);
    exports.export(volume, Collections.nCopies(Export.MAX_RULES, rule));
    assertThatThrownBy(
            () -> exports.export(volume, Collections.nCopies(Export.MAX_RULES + 1, rule)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anExportPrintsAsALineOfExports() {
    assertThat(export("10.0.0.0/8(ro,vers=3)"))
        .hasToString(
            "/v 10.0.0.0/8(ro,no_root_squash,anonuid=65534,anongid=65534,insecure,vers=3,vaai)");
  }
}
