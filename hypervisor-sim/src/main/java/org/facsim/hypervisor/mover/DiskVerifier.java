/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.mover.Verification.Mismatch;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.Segment;

/**
 * Compares a disk with what it must hold. The disk is read over NFS, through its descriptor and
 * redo logs. Throws {@link DatastoreException} if the disk cannot be read at all.
 */
public final class DiskVerifier {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int READ_AHEAD = 12;
  private static final int MAX_HOLE_CHUNKS = 64;

  private final Datastore datastore;

  public DiskVerifier(Datastore datastore) {
    this.datastore = datastore;
  }

  /** Compares every byte, including holes. */
  public Verification verifyAll(String descriptorPath, DiskContents expected) {
    DiskChain chain = openAsExpected(descriptorPath, expected);
    long[] next = {0};
    return verifyChunks(
        chain,
        expected,
        () -> {
          long at = next[0];
          next[0] += CHUNK_BYTES;
          return at < expected.capacityBytes() ? at : -1;
        });
  }

  /**
   * Compares a sample of aligned 1 MiB chunks: the first and last chunk of every written run, some
   * chunks of holes, then random written chunks until {@code sampleBytes} are chosen. Compares the
   * whole disk if it is no larger than the sample.
   *
   * @param seed makes the random choice repeatable
   */
  public Verification verifySample(
      String descriptorPath, DiskContents expected, long sampleBytes, long seed) {
    if (expected.capacityBytes() <= sampleBytes) {
      return verifyAll(descriptorPath, expected);
    }
    DiskChain chain = openAsExpected(descriptorPath, expected);
    Deque<Long> chunks = new ArrayDeque<>(draw(expected, sampleBytes, seed));
    return verifyChunks(
        chain, expected, () -> chunks.isEmpty() ? -1 : chunks.removeFirst() * CHUNK_BYTES);
  }

  private DiskChain openAsExpected(String descriptorPath, DiskContents expected) {
    DiskChain chain = DiskChain.open(datastore, descriptorPath);
    if (chain.capacityBytes() != expected.capacityBytes()) {
      throw new DatastoreException(
          DatastoreError.DAMAGED,
          "%s has %d bytes, not %d"
              .formatted(descriptorPath, chain.capacityBytes(), expected.capacityBytes()));
    }
    return chain;
  }

  private static Set<Long> draw(DiskContents expected, long sampleBytes, long seed) {
    TreeSet<Long> chunks = new TreeSet<>();
    SplittableRandom random = new SplittableRandom(seed);
    List<WriteRun> runs = expected.runs();
    long holeStart = 0;
    List<long[]> holes = new ArrayList<>();
    for (WriteRun run : runs) {
      chunks.add(run.offsetBytes() / CHUNK_BYTES);
      chunks.add((run.endBytes() - 1) / CHUNK_BYTES);
      addHole(holes, holeStart, run.offsetBytes());
      holeStart = run.endBytes();
    }
    addHole(holes, holeStart, expected.capacityBytes());
    for (int i = 0; i < MAX_HOLE_CHUNKS && !holes.isEmpty(); i++) {
      long[] hole = holes.get(random.nextInt(holes.size()));
      chunks.add(random.nextLong(hole[0], hole[1]) / CHUNK_BYTES);
    }
    long wanted = Math.min(sampleBytes, expected.writtenBytes()) / CHUNK_BYTES;
    // A draw may hit a chunk that was chosen before. The bound ends the loop on a small disk.
    for (long draws = 0; chunks.size() < wanted && draws < 4 * wanted; draws++) {
      WriteRun run = runs.get(random.nextInt(runs.size()));
      chunks.add((run.offsetBytes() + random.nextLong(run.lengthBytes())) / CHUNK_BYTES);
    }
    return chunks;
  }

  private static void addHole(List<long[]> holes, long startBytes, long endBytes) {
    if (startBytes < endBytes) {
      holes.add(new long[] {startBytes, endBytes});
    }
  }

  /** A piece of a chunk that is being read. */
  private record Reading(Segment segment, CompletableFuture<ByteBuf> data) {}

  private Verification verifyChunks(DiskChain chain, DiskContents expected, LongSupplier chunks) {
    Deque<Reading> readings = new ArrayDeque<>();
    long verified = 0;
    try {
      long at = chunks.getAsLong();
      while (at >= 0 || !readings.isEmpty()) {
        while (at >= 0 && readings.size() < READ_AHEAD) {
          issue(chain, at, readings);
          at = chunks.getAsLong();
        }
        Reading reading = readings.removeFirst();
        Optional<Mismatch> mismatch = compare(reading, expected);
        if (mismatch.isPresent()) {
          return new Verification(verified, mismatch);
        }
        verified += reading.segment().lengthBytes();
      }
      return new Verification(verified, Optional.empty());
    } finally {
      readings.forEach(
          reading -> {
            var unused = reading.data().thenAccept(ByteBuf::release);
          });
    }
  }

  private static void issue(DiskChain chain, long offsetBytes, Deque<Reading> readings) {
    int length = (int) Math.min(CHUNK_BYTES, chain.capacityBytes() - offsetBytes);
    for (Segment segment : chain.resolve(offsetBytes, length)) {
      int done = 0;
      while (done < segment.lengthBytes()) {
        int count = segment.lengthBytes() - done;
        if (!segment.isZeros()) {
          count = Math.min(segment.file().maxReadBytes(), count);
        }
        Segment piece = segment.part(done, count);
        readings.addLast(new Reading(piece, piece.read()));
        done += count;
      }
    }
  }

  private static Optional<Mismatch> compare(Reading reading, DiskContents expected) {
    Segment segment = reading.segment();
    ByteBuf data = Replies.await(reading.data());
    try {
      if (data.readableBytes() != segment.lengthBytes()) {
        throw new DatastoreException(
            DatastoreError.DAMAGED,
            "%s: %d of %d bytes"
                .formatted(segment.place(), data.readableBytes(), segment.lengthBytes()));
      }
      ByteBuffer view = WordSearch.view(data);
      for (Span span : expected.spans(segment.diskOffsetBytes(), segment.lengthBytes())) {
        int index = (int) (span.offsetBytes() - segment.diskOffsetBytes());
        int difference =
            WordSearch.firstDifference(view, index, (int) span.lengthBytes(), span.word());
        if (difference >= 0) {
          long found =
              view.slice(index + difference, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
          return Optional.of(new Mismatch(span.offsetBytes() + difference, span.word(), found));
        }
      }
      return Optional.empty();
    } finally {
      data.release();
    }
  }
}
