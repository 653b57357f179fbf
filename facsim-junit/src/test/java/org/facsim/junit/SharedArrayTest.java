/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.RepeatedTest;

/** Tests that share an array find it as it was at the start. */
@FacsimTest(lifetime = ArrayLifetime.PER_CLASS)
@Volume(name = "ds", size = "64MiB")
@StoredFile(path = "/ds/kept", size = "64KiB")
@Fault(procedure = "REMOVE", status = "ACCES")
class SharedArrayTest {
  private static final AtomicReference<InetSocketAddress> FIRST = new AtomicReference<>();

  @RepeatedTest(3)
  void nothingOfTheTestBeforeIsLeft(FacsimArray array, Observation since) throws Exception {
    InetSocketAddress address = array.nfsAddress();
    assertThat(FIRST.updateAndGet(first -> first == null ? address : first)).isEqualTo(address);
    assertThat(array.files().list("/ds")).containsExactly("kept");
    assertThat(array.files().space("/ds/kept").chargedBytes()).isEqualTo(64 << 10);
    assertThat(array.volumes()).hasSize(1);
    assertThat(array.faults().list()).hasSize(1);
    assertThat(array.lockTable().held()).isEmpty();
    since.no("WRITE").reachedTheArray();

    try (NfsGuest guest = new NfsGuest(address, "/ds")) {
      guest.write("left-over", 0);
      guest.write("kept", 3);
    }
    array.files().delete("/ds/kept");
    array.storage().createVolume("other", 1 << 20);
    array.faults().add(FaultRule.of(new FaultAction.NoAnswer()).procedure("WRITE").rule());
    since.exactly(2, "WRITE").reachedTheArray();
  }
}
