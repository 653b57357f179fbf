/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.emc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.emc.ecs.nfsclient.nfs.io.Nfs3File;
import com.emc.ecs.nfsclient.nfs.io.NfsFileInputStream;
import com.emc.ecs.nfsclient.nfs.io.NfsFileOutputStream;
import com.emc.ecs.nfsclient.nfs.nfs3.Nfs3;
import com.emc.ecs.nfsclient.rpc.CredentialUnix;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * It looks every program up at a port mapper on port 111, which it does not let anybody change. So
 * the server and its port mapper get an address of 127.0.0.0/8 that nobody else uses.
 */
class NfsClientIT {
  private static final String ADDRESS = "127.0.37.111";
  private static final int PORTMAP_PORT = 111;
  private static final int RETRIES = 3;
  private static final long SEED = 11;

  private static FacsimServer server;
  private Nfs3 nfs;

  @BeforeAll
  static void start() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(ADDRESS, PORTMAP_PORT));
    } catch (IOException e) {
      assumeTrue(
          false,
          "cannot listen on %s:%d, needs root and no rpcbind on all addresses: %s"
              .formatted(ADDRESS, PORTMAP_PORT, e.getMessage()));
    }
    server =
        FacsimServer.start("--listen", ADDRESS, "--portmap-port", "111", "--volume", "java=1GiB");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void mount() throws IOException {
    nfs = new Nfs3(ADDRESS, "/java", new CredentialUnix(0, 0, null), RETRIES);
  }

  private Nfs3File file(String path) throws IOException {
    return new Nfs3File(nfs, path);
  }

  @Test
  void theMountFindsItsPortsAtThePortMapper() {
    assertThat(nfs.getPort()).isEqualTo(server.port());
    assertThat(nfs.getRootFileHandle()).hasSize(32);
    System.out.println("nfs-client: mounted through the port mapper, port " + nfs.getPort());
  }

  @Test
  void anExportThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new Nfs3(ADDRESS, "/other", new CredentialUnix(0, 0, null), 1))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatItWritesItReadsBack() throws IOException {
    byte[] contents = new byte[(2 << 20) + 777];
    new Random(SEED).nextBytes(contents);
    Nfs3File written = file("/data");

    try (OutputStream out = new NfsFileOutputStream(written)) {
      out.write(contents);
    }

    assertThat(file("/data").length()).isEqualTo(contents.length);
    try (InputStream in = new NfsFileInputStream(file("/data"))) {
      assertThat(in.readAllBytes()).isEqualTo(contents);
    }
    System.out.println("nfs-client: " + contents.length + " bytes written and read back");
  }

  @Test
  void namesComeAndGo() throws IOException {
    file("/folder").mkdir();
    assertThat(file("/folder").isDirectory()).isTrue();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      expected.add("name-" + i);
      assertThat(file("/folder/name-" + i).createNewFile()).isTrue();
    }
    assertThat(file("/folder").list()).containsExactlyInAnyOrderElementsOf(expected);

    assertThat(file("/folder/name-0").renameTo(file("/folder/renamed"))).isTrue();
    assertThat(file("/folder/name-0").exists()).isFalse();
    assertThat(file("/folder/renamed").exists()).isTrue();
    for (String name : file("/folder").list()) {
      file("/folder/" + name).delete();
    }
    assertThat(file("/folder").list()).isEmpty();
    file("/folder").delete();
    assertThat(file("/folder").exists()).isFalse();
    System.out.println("nfs-client: 200 names made, listed, renamed and removed");
  }

  @Test
  void attributesAreWhatTheServerHolds() throws IOException {
    Nfs3File file = file("/attributes");
    file.createNewFile();
    file.setMode(0640);

    assertThat(file("/attributes").getMode() & 0777).isEqualTo(0640);
    assertThat(file("/attributes").isFile()).isTrue();
    assertThat(file("/").getTotalSpace()).isEqualTo(1L << 30);
    assertThat(file("/").getFreeSpace()).isBetween(1L << 29, 1L << 30);
  }
}
