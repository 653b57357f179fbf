/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Home;
import org.facsim.array.log.MemoryMetadata;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.SimulatedCrash;

/**
 * A host's disk that keeps only what it must.
 *
 * <p>Payload that was not forced when the power failed is there, or not, or in parts of 512 bytes,
 * whatever the order of the writes was. Batches are atomic; one that was being appended when the
 * power failed may be there. Every write, force and append is numbered, and the power fails, or the
 * disk begins to fail or to be full, just before a chosen number.
 */
public final class SimulatedDisk implements Home {
  private static final int SECTOR_BYTES = 512;

  /** What the disk does from a chosen operation on. */
  public enum Trouble {
    POWER_FAILURE,
    FULL,
    FAILING
  }

  /** When somebody may step in: no lock of the disk is held then. */
  public enum Moment {
    BEFORE_WRITE,
    AFTER_WRITE,
    BEFORE_READ,
    AFTER_READ,
    BEFORE_FORCE,
    AFTER_FORCE,
    BEFORE_APPEND,
    AFTER_APPEND
  }

  private static final class File {
    byte[] stable = new byte[0];
    byte[] cached = new byte[0];
    final List<Write> unforced = new ArrayList<>();

    File() {}

    File(byte[] stable) {
      this.stable = stable.clone();
      this.cached = stable.clone();
    }
  }

  /** A write since the last force. */
  private static final class Write {
    final int at;
    final byte[] bytes;

    Write(int at, byte[] bytes) {
      this.at = at;
      this.bytes = bytes;
    }
  }

  private final SplittableRandom random;
  private final MemoryMetadata metadata;
  private final Map<Integer, File> files = new HashMap<>();
  private long operations;
  private long troubleAt = Long.MAX_VALUE;
  private long troubleUntil = Long.MAX_VALUE;
  private Trouble trouble = Trouble.POWER_FAILURE;
  private volatile Consumer<Moment> visitor = moment -> {};

  public SimulatedDisk(long seed) {
    this(new SplittableRandom(seed), new MemoryMetadata());
  }

  private SimulatedDisk(SplittableRandom random, MemoryMetadata metadata) {
    this.random = random;
    this.metadata = metadata;
  }

  /** From operation {@code from} (counted from 0) until {@code until}, exclusive. */
  public synchronized void plan(Trouble trouble, long from, long until) {
    this.trouble = trouble;
    troubleAt = from;
    troubleUntil = until;
  }

  /** Is called at every moment, by the thread whose operation it is. */
  public void visit(Consumer<Moment> newVisitor) {
    visitor = newVisitor;
  }

  public synchronized long operations() {
    return operations;
  }

  /** The disk as it is found after the power failed now. */
  public synchronized SimulatedDisk afterPowerFailure() {
    SimulatedDisk found =
        new SimulatedDisk(new SplittableRandom(random.nextLong()), new MemoryMetadata(metadata));
    files.forEach((volume, file) -> found.files.put(volume, new File(survivorOf(file))));
    return found;
  }

  private byte[] survivorOf(File file) {
    byte[] survivor = file.stable.clone();
    List<int[]> sectors = new ArrayList<>();
    for (int write = 0; write < file.unforced.size(); write++) {
      for (int at = 0; at < file.unforced.get(write).bytes.length; at += SECTOR_BYTES) {
        sectors.add(new int[] {write, at});
      }
    }
    int odds = random.nextInt(3);
    for (int i = sectors.size(); i > 0; i--) {
      int pick = random.nextInt(i);
      int[] sector = sectors.get(pick);
      sectors.set(pick, sectors.get(i - 1));
      if (odds == 0 || (odds == 1 && random.nextBoolean())) {
        Write write = file.unforced.get(sector[0]);
        int at = write.at + sector[1];
        survivor = grown(survivor, at + SECTOR_BYTES);
        System.arraycopy(write.bytes, sector[1], survivor, at, SECTOR_BYTES);
      }
    }
    return survivor;
  }

  private static byte[] grown(byte[] bytes, int size) {
    return bytes.length >= size ? bytes : Arrays.copyOf(bytes, size);
  }

