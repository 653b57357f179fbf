/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.it.CuttingProxy;
import org.facsim.it.Processes.Outcome;
import org.facsim.it.RootClient;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadCounter;
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
    return in.names()
        .create(
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
    file.volume().files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(bytes));
  }

  private byte[] contents(String name) {
    Volume in = volume("one");
    Inode file = in.names().lookup(Caller.ROOT, in.root(), Name.of(name));
    ByteBuffer bytes = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    while (bytes.hasRemaining()) {
      in.files().read(Caller.ROOT, file, bytes.position(), bytes);
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

  /** A thin file of so many blocks that holds nothing. */
  private Inode thin(String name, int blocks) {
    Inode file = make("one", name, 0666);
    resize(file, (long) blocks * Volume.BLOCK_BYTES);
    return file;
  }

  private static void resize(Inode file, long sizeBytes) {
    file.volume()
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null);
  }

  private void assertReserves(long reservedBytes, String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).isEqualTo("reservedBytes=" + reservedBytes + "\n");
  }

  /** By the plugin's own call, and by GETATTR of NFS on a connection of its own. */
  private void assertSpace(String name, long totalBytes, long allocatedBytes, long reservedBytes)
      throws Exception {
    Outcome statx = run("statx", name);
    assertThat(statx.out())
        .isEqualTo(
            "totalBytes=%d\nallocatedBytes=%d\nuniqueBytes=%d\nsharedBytes=0\n"
                    .formatted(totalBytes, allocatedBytes, allocatedBytes)
                + "reservedBytes=%d\nchargedBytes=%d\n".formatted(reservedBytes, allocatedBytes));
    try (RootClient nfs = RootClient.connect(array.nfsAddress())) {
      Fattr3 attributes =
          nfs.nfs().lookup(nfs.mount("/one"), name).get(30, TimeUnit.SECONDS).attributes();
      assertThat(attributes.sizeBytes()).isEqualTo(totalBytes);
      assertThat(attributes.usedBytes()).isEqualTo(allocatedBytes);
    }
  }

  @Test
  void aReservationPromisesSpaceAndAnEagerOneAlsoFillsIt() throws Exception {
    long bytes = 16L * Volume.BLOCK_BYTES;
    thin("disk", 16);
    assertSpace("disk", bytes, 0, 0);

    assertReserves(bytes, "reserve", "disk");
    assertSpace("disk", bytes, 0, bytes);

    assertReserves(bytes, "-z", "reserve", "disk");
    assertSpace("disk", bytes, bytes, 0);
    assertThat(contents("disk")).containsOnly(0);

    assertReserves(2 * bytes, "reserve", "disk", Long.toString(2 * bytes));
    assertSpace("disk", 2 * bytes, bytes, bytes);
  }

  @Test
  void aReservationBeyondTheVolumeIsDiskFullAndChangesNothing() throws Exception {
    thin("disk", 16);
    String tooMuch = Long.toString(2L << 30);
    assertThat(run("reserve", "disk", tooMuch).exitCode()).isEqualTo(4);
    Outcome eager = run("-z", "reserve", "disk", tooMuch);
    assertThat(eager.exitCode()).isEqualTo(4);
    assertThat(eager.err()).startsWith("vaai-plugin-cli: disk full: ").contains("(status 28)");
    assertSpace("disk", 16L * Volume.BLOCK_BYTES, 0, 0);
  }

  @Test
  void anArrayThatOnlySaysThatItReservesIsFoundOut() throws Exception {
    array.offload().profiles().set("one", NamedProfiles.find("reserve-ignored").orElseThrow());
    thin("disk", 16);
    assertReserves(0, "-z", "reserve", "disk");
    assertSpace("disk", 16L * Volume.BLOCK_BYTES, 0, 0);
  }

  @Test
  void aSourceOnAnotherExportIsCopiedIntoReservedSpace() throws Exception {
    write(make("two", "elsewhere", 0644));
    resize(make("one", "copy", 0666), SIZE_BYTES);
    assertReserves(SIZE_BYTES, "reserve", "copy");

    Outcome outcome = run("-S", "/two", "-i", "10", "clone", "elsewhere", "copy");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .endsWith(
            "totalBytes=%d\ndoneBytes=%d\nsharedBytes=0\ncopiedBytes=%d\n"
                .formatted(SIZE_BYTES, SIZE_BYTES, SIZE_BYTES));
    assertThat(contents("copy")).isEqualTo(contents("source"));
    assertSpace("copy", SIZE_BYTES, MAPPED_BYTES, 0);
  }

  /** Executed, and the reply lost with the connection: it must not meet its own destination. */
  @Test
  void aGuardedCloneWhoseConnectionIsCutIsNotToldThatItsDestinationExists() throws Exception {
    try (CuttingProxy proxy = CuttingProxy.ofSecondCall(array.nfsAddress())) {
      Outcome outcome =
          run(
              "-p",
              Integer.toString(proxy.port()),
              "-w",
              "10",
              "-l",
              "-g",
              "clone",
              "source",
              "snapshot");
      assertThat(outcome.exitCode()).as("%s", outcome).isZero();
      assertThat(outcome.out()).contains("retransmissions=1\n");
      assertThat(proxy.connections()).isEqualTo(2);
    }
    assertThat(contents("snapshot")).isEqualTo(contents("source"));
    assertThat(array.offload().statistics().total("one", OffloadCounter.FAST_CLONE_SUCCESS))
        .isEqualTo(1);
    assertThat(array.offload().statistics().total("one", OffloadCounter.FAST_CLONE_FAILURE))
        .isZero();
  }

  @Test
  void theArraySaysWhatItSupports() {
    Outcome outcome = run("support");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out().lines())
        .hasSize(6)
        .contains("fullClone=yes", "fastClone=yes", "extendedStatistics=yes", "unmap=yes");
  }

  @Test
  void rangesAreUnmappedAndTheCloneStays() {
    assertThat(run("-l", "clone", "source", "sibling").exitCode()).isZero();
    byte[] before = contents("sibling");
    Outcome asked = run("granularity", "source");
    assertThat(asked.out()).isEqualTo("granularityBytes=4096\nmaxRanges=256\n");
    Outcome shared = run("unmap", "source", "0:4096", "4096:4096", "8192:100");
    assertThat(shared.exitCode()).as("%s", shared).isZero();
    assertThat(shared.out()).isEqualTo("unmappedBytes=8192\nfreedBytes=0\nreleasedBytes=0\n");
    assertThat(contents("sibling")).isEqualTo(before);
    assertThat(Arrays.copyOf(contents("source"), 8192)).containsOnly(0);
    assertThat(run("unmap", "sibling", "4096:4096").out()).contains("freedBytes=4096\n");
    Outcome beyond = run("unmap", "source", "0:9999999999");
    assertThat(beyond.exitCode()).isEqualTo(1);
    assertThat(beyond.err()).contains("range 0: 9999999999 bytes at 0; allowed:");
    assertThat(run("unmap", "source", "12").exitCode()).isEqualTo(64);
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
