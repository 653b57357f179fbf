/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskErrorsTest {
  private static final String GERMAN = "auf dem gerät ist kein speicherplatz mehr verfügbar";

  private static boolean isFull(String text, long usableBytes) {
    return DiskErrors.isFull(new IOException(text), GERMAN, () -> usableBytes);
  }

  @Test
  void aFullDiskIsKnownByItsTextInAnyLanguageOrByTheSpaceThatIsLeft() {
    assertThat(isFull("No space left on device", Long.MAX_VALUE)).isTrue();
    assertThat(isFull("Disk quota exceeded", Long.MAX_VALUE)).isTrue();
    assertThat(isFull("File too large", Long.MAX_VALUE)).isTrue();
    assertThat(isFull("Auf dem Gerät ist kein Speicherplatz mehr verfügbar", Long.MAX_VALUE))
        .isTrue();
    assertThat(isFull("Der zugewiesene Plattenplatz ist überschritten", 4096)).isTrue();
    assertThat(isFull("Input/output error", Long.MAX_VALUE)).isFalse();
    assertThat(isFull(null, Long.MAX_VALUE)).isFalse();
    IOException ofPath =
        new FileSystemException("/d/metadata.catalog", null, "No space left on device");
    assertThat(DiskErrors.isFull(ofPath, "", () -> Long.MAX_VALUE)).isTrue();
  }

  @Test
  void theSystemsOwnTextIsLearntFromTheFullDevice() {
    Path device = Path.of("/dev/full");
    assumeThat(Files.exists(device)).isTrue();
    assertThat(DiskErrors.learn(device)).isNotEmpty();
    assertThat(DiskErrors.learn(Path.of("/dev/null"))).isEmpty();
  }

  @Test
  void aFileThatIsNoDeviceIsLeftAlone(@TempDir Path directory) throws IOException {
    assertThat(DiskErrors.learn(directory.resolve("none"))).isEmpty();
    assertThat(directory.resolve("none")).doesNotExist();
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThat(DiskErrors.learn(file)).isEmpty();
    assertThat(file).hasContent("x");
  }

  @Test
  void aWriteToAFullDeviceIsNoSpaceAndAFailedReadNever() throws IOException {
    Path device = Path.of("/dev/full");
    assumeThat(Files.exists(device)).isTrue();
    try (DataChannel channel = DataChannel.open(device, StandardOpenOption.WRITE)) {
      channel.write(0, ByteBuffer.allocate(1));
      throw new AssertionError("the device took it");
    } catch (IOException e) {
      assertThat(errorOf(DiskErrors.failedToStore("writing", device, e)))
          .isEqualTo(ArrayError.NO_SPACE);
      assertThat(errorOf(DiskErrors.failed("reading", device, e))).isEqualTo(ArrayError.IO);
    }
  }

  private static ArrayError errorOf(ArrayException failed) {
    return failed.error();
  }
}
