/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.UnknownVolumeException;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of a start do to the volumes of a data directory. */
final class StartOptionsTest {
  private static final long SIZE = 64L << 20;
  private static final List<ExportRule> RULES = ExportSyntax.parseRules("10.0.0.0/8(ro)");

  @TempDir private Path data;

  private ArrayBuilder builder() {
    return FacsimArray.builder().nfsPort(0).dataDirectory(data);
  }

  private List<VolumeSpec> volumes() throws IOException {
    try (FacsimArray array = builder().start()) {
      return array.volumes();
    }
  }

  private static Volume volume(FacsimArray array) {
    return array.storage().volume("a").orElseThrow();
  }

  @Test
  void whatWasChangedWhileItRanHoldsAfterARestartWithTheSameOptions() throws IOException {
    for (int start = 1; start <= 3; start++) {
      ArrayBuilder same =
          builder()
              .volume("a", SIZE)
              .export("a", ExportSyntax.parseRules("*"))
              .vaaiProfile("a", NamedProfiles.find("copying").orElseThrow());
      try (FacsimArray array = same.start()) {
        if (start == 1) {
          array.control().volumes().resize(volume(array), 2 * SIZE);
          array.exports().export(volume(array), RULES);
          array.offload().profiles().set("a", NamedProfiles.find("off").orElseThrow());
        }
        assertThat(volume(array).sizeBytes()).as("start %d", start).isEqualTo(2 * SIZE);
        assertThat(array.exports().ofVolume(volume(array).id()).rules()).isEqualTo(RULES);
        assertThat(array.offload().profiles().of("a").name()).isEqualTo("off");
      }
    }
    try (FacsimArray array = builder().volume("a", 3 * SIZE).start()) {
      assertThat(volume(array).sizeBytes()).as("another option").isEqualTo(3 * SIZE);
    }
    try (FacsimArray array = builder().volume("a", SIZE).start()) {
      assertThat(volume(array).sizeBytes()).as("and the first again").isEqualTo(SIZE);
    }
  }

  @Test
  void aStartThatNamesNoVolumeOfTheArrayHasMadeNone() throws IOException {
    builder().volume("a", SIZE).start().close();
    ArrayBuilder mistaken = builder().volume("new", SIZE).volume("a", 2 * SIZE).export("b", RULES);
    assertThatExceptionOfType(UnknownVolumeException.class)
        .isThrownBy(() -> mistaken.start().close())
        .withMessageContaining("a, new");
    assertThat(volumes()).containsExactly(new VolumeSpec("a", SIZE));
  }

  @Test
  void aStartThatCannotResizeAVolumeHasMadeAndResizedNone() throws IOException {
    try (FacsimArray array = builder().volume("a", SIZE).volume("full", SIZE).start()) {
      Volume full = array.storage().volume("full").orElseThrow();
      Inode file =
          full.names()
              .create(
                  Caller.ROOT,
                  full.root(),
                  Name.of("file"),
                  new Volume.CreateMode.Guarded(),
                  AttributeChanges.ofMode(0600))
              .inode();
      for (int mib = 0; mib < 4; mib++) {
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, (byte) 1);
        full.files().write(Caller.ROOT, file, (long) mib << 20, ByteBuffer.wrap(bytes));
      }
    }
    ArrayBuilder tooSmall =
        builder().volume("new", SIZE).volume("a", 2 * SIZE).volume("full", 1 << 20);
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> tooSmall.start().close());
    assertThat(volumes()).containsExactly(new VolumeSpec("a", SIZE), new VolumeSpec("full", SIZE));
    try (FacsimArray array = builder().volume("a", 2 * SIZE).start()) {
      assertThat(volume(array).sizeBytes()).as("still news").isEqualTo(2 * SIZE);
    }
  }

  @Test
  void oneVolumeIsNotAskedForTwice() throws IOException {
    ArrayBuilder twice = builder().volume("a", SIZE).volume("a", 2 * SIZE);
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> twice.start().close())
        .satisfies(e -> assertThat(e.error()).isEqualTo(ArrayError.EXISTS));
    assertThat(volumes()).isEmpty();
  }
}
