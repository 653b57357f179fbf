/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference plugin follows a clone while the array restarts, or is restored, below it. */
class PluginRestartIT {
  private static final int SIZE_BYTES = 1 << 20;

  @TempDir private static Path folder;
  private static Path tool;

  @TempDir private Path data;
  private FacsimArray array;

  @BeforeAll
  static void build() {
    CBuild.assumeTools();
    tool = CBuild.plugin(folder);
  }

  @BeforeEach
  void start() throws IOException {
    array = FreePorts.attempt(this::start);
    ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES);
    while (bytes.hasRemaining()) {
      bytes.putLong(bytes.position() + 1L);
    }
    Inode source = make("source");
    source.volume().files().write(Caller.ROOT, source, 0, bytes.flip());
    make("copy");
  }

  @AfterEach
  void stop() {
    array.close();
  }

  /** One block a second: whoever waits for the end of a clone waits for minutes. */
  private FacsimArray start(int port) throws IOException {
    return FacsimArray.builder()
        .nfsPort(port)
        .dataDirectory(data.resolve("array"))
        .volume("one", 1L << 30)
        .vaaiProfile(
            "one",
            NamedProfiles.find("copying")
                .orElseThrow()
                .draft()
                .copyBytesPerSecond(Volume.BLOCK_BYTES)
                .freeze())
        .start();
  }

  private Volume volume() {
    return array.storage().volume("one").orElseThrow();
  }

  private Inode make(String name) {
    return volume()
        .names()
        .create(
            Caller.ROOT,
            volume().root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0666))
        .inode();
  }

  private Inode copy() {
    return volume().names().lookup(Caller.ROOT, volume().root(), Name.of("copy"));
  }

  /** Returns when the array has begun to copy. */
  private CompletableFuture<Outcome> cloneByPlugin() {
    String port = Integer.toString(array.nfsAddress().getPort());
    CompletableFuture<Outcome> outcome =
        CompletableFuture.supplyAsync(
            () ->
                CBuild.check(
                    tool,
                    List.of(
                        "-p", port, "-e", "/one", "-u", "0", "-U", "0", "-i", "50", "-w", "100",
                        "-r", "100", "clone", "source", "copy")));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> outcome.isDone() || array.offload().lastJobInto(copy().handle()).isPresent());
    return outcome;
  }

  private void assertIsToldThatItsCloneIsLost(CompletableFuture<Outcome> plugin) throws Exception {
    Outcome outcome = plugin.get(90, TimeUnit.SECONDS);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("(status " + VaaiStatus.LOST.code() + ")");
    assertThat(copy().attributes().sizeBytes()).isZero();
  }

  @Test
  void aRestartIsReportedAsALostClone() throws Exception {
    CompletableFuture<Outcome> plugin = cloneByPlugin();
    int port = array.nfsAddress().getPort();
    array.close();
    array = start(port);
    assertIsToldThatItsCloneIsLost(plugin);
  }

  @Test
  void aRestoreIsReportedAsALostClone() throws Exception {
    array.storage().saveState("before");
    CompletableFuture<Outcome> plugin = cloneByPlugin();
    array.storage().restoreState("before");
    assertIsToldThatItsCloneIsLost(plugin);
  }
}
