/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's libnfs-utils, a client not written here, against the array. */
class LibnfsIT {
  private static final List<String> TOOLS = List.of("nfs-ls", "nfs-cp", "nfs-cat");

  /** Past one WRITE, and no multiple of a block. */
  private static final int FILE_BYTES = (3 << 20) + 12_345;

  private static final long SEED = 42;

  @TempDir private Path folder;
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    for (String tool : TOOLS) {
      assumeTrue(Processes.isInstalled(tool), tool + " is missing: apt-get install libnfs-utils");
    }
    array = FacsimArray.builder().nfsPort(0).volume("datastore1", 1L << 30).start();
  }

  @AfterEach
  void stop() {
    if (array != null) {
      array.close();
    }
  }

  private String url(String path) {
    int port = array.nfsAddress().getPort();
    return "nfs://127.0.0.1/datastore1" + path + "?nfsport=" + port + "&mountport=" + port;
  }

  private static byte[] contents() {
    byte[] bytes = new byte[FILE_BYTES];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  @Test
  void writesAFileThatTheArrayHolds() throws IOException {
    byte[] contents = contents();
    Path local = Files.write(folder.resolve("local"), contents);

    Outcome copy = Processes.run(List.of("nfs-cp", local.toString(), url("/copied")));

    assertThat(copy.exitCode()).as("%s", copy).isEqualTo(0);
    Volume volume = array.storage().volume("datastore1").orElseThrow();
    Inode file = volume.names().lookup(Caller.ROOT, volume.root(), Name.of("copied"));
    ByteBuffer stored = ByteBuffer.allocate(FILE_BYTES);
    while (stored.hasRemaining()) {
      volume.files().read(Caller.ROOT, file, stored.position(), stored);
    }
    assertThat(stored.array()).as("seed %d", SEED).isEqualTo(contents);
    assertThat(file.attributes().sizeBytes()).isEqualTo(FILE_BYTES);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path local = Files.write(folder.resolve("local"), contents());
    Path back = folder.resolve("back");
    Outcome copy = Processes.run(List.of("nfs-cp", local.toString(), url("/copied")));
    assertThat(copy.exitCode()).as("%s", copy).isEqualTo(0);

    Outcome read = Processes.run(List.of("nfs-cp", url("/copied"), back.toString()));

    assertThat(read.exitCode()).as("%s", read).isEqualTo(0);
    assertThat(back).hasSameBinaryContentAs(local);
  }

  @Test
  void printsAFile() throws IOException {
    Path local = Files.writeString(folder.resolve("local"), "eine Zeile\nand another\n");
    Processes.run(List.of("nfs-cp", local.toString(), url("/text")));

    Outcome printed = Processes.run(List.of("nfs-cat", url("/text")));

    assertThat(printed.exitCode()).as("%s", printed).isEqualTo(0);
    assertThat(printed.out()).isEqualTo("eine Zeile\nand another\n");
  }

  @Test
  void listsFilesWithTheirSizes() throws IOException {
    Path local = Files.write(folder.resolve("local"), new byte[4711]);
    Processes.run(List.of("nfs-cp", local.toString(), url("/one")));
    Processes.run(List.of("nfs-cp", local.toString(), url("/two")));

    Outcome list = Processes.run(List.of("nfs-ls", url("")));

    assertThat(list.exitCode()).as("%s", list).isEqualTo(0);
    assertThat(list.out().lines().filter(line -> line.matches("^-.* 4711 +(one|two)$"))).hasSize(2);
  }

  @Test
  void anExportThatIsNotThereIsRefused() {
    String url = url("").replace("/datastore1", "/datastore2");
    assertThat(Processes.run(List.of("nfs-ls", url)).exitCode()).isNotEqualTo(0);
  }
}
