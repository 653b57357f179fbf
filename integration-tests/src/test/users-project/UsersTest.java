/* SPDX-License-Identifier: Apache-2.0 */
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.facsim.embedded.ArrayFiles;
import org.facsim.junit.FacsimTest;
import org.facsim.junit.Observation;
import org.facsim.junit.StoredFile;
import org.facsim.junit.Volume;
import org.junit.jupiter.api.Test;

@FacsimTest
@Volume(name = "datastore1", size = "1GiB")
@StoredFile(path = "/datastore1/vm/vm-flat.vmdk", size = "4MiB")
class UsersTest {
  @Test
  void aCloneMovesNothingAndNfsAnswers(ArrayFiles files, Observation since, InetSocketAddress nfs)
      throws Exception {
    files.clone("/datastore1/vm/vm-flat.vmdk", "/datastore1/clone/clone-flat.vmdk");
    since.clone("/datastore1/clone/clone-flat.vmdk").movedBytes(0).hasOfItsOwn(0);

    try (Socket socket = new Socket(nfs.getAddress(), nfs.getPort())) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      // a NULL call of NFSv3: record mark, xid, CALL, RPC 2, program, version, procedure, no credentials
      for (int word : new int[] {0x80000000 | 40, 7, 0, 2, 100003, 3, 0, 0, 0, 0, 0}) {
        out.writeInt(word);
      }
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertEquals(0x80000000 | 24, in.readInt());
      assertEquals(7, in.readInt());
    }
  }

  @Test
  void whatTheArrayIsMadeOfIsNotOnTheClassPath() throws Exception {
    for (String name :
        new String[] {"io.netty.channel.Channel", "com.google.common.base.Splitter"}) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
    }
    if (System.getProperty("os.name").equals("Linux")) {
      Class<?> epoll = Class.forName("org.facsim.shaded.io.netty.channel.epoll.Epoll");
      assertEquals(true, epoll.getMethod("isAvailable").invoke(null), "natives under their new name");
    }
  }
}
