/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.app.FacsimArray;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference plugin in C against the array, every step under valgrind. */
class PluginIT {
  private static final int SIZE_BYTES = 3 * Volume.BLOCK_BYTES + 100;
  private static final int MAPPED_BYTES = 4 * Volume.BLOCK_BYTES;

  @TempDir private static Path folder;
  private static Path tool;

  private FacsimArray array;

  @BeforeAll
  static void build() {
    CBuild.assumeTools();
    tool = CBuild.plugin(folder);
  }

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder().nfsPort(0).volume("one", 1L << 30).volume("two", 1L << 30).start();
    write(make("one", "source", 0644));
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private Volume volume(String name) {
    return array.storage().volume(name).orElseThrow();
  }

  private Inode make(String volume, String name, int mode) {
    Volume in = volume(volume);
    return in.create(
            Caller.ROOT,
            in.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(mode))
        .inode();
  }

  private static void write(Inode file) {
    byte[] bytes = new byte[SIZE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    file.volume().write(Caller.ROOT, file, 0, ByteBuffer.wrap(bytes));
  }

  private byte[] contents(String name) {
    Volume in = volume("one");
    Inode file = in.lookup(Caller.ROOT, in.root(), Name.of(name));
    ByteBuffer bytes = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    while (bytes.hasRemaining()) {
      in.read(Caller.ROOT, file, bytes.position(), bytes);
    }
    return bytes.array();
  }

  private Outcome run(String... arguments) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("-p", Integer.toString(array.nfsAddress().getPort()), "-e", "/one"));
    all.addAll(List.of("-u", "0", "-U", "0"));
    all.addAll(List.of(arguments));
    return CBuild.check(tool, all);
  }

  @Test
  void aFullCloneFillsTheFileThatTheHostMade() {
    make("one", "copy", 0666);

    Outcome outcome = run("clone", "source", "copy");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .endsWith(
            "totalBytes=%d\ndoneBytes=%d\nsharedBytes=%d\ncopiedBytes=0\n"
                .formatted(SIZE_BYTES, SIZE_BYTES, SIZE_BYTES));
    assertThat(contents("copy")).isEqualTo(contents("source"));
  }

  @Test
  void aLazyCloneMakesItsDestinationAndAGuardedOneInsistsOnThat() {
    assertThat(run("-l", "-g", "clone", "source", "snapshot").exitCode()).isZero();
    assertThat(contents("snapshot")).isEqualTo(contents("source"));

    Outcome again = run("-l", "-g", "clone", "source", "snapshot");

    assertThat(again.exitCode()).as("%s", again).isEqualTo(3);
    assertThat(again.err()).startsWith("vaai-plugin-cli: already exists: ").contains("(status 17)");
  }

  @Test
  void aDryRunChangesNothing() {
    make("one", "copy", 0666);

    assertThat(run("-d", "clone", "source", "copy").exitCode()).isZero();
    assertThat(run("-d", "clone", "missing", "copy").exitCode()).isEqualTo(1);

    assertThat(contents("copy")).isEmpty();
  }

  @Test
  void statisticsTellWhatIsShared() {
    make("one", "copy", 0666);
    run("clone", "source", "copy");

    Outcome outcome = run("statx", "copy");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            "totalBytes=%d\nallocatedBytes=%d\nuniqueBytes=0\nsharedBytes=%d\n"
                    .formatted(SIZE_BYTES, MAPPED_BYTES, MAPPED_BYTES)
                + "reservedBytes=0\nchargedBytes=0\n");
  }

  @Test
  void theArraySaysWhatItSupports() {
    Outcome outcome = run("support");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out().lines())
        .hasSize(5)
        .contains("fullClone=yes", "lazyClone=yes", "extendedStatistics=yes");
  }

  @Test
  void errorsComeInTheWordsOfAHost() {
    make("one", "secret", 0600);
    make("one", "copy", 0666);

    assertThat(run("-u", "1000", "-U", "1000", "clone", "secret", "copy").exitCode()).isEqualTo(2);
    assertThat(run("clone", "source", "missing").exitCode()).isEqualTo(1);
    assertThat(run("statx", "a/../b").exitCode()).isEqualTo(1);
    assertThat(run("statx", "x".repeat(1025)).err()).contains("the path is missing or too long");
    Outcome noExport = run("-e", "/none", "support");
    assertThat(noExport.exitCode()).as("%s", noExport).isEqualTo(1);
    assertThat(noExport.err()).contains("(status 2)");
  }

  @Test
  void theArraysNameMayBeResolved() {
    assertThat(run("-a", "localhost", "support").exitCode()).isZero();
  }
}
