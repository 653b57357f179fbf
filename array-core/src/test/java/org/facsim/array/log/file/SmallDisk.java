/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;

/** A data directory on a disk of so many bytes, all in real files. Sizes count, holes too. */
public final class SmallDisk implements Home {
  private static final long LOG_BYTES = 64 << 10;

  private final Path directory;
  private final Map<String, Long> sizes = new HashMap<>();
  private long capacityBytes;

  private final ExecutorService folder = Executors.newSingleThreadExecutor();
  private final LoggedMetadata metadata;

  public SmallDisk(Path directory, long capacityBytes) {
    this.directory = directory;
    this.capacityBytes = capacityBytes;
    metadata =
        new LoggedMetadata(
            new SmallFiles(new DirectoryFiles(directory)), folder, LOG_BYTES, System::nanoTime);
  }

  public synchronized void resize(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  public synchronized long usedBytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many images there are, those that nothing names included. */
  public long imageCount() {
    return new DirectoryFiles(directory)
        .names().stream().filter(name -> name.endsWith(".image")).count();
  }

  private synchronized void claim(String name, long endBytes) {
    long more = endBytes - sizes.getOrDefault(name, 0L);
    if (more > 0 && usedBytes() + more > capacityBytes) {
      throw new ArrayException(ArrayError.NO_SPACE, name + ": simulated disk is full");
    }
    sizes.merge(name, Math.max(0, more), Long::sum);
  }

  private synchronized void forget(String name) {
    sizes.remove(name);
  }

  @Override
  public MetadataStore metadata() {
    return metadata;
  }

  @Override
  public PayloadStore payload(int volume) {
    String name = "volume-" + volume + ".blocks";
    PayloadStore file = new SparsePayloadFile(directory.resolve(name), true);
    claim(name, file.sizeBytes());
    return new ForwardingPayload(file) {
      @Override
      public void write(long slot, ByteBuffer source) {
        claim(name, slot * SLOT_BYTES + source.remaining());
        super.write(slot, source);
      }
    };
  }

  @Override
  public void removePayload(int volume) {
    new DirectoryFiles(directory).delete("volume-" + volume + ".blocks");
    forget("volume-" + volume + ".blocks");
  }

  @Override
  public void close() {
    metadata.close();
    folder.shutdown();
  }

  private final class SmallFiles extends ForwardingFiles {
    SmallFiles(MetadataFiles files) {
      super(files);
    }

    @Override
    public MetadataFile open(String name) {
      MetadataFile file = super.open(name);
      claim(name, file.sizeBytes());
      return new ForwardingFile(file) {
        @Override
        public void write(long offsetBytes, ByteBuffer source) {
          claim(name, offsetBytes + source.remaining());
          super.write(offsetBytes, source);
        }
      };
    }

    @Override
    public void rename(String from, String to) {
      super.rename(from, to);
      synchronized (SmallDisk.this) {
        sizes.put(to, sizes.remove(from));
      }
    }

    @Override
    public void delete(String name) {
      super.delete(name);
      forget(name);
    }
  }
}
