/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.ForwardingPayload;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order an array gives back what it has, and that nothing keeps it from that. */
class ArrayClosingTest {
  private static final long MIB = 1 << 20;
  private static final ArrayOptions OPTIONS = new ArrayOptions(64 * MIB, () -> Instant.EPOCH, 42);

  private enum End {
    CLOSE,
    ABANDON;

    private void of(ArrayEngine array) {
      switch (this) {
        case CLOSE -> array.close();
        case ABANDON -> array.abandon();
      }
    }
  }

  @TempDir Path directory;

  private final List<String> closed = new ArrayList<>();

  /** Which payload file fails to close; 0 for none. */
  private int failing;

  /** Notes what is closed. */
  private final class WatchedHome implements Home {
    private final Home home = new SimulatedDisk(1);

    @Override
    public MetadataStore metadata() {
      return home.metadata();
    }

    @Override
    public Batch newBatch() {
      return home.newBatch();
    }

    @Override
    public PayloadStore payload(int volume) {
      return new ForwardingPayload(home.payload(volume)) {
        @Override
        public void close() {
          closed.add("payload " + volume);
          if (volume == failing) {
            throw new ArrayException(ArrayError.IO, "simulated");
          }
        }
      };
    }

    @Override
    public void removePayload(int volume) {
      home.removePayload(volume);
    }

    @Override
    public void close() {
      closed.add("home");
    }
  }

  private ArrayEngine open() {
    ArrayEngine array = ArrayEngine.open(OPTIONS, VolumeLimits.DEFAULT, new WatchedHome(), false);
    for (String name : List.of("a", "b")) {
      Volume volume = array.createVolume(name, 8 * MIB);
      Inode file =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  volume.root(),
                  Name.of("f"),
                  Workbench.GUARDED,
                  AttributeChanges.NONE)
              .inode();
      volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
    return array;
  }

  /** Whoever has the directory next must find nobody who still writes to its payload files. */
  @ParameterizedTest
  @EnumSource
  void payloadFilesAreClosedBeforeAnybodyElseMayHaveTheDirectory(End end) {
    end.of(open());
    assertThat(closed).containsExactly("payload 1", "payload 2", "home");
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeClosedKeepsNothingElseOpen(End end) {
    failing = 1;
    ArrayEngine array = open();
    assertThatThrownBy(() -> end.of(array))
        .isInstanceOf(ArrayException.class)
        .hasMessage("simulated");
    assertThat(closed).containsExactly("payload 1", "payload 2", "home");
    end.of(array);
    assertThat(closed).as("a second end does nothing").hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void anArrayInMemoryEndsEitherWayAndTwice(End end) {
    ArrayEngine array = ArrayEngine.ephemeral(OPTIONS);
    array.createVolume("a", 8 * MIB);
    end.of(array);
    end.of(array);
    array.close();
    array.abandon();
  }

  @Test
  void noVolumeIsMadeInADirectoryThatIsGivenBack() {
    ArrayEngine array = ArrayEngine.open(OPTIONS, directory);
    array.close();
    assertThatThrownBy(() -> array.createVolume("late", 8 * MIB))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("closed");
    assertThat(directory.resolve("volume-1.blocks")).doesNotExist();
    assertThat(array.volume("late")).isEmpty();
  }
}
