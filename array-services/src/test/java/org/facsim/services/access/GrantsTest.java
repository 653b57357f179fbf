/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("10.1.2.3", 5000);
  private static final Caller ROOT = new Caller(0, 0, List.of(0L, 7L));

  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, Clock.systemUTC(), 1));
  private final Volume volume = array.createVolume("v", 1L << 20);
  private final ExportTable exports = new ExportTable();
  private final Grants grants = new Grants(array, exports);
  private final Inode file =
      volume
          .names()
          .create(
              Caller.ROOT,
              volume.root(),
              Name.of("f"),
              new Volume.CreateMode.Guarded(),
              AttributeChanges.NONE)
          .inode();

  @AfterEach
  void close() {
    array.close();
  }

  private void export(String rules) {
    exports.export(volume, ExportSyntax.parseRules(rules));
  }

  private Grant toFile(FileHandle handle) {
    return grants.toFile(handle, CLIENT, ROOT, NfsVersion.V3, CallProtection.NONE);
  }

  private static void assertRefused(ThrowingCallable asked, ArrayError error) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            ArrayException.class, refused -> assertThat(refused.error()).isEqualTo(error));
  }

  @Test
  void aFileIsGrantedByItsHandleOnTheTermsOfTheNarrowestRule() {
    export("*(ro) 10.0.0.0/8(rw,root_squash,anonuid=5,anongid=6)");
    Grant grant = toFile(file.handle());
    assertThat(grant.file()).isSameAs(file);
    assertThat(grant.volume()).isSameAs(volume);
    assertThat(grant.terms().readOnly()).isFalse();
    assertThat(grant.caller()).isEqualTo(new Caller(5, 6, List.of(6L, 7L)));
    assertThat(grant.toChange()).isSameAs(grant);
  }

  @Test
  void whoeverIsNotSquashedIsTheCallerThatWasClaimed() {
    export("*(rw)");
    assertThat(toFile(file.handle()).caller()).isSameAs(ROOT);
  }

  @Test
  void whoeverClaimsNothingIsAnonymous() {
    export("*(rw,anonuid=5,anongid=6)");
    assertThat(
            grants.toFile(file.handle(), CLIENT, null, NfsVersion.V3, CallProtection.NONE).caller())
        .isEqualTo(new Caller(5, 6, List.of()));
  }

  @Test
  void whatIsExportedReadOnlyIsGrantedAndNotToChange() {
    export("*(ro)");
    Grant grant = toFile(file.handle());
    assertRefused(grant::toChange, ArrayError.READ_ONLY);
  }

  @Test
  void anExportIsGrantedByItsPathAsItsRoot() {
    export("*(rw)");
    Grant grant = grants.toExport("/v", CLIENT, ROOT, NfsVersion.V3, CallProtection.NONE);
    assertThat(grant.file()).isSameAs(volume.root());
    assertThat(grants.toExport("/v", CLIENT, ROOT).file()).isSameAs(volume.root());
  }

  @Test
  void whatIsNotThereIsRefusedByItsKind() {
    assertRefused(() -> toFile(file.handle()), ArrayError.STALE); // not exported yet
    assertRefused(
        () -> grants.toExport("/v", CLIENT, ROOT, NfsVersion.V3, CallProtection.NONE),
        ArrayError.NOT_FOUND);
    export("*(rw)");
    assertRefused(() -> toFile(FileHandle.ofWords(1, 2, 3, 4)), ArrayError.BAD_HANDLE);
    FileHandle handle = file.handle();
    volume.names().remove(Caller.ROOT, volume.root(), Name.of("f"));
    assertRefused(() -> toFile(handle), ArrayError.STALE);
    assertRefused(() -> grants.find(handle), ArrayError.STALE);
    assertRefused(
        () -> grants.toExport("/w", CLIENT, ROOT, NfsVersion.V3, CallProtection.NONE),
        ArrayError.NOT_FOUND);
  }

  @Test
  void anExportIsForTheClientsPortsAndVersionsOfItsRule() {
    for (String rules : List.of("192.0.2.0/24(rw)", "*(rw,secure)")) {
      export(rules);
      assertRefused(() -> toFile(file.handle()), ArrayError.ACCESS_DENIED);
      assertRefused(
          () -> grants.toExport("/v", CLIENT, ROOT, NfsVersion.V3, CallProtection.NONE),
          ArrayError.ACCESS_DENIED);
      assertRefused(() -> grants.toFile(file.handle(), CLIENT, ROOT), ArrayError.ACCESS_DENIED);
      assertRefused(() -> grants.toExport("/v", CLIENT, ROOT), ArrayError.ACCESS_DENIED);
    }
    export("*(rw,novaai,vers=3)");
    assertRefused(
        () -> grants.toFile(file.handle(), CLIENT, ROOT, NfsVersion.V4_1, CallProtection.NONE),
        ArrayError.ACCESS_DENIED);
    Grant offload = grants.toFile(file.handle(), CLIENT, ROOT);
    assertThat(offload.terms().vaaiAllowed()).isFalse();
  }

  /** What is handed out is judged anew at each call. */
  @Test
  void aChangedRuleHoldsFromTheNextCallOn() {
    export("*(rw)");
    toFile(file.handle()).toChange();
    export("*(ro)");
    assertRefused(() -> toFile(file.handle()).toChange(), ArrayError.READ_ONLY);
    exports.withdraw(volume);
    assertRefused(() -> toFile(file.handle()), ArrayError.STALE);
    assertThat(grants.find(file.handle())).isSameAs(file);
  }
}
