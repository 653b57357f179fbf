/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.facsim.embedded.ArrayFiles;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;
import org.junit.jupiter.api.Test;

/** The extension as its users use it: what they see is the test. */
@FacsimTest
@Volume(name = "ds", size = "256MiB")
@StoredFile(path = "/ds/vm/base.vmdk", size = "1MiB")
@StoredFile(path = "/ds/vm/vm.vmx", text = "displayName = \"vm\"\n")
@Seed(7)
class FacsimTestTest {
  @Test
  void theArrayHasWhatTheAnnotationsAskFor(FacsimArray array, ArrayFiles files) {
    assertThat(array.volumes())
        .singleElement()
        .hasToString("VolumeSpec[name=ds, sizeBytes=268435456]");
    assertThat(files.list("/ds/vm")).containsExactly("base.vmdk", "vm.vmx");
    assertThat(files.space("/ds/vm/base.vmdk").chargedBytes()).isEqualTo(1 << 20);
    assertThat(files.read("/ds/vm/vm.vmx")).isEqualTo("displayName = \"vm\"\n".getBytes(UTF_8));
  }

  @Test
  @Volume(name = "second", size = "1MiB")
  @Profile(volume = "second", value = "copying")
  void aMethodAddsToItsClass(FacsimArray array) {
    assertThat(array.volumes()).extracting("name").containsExactly("ds", "second");
  }

  @Test
  void partsOfTheArrayAreParameters(
      FacsimArray array, Journal journal, FaultRules faults, InetSocketAddress address) {
    assertThat(journal).isSameAs(array.journal());
    assertThat(faults).isSameAs(array.faults());
    assertThat(address).isEqualTo(array.nfsAddress());
  }

  @Test
  void aCloneMovesNothingAndTakesNothing(ArrayFiles files, Observation since) {
    files.clone("/ds/vm/base.vmdk", "/ds/vm/clone.vmdk");
    since.clone("/ds/vm/clone.vmdk").movedBytes(0).hasOfItsOwn(0);
    since.space().didNotChange();
    since.no("WRITE").reachedTheArray();
    assertThatThrownBy(() -> since.space().grewBy(4096))
        .isInstanceOf(AssertionError.class)
        .hasMessage("the space was to grow by 4,096 bytes and grew by 0");
    assertThatThrownBy(() -> since.clone("/ds/vm/clone.vmdk").hasOfItsOwn(4096))
        .hasMessageStartingWith("/ds/vm/clone.vmdk was to have 4,096 bytes of its own and has 0");
    assertThatThrownBy(() -> since.clone("/ds/vm/nothing.vmdk"))
        .hasMessage("the array knows no file and no clone /ds/vm/nothing.vmdk");
  }

  @Test
  void writesOnTheWireAreSeen(InetSocketAddress address, Observation since) throws Exception {
    try (NfsGuest guest = new NfsGuest(address, "/ds")) {
      guest.write("new", 0);
      guest.write("new", 1);
    }
    since.exactly(2, "WRITE").reached("/ds/new");
    since.exactly(2, "WRITE").cameFrom("127.0.0.1");
    since.no("WRITE").reached("/ds/vm/**");
    since.space().grewBy(2 * 4096);
    since.space().grewByAtMost(2 * 4096);
    since.clone("/ds/new").wasNotOffloaded();
    assertThatThrownBy(() -> since.space().grewByAtMost(4096))
        .hasMessage("the space was to grow by at most 4,096 bytes and grew by 8,192");
    assertThatThrownBy(() -> since.clone("/ds/new").wasOffloaded())
        .hasMessageStartingWith("/ds/new was to be cloned by the array");
    assertThatThrownBy(() -> since.no("WRITE").reached("/ds/*"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no call of WRITE for /ds/* expected, 2 found")
        .hasMessageContaining("/ds/new");
    assertThatThrownBy(() -> since.exactly(3, "WRITE").reached("/ds/new"))
        .hasMessageContaining("3 calls of WRITE for /ds/new expected, 2 found");
    assertThatThrownBy(() -> since.exactly(1, "WRITE").reached("/ds/nwe"))
        .hasMessageContaining("1 calls of WRITE for /ds/nwe expected, 0 found")
        .hasMessageContaining("/ds/new");
    assertThatThrownBy(() -> since.clone("/ds/new").movedBytes(0))
        .hasMessageContaining("was to move 0 bytes and moved 8,192");
  }

  @Test
  @Fault(door = "nfs", procedure = "WRITE", path = "/ds/new", status = "NOSPC", count = 1)
  void aFaultOfTheAnnotationsHits(FacsimArray array) throws Exception {
    try (NfsGuest guest = new NfsGuest(array.nfsAddress(), "/ds")) {
      assertThatThrownBy(() -> guest.write("new", 0)).hasMessageContaining("NOSPC");
      guest.write("new", 0);
    }
    assertThat(array.faults().list()).singleElement().extracting("hits").isEqualTo(1L);
  }

  @Test
  void theSeedDecidesHandles(FacsimArray array) throws Exception {
    try (FacsimArray twin =
        FacsimArray.builder().nfsPort(0).seed(7).volume("ds", 256 << 20).start()) {
      assertThat(array.storage().volume("ds").orElseThrow().root().handle())
          .isEqualTo(twin.storage().volume("ds").orElseThrow().root().handle());
    }
  }

  @Test
  void aResetReturnsToWhatWasKeptLast(FacsimArray array, ArrayFiles files) {
    array.keepAsStart();
    files.write("/ds/later", new byte[] {1});
    array.keepAsStart();
    files.delete("/ds/later");
    files.delete("/ds/vm");
    array.reset();
    assertThat(files.list("/ds")).containsExactlyInAnyOrder("vm", "later");
    assertThat(files.read("/ds/later")).containsExactly(1);
    assertThat(array.storage().states()).hasSize(1);
  }

  @Test
  void lostCallsAreNeverTakenForGranted(FacsimArray array, Observation since) throws Exception {
    array.journal().resize(100);
    Observation small = Observation.of(array);
    try (NfsGuest guest = new NfsGuest(array.nfsAddress(), "/ds")) {
      for (int i = 0; i < 120; i++) {
        guest.write("f", i);
      }
    }
    assertThatThrownBy(() -> small.no("REMOVE").reachedTheArray())
        .hasMessageContaining("it has lost some since the beginning");
    array.journal().resize(0);
    assertThatThrownBy(() -> since.no("REMOVE").reachedTheArray())
        .hasMessageContaining("the journal is off");
  }
}
