/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.SimulatedCrash;

/**
 * Files of a host that keeps only what it must. Contents that were not forced are there after a
 * power failure, or not, in parts of 512 bytes; of the changes of names since they were forced, a
 * first part is there. Every operation that changes something is numbered; the power fails, or the
 * disk begins to fail, just before a chosen number.
 */
final class SimulatedFiles implements MetadataFiles {
  private static final int SECTOR_BYTES = 512;

  private static final class Content {
    byte[] stable = new byte[0];
    byte[] cached = new byte[0];
    final List<Integer> unforced = new ArrayList<>();
  }

  private final SplittableRandom random;
  private final Map<String, Content> names = new TreeMap<>();

  /** The names after each change since they were forced, the forced ones first. */
  private final List<Map<String, Content>> versions = new ArrayList<>(List.of(Map.of()));

  private long operations;
  private long powerFailsAt = Long.MAX_VALUE;
  private long failsFrom = Long.MAX_VALUE;
  private long failsUntil;

  SimulatedFiles(long seed) {
    random = new SplittableRandom(seed);
  }

  void failPowerAt(long operation) {
    powerFailsAt = operation;
  }

  void fail(long from, long until) {
    failsFrom = from;
    failsUntil = until;
  }

  long operations() {
    return operations;
  }

  SimulatedFiles afterPowerFailure() {
    SimulatedFiles found = new SimulatedFiles(random.nextLong());
    versions
        .get(random.nextInt(versions.size()))
        .forEach(
            (name, content) -> {
              Content survivor = new Content();
              survivor.stable = survivorOf(content);
              survivor.cached = survivor.stable.clone();
              found.names.put(name, survivor);
            });
    found.versions.set(0, Map.copyOf(found.names));
    return found;
  }

  private byte[] survivorOf(Content content) {
    byte[] survivor = content.stable.clone();
    int odds = random.nextInt(3);
    for (int sector : content.unforced) {
      if (odds == 0 || (odds == 1 && random.nextBoolean())) {
        int from = sector * SECTOR_BYTES;
        int to = Math.min(from + SECTOR_BYTES, content.cached.length);
        survivor = grown(survivor, to);
        System.arraycopy(content.cached, from, survivor, from, to - from);
      }
    }
    return survivor;
  }

  private static byte[] grown(byte[] bytes, int size) {
    return bytes.length >= size ? bytes : Arrays.copyOf(bytes, size);
  }

  private void operate() {
    long number = operations++;
    if (number >= powerFailsAt) {
      throw new SimulatedCrash(number);
    }
    if (number >= failsFrom && number < failsUntil) {
      throw new ArrayException(ArrayError.IO, "simulated failure");
    }
  }

  /** For damage: what is in a file now. */
  byte[] bytes(String name) {
    return names.get(name).cached;
  }

  void truncate(String name, int size) {
    Content content = names.get(name);
    content.cached = Arrays.copyOf(content.cached, size);
    content.stable = content.cached.clone();
  }

  @Override
  public MetadataFile open(String name) {
    if (!names.containsKey(name)) {
      operate();
      names.put(name, new Content());
      versions.add(Map.copyOf(names));
    }
    Content content = names.get(name);
    return new MetadataFile() {
      @Override
      public void write(long offsetBytes, ByteBuffer source) {
        int at = Math.toIntExact(offsetBytes);
        int end = at + source.remaining();
        try {
          operate();
        } catch (SimulatedCrash e) {
          if (operations - 1 == powerFailsAt) {
            put(source, at, end);
          }
          throw e;
        }
        put(source, at, end);
      }

      private void put(ByteBuffer source, int at, int end) {
        content.cached = grown(content.cached, end);
        source.get(content.cached, at, end - at);
        for (int i = at / SECTOR_BYTES; i * SECTOR_BYTES < end; i++) {
          content.unforced.add(i);
        }
      }

      @Override
      public void read(long offsetBytes, ByteBuffer target) {
        int at = (int) Math.min(offsetBytes, content.cached.length);
        target.put(content.cached, at, Math.min(target.remaining(), content.cached.length - at));
      }

      @Override
      public void force() {
        try {
          operate();
        } catch (ArrayException e) {
          content.unforced.clear(); // Linux forgets what it could not write
          throw e;
        }
        content.stable = content.cached.clone();
        content.unforced.clear();
      }

      @Override
      public long sizeBytes() {
        return content.cached.length;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public boolean exists(String name) {
    return names.containsKey(name);
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(names.keySet());
  }

  @Override
  public void rename(String from, String to) {
    operate();
    names.put(to, names.remove(from));
    versions.add(Map.copyOf(names));
  }

  @Override
  public void delete(String name) {
    if (names.containsKey(name)) {
      operate();
      names.remove(name);
      versions.add(Map.copyOf(names));
    }
  }

  @Override
  public void forceNames() {
    operate();
    versions.clear();
    versions.add(Map.copyOf(names));
  }
}
