/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.DataDirectory;
import org.facsim.array.volume.VolumeLimits;

/**
 * A data directory on a disk that can be told to fail its reads of data, as a worn medium does: a
 * test's way through the seam where the array meets its disk.
 */
public final class FailingMedium {
  private final Path directory;
  private volatile boolean isFailing;

  public FailingMedium(Path directory) {
    this.directory = directory;
  }

  /** A durable array on it. */
  public StorageArray open(ArrayOptions options) {
    return ArrayEngine.open(
        options, VolumeLimits.DEFAULT, new FailingHome(DataDirectory.open(directory)), true);
  }

  /** From now on every read of data fails, or none. */
  public void failReads(boolean fail) {
    isFailing = fail;
  }

  private final class FailingHome implements Home {
    private final Home home;

    FailingHome(Home home) {
      this.home = home;
    }

    @Override
    public MetadataStore metadata() {
      return home.metadata();
    }

    @Override
    public PayloadStore payload(int volume) {
      return new FailingFile(home.payload(volume));
    }

    @Override
    public void removePayload(int volume) {
      home.removePayload(volume);
    }

    @Override
    public void close() {
      home.close();
    }
  }

  private final class FailingFile implements PayloadStore {
    private final PayloadStore file;

    FailingFile(PayloadStore file) {
      this.file = file;
    }

    @Override
    public void write(long slot, ByteBuffer source) {
      file.write(slot, source);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      if (isFailing) {
        throw new ArrayException(ArrayError.IO, "reading at byte " + offsetBytes + " failed");
      }
      file.read(offsetBytes, target);
    }

    @Override
    public void force() {
      file.force();
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
