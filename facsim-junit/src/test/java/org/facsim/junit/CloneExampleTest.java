/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import org.facsim.embedded.ArrayFiles;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.Test;

/** The example of docs/junit.md, which shows it from the first annotation on. */
@FacsimTest
@Volume(name = "datastore1", size = "1GiB")
@StoredFile(path = "/datastore1/vm/vm-flat.vmdk", size = "64MiB")
class CloneExampleTest {
  @Test
  void aCloneMovesNothing(ArrayFiles files, Observation since) {
    files.clone("/datastore1/vm/vm-flat.vmdk", "/datastore1/clone/clone-flat.vmdk");

    since.clone("/datastore1/clone/clone-flat.vmdk").movedBytes(0).hasOfItsOwn(0);
    since.space().didNotChange();
    since.no("WRITE").reached("/datastore1/clone/**");
  }

  @Test
  void aClientWrites(InetSocketAddress nfs, Observation since) throws Exception {
    try (NfsGuest guest = new NfsGuest(nfs, "/datastore1")) { // your client
      guest.write("file", 0);
    }
    since.exactly(1, "WRITE").reached("/datastore1/file");
    since.space().grewBy(4096);
  }

  @Test
  @Fault(door = "nfs", procedure = "WRITE", nth = 1, status = "NOSPC")
  void theFirstWriteFindsTheVolumeFull(FacsimArray array) throws Exception {
    try (NfsGuest guest = new NfsGuest(array.nfsAddress(), "/datastore1")) {
      assertThrows(ExecutionException.class, () -> guest.write("file", 0));
      guest.write("file", 0);
    }
  }
}