  /** Counts an operation; returns whether it succeeds. */
  private boolean operate() {
    long number = operations++;
    if (number < troubleAt || number >= troubleUntil) {
      return true;
    }
    if (trouble == Trouble.POWER_FAILURE) {
      troubleUntil = Long.MAX_VALUE;
      throw new SimulatedCrash(number);
    }
    return false;
  }

  private ArrayException refusal() {
    return new ArrayException(
        trouble == Trouble.FULL ? ArrayError.NO_SPACE : ArrayError.IO, "simulated " + trouble);
  }

  @Override
  public MetadataStore metadata() {
    return new MetadataStore() {
      @Override
      public void append(Batch batch) {
        visitor.accept(Moment.BEFORE_APPEND);
        synchronized (SimulatedDisk.this) {
          try {
            if (!operate()) {
              throw refusal();
            }
          } catch (SimulatedCrash e) {
            if (operations - 1 == troubleAt && random.nextBoolean()) {
              metadata.append(batch);
            }
            throw e;
          }
          metadata.append(batch);
        }
        visitor.accept(Moment.AFTER_APPEND);
      }

      @Override
      public void load(RecordKind kind, int volume, Batch.Changes into) {
        metadata.load(kind, volume, into);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized PayloadStore payload(int volume) {
    File file = files.computeIfAbsent(volume, unused -> new File());
    return new PayloadStore() {
      @Override
      public void write(long slot, ByteBuffer source) {
        visitor.accept(Moment.BEFORE_WRITE);
        synchronized (SimulatedDisk.this) {
          SimulatedDisk.this.write(file, Math.toIntExact(slot * SLOT_BYTES), source);
        }
        visitor.accept(Moment.AFTER_WRITE);
      }

      @Override
      public void read(long offsetBytes, ByteBuffer target) {
        visitor.accept(Moment.BEFORE_READ);
        synchronized (SimulatedDisk.this) {
          byte[] bytes = grown(file.cached, (int) offsetBytes + target.remaining());
          target.put(bytes, (int) offsetBytes, target.remaining());
        }
        visitor.accept(Moment.AFTER_READ);
      }

      @Override
      public void force() {
        visitor.accept(Moment.BEFORE_FORCE);
        synchronized (SimulatedDisk.this) {
          SimulatedDisk.this.force(file);
        }
        visitor.accept(Moment.AFTER_FORCE);
      }

      @Override
      public long sizeBytes() {
        return file.cached.length;
      }

      @Override
      public void close() {}
    };
  }

  private void write(File file, int at, ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    boolean succeeds;
    try {
      succeeds = operate();
    } catch (SimulatedCrash e) {
      if (operations - 1 == troubleAt) {
        file.unforced.add(new Write(at, bytes));
      }
      throw e;
    }
    if (!succeeds) {
      throw refusal();
    }
    source.position(source.limit());
    file.cached = grown(file.cached, at + bytes.length);
    System.arraycopy(bytes, 0, file.cached, at, bytes.length);
    file.unforced.add(new Write(at, bytes));
  }

  /** A failed force drops what it could not write, as Linux does: it will not be tried again. */
  private void force(File file) {
    boolean succeeds = operate();
    if (succeeds) {
      for (Write write : file.unforced) {
        file.stable = grown(file.stable, write.at + write.bytes.length);
        System.arraycopy(write.bytes, 0, file.stable, write.at, write.bytes.length);
      }
    }
    file.unforced.clear();
    if (!succeeds) {
      throw refusal();
    }
  }

  @Override
  public synchronized void removePayload(int volume) {
    files.remove(volume);
  }

  @Override
  public void close() {}

  // ---------------------------------------------------------------- memory

  private long changesUntilMemoryEnds = Long.MAX_VALUE;

  /** After so many changes put into batches, memory ends once. */
  public synchronized void endMemoryAfter(long changes) {
    changesUntilMemoryEnds = changes;
  }

  @Override
  public Batch newBatch() {
    return new Batch() {
      @Override
      public void reserve(int bytes) {
        synchronized (SimulatedDisk.this) {
          if (changesUntilMemoryEnds-- == 0) {
            throw new OutOfMemoryError("simulated");
          }
        }
        super.reserve(bytes);
      }
    };
  }
}
