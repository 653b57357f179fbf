/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloseTwiceTest {
  @TempDir private Path folder;

  @Test
  void theLockManagerWithItsListOfHosts() throws Exception {
    try (LockDoor door = new LockDoor(folder.resolve("hosts"))) {
      door.manager.close();
      assertThatCode(door.manager::close).doesNotThrowAnyException();
    }
  }
}
