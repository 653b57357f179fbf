/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicReference;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.control.ManagementDoor;
import org.junit.jupiter.api.Test;

class CloseTwiceTest {
  @Test
  void theHttpDoorAndTheArrayBehindIt() throws Exception {
    AtomicReference<ManagementDoor.Opened> opened = new AtomicReference<>();
    FacsimArray array =
        FacsimArray.builder()
            .volume("ds", 1 << 20)
            .nfsPort(0)
            .management(
                (control, vaai, calls) -> {
                  opened.set(HttpManagement.onPort(0).open(control, vaai, calls));
                  return opened.get();
                })
            .start();
    opened.get().close();
    assertThatCode(opened.get()::close).doesNotThrowAnyException();
    array.close();
    assertThatCode(array::close).doesNotThrowAnyException();
  }
}
