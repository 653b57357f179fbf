/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.emc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.emc.ecs.nfsclient.nfs.io.Nfs3File;
import com.emc.ecs.nfsclient.nfs.io.NfsFileInputStream;
import com.emc.ecs.nfsclient.nfs.io.NfsFileOutputStream;
import com.emc.ecs.nfsclient.nfs.nfs3.Nfs3;
import com.emc.ecs.nfsclient.rpc.CredentialUnix;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What {@link NfsClientIT} has the client do, in a process of its own: it runs in the network
 * namespace of the server. Ends with 0 if all of a step was as it should be.
 */
final class NfsClientSteps {
  private static final String ADDRESS = "127.0.0.1";
  private static final int RETRIES = 3;
  private static final long SEED = 11;

  /** Each can run alone, in any order. */
  enum Step {
    FIND_PORTS,
    REFUSED_EXPORT,
    WRITE_AND_READ_BACK,
    NAMES,
    ATTRIBUTES
  }

  private final Nfs3 nfs;

  private NfsClientSteps() throws IOException {
    nfs = new Nfs3(ADDRESS, "/java", new CredentialUnix(0, 0, null), RETRIES);
  }

  /**
   * Runs a step.
   *
   * @param arguments the step, and where the server listens for NFS
   */
  public static void main(String[] arguments) {
    int exitCode = 1;
    try {
      new NfsClientSteps().run(Step.valueOf(arguments[0]), Integer.parseInt(arguments[1]));
      exitCode = 0;
    } catch (IOException | RuntimeException | Error e) {
      e.printStackTrace(System.err); // the test shows it
    } finally {
      System.exit(exitCode); // its threads would go on
    }
  }

  private void run(Step step, int port) throws IOException {
    switch (step) {
      case FIND_PORTS -> findPorts(port);
      case REFUSED_EXPORT ->
          assertThatThrownBy(() -> new Nfs3(ADDRESS, "/other", new CredentialUnix(0, 0, null), 1))
              .isInstanceOf(IOException.class);
      case WRITE_AND_READ_BACK -> writeAndReadBack();
      case NAMES -> names();
      case ATTRIBUTES -> attributes();
    }
  }

  private Nfs3File file(String path) throws IOException {
    return new Nfs3File(nfs, path);
  }

  private void findPorts(int port) {
    assertThat(nfs.getPort()).isEqualTo(port);
    assertThat(nfs.getRootFileHandle()).hasSize(32);
    System.out.println("nfs-client: mounted through the port mapper, port " + nfs.getPort());
  }

  private void writeAndReadBack() throws IOException {
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

  private void names() throws IOException {
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

  private void attributes() throws IOException {
    Nfs3File file = file("/attributes");
    file.createNewFile();
    file.setMode(0640);

    assertThat(file("/attributes").getMode() & 0777).isEqualTo(0640);
    assertThat(file("/attributes").isFile()).isTrue();
    assertThat(file("/").getTotalSpace()).isEqualTo(1L << 30);
    assertThat(file("/").getFreeSpace()).isBetween(1L << 29, 1L << 30);
    System.out.println("nfs-client: mode, kind and space are the server's");
  }
}
