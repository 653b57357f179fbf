/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiSession;

/**
 * The clone call over loopback: client, RPC, session, engine, array and all, in one process; and
 * NFS beside a reader of the statistics. What is compared takes turns within one run. Clones are
 * measured at their best round.
 */
final class VaaiTable {
  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;
  private static final long GUEST_BYTES = 33 * GIB / 2;
  private static final long LARGE_BYTES = 1024 * GIB;
  private static final int WARM_UP_CALLS = 10_000;
  private static final int ROUNDS = 9;
  private static final int LONE_CALLS = 2_000;
  private static final int BUSY_CALLS = 10_000;
  private static final int BUSY_ROUNDS = 12;
  private static final int IN_FLIGHT = 32;

  private final FacsimArray array;
  private final RpcClient connection;
  private final VaaiSession session;
  private final Volume volume;

  private VaaiTable(FacsimArray array) {
    this.array = array;
    volume = array.storage().volumes().get(0);
    connection =
        RpcClient.connect(
                array.nfsAddress(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "benchmark", 0, 0, List.of())))
            .join();
    VaaiClient client = new VaaiClient(connection);
    session =
        new VaaiSession(
            client,
            client
                .startSession(
                    new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, "/one", "benchmark", 0))
                .join()
                .value());
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Goals goals = new Goals();
    Machine.describe(out);
    try (FacsimArray array =
        FacsimArray.builder().volume("one", 4096 * GIB).nfsPort(0).seed(1).start()) {
      VaaiTable table = new VaaiTable(array);
      table.timeClones(goals);
      table.timeNfsBesideStatistics(goals);
      table.connection.close();
    }
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  private void timeClones(Goals goals) {
    VaaiFile[] sources = {mapped("guest", GUEST_BYTES), mapped("large", LARGE_BYTES)};
    VaaiFile copy = handleOf(create("copy"));
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      cloneOnce(sources[i % 2], copy);
    }
    double[][] medians = new double[2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int which = 0; which < 2; which++) {
        medians[which][round] = loneMedianNanos(sources[which], copy);
      }
    }
    double guest = median(medians[0]);
    double large = median(medians[1]);
    goals.add("clone call, 16.5 GiB, 1 in flight", "< 1 ms", Goals.duration(guest), guest < 1e6);
    goals.add("clone call, 1 TiB, 1 in flight", "< 1 ms", Goals.duration(large), large < 1e6);
    double ratio = Math.max(guest, large) / Math.min(guest, large);
    goals.add("the two compared", "within 1.5x", Goals.text("%.2fx", ratio), ratio <= 1.5);
    for (int which = 0; which < 2; which++) {
      timeBusy(which == 0 ? "16.5 GiB" : "1 TiB", sources[which], copy, goals);
    }
  }

  private void cloneOnce(VaaiFile source, VaaiFile copy) {
    session.cloneFile(source, copy, 0).join().value();
  }

  private double loneMedianNanos(VaaiFile source, VaaiFile copy) {
    double[] nanos = new double[LONE_CALLS];
    for (int i = 0; i < LONE_CALLS; i++) {
      long start = System.nanoTime();
      cloneOnce(source, copy);
      nanos[i] = System.nanoTime() - start;
    }
    return median(nanos);
  }

  /** The best of some rounds, because the machine may have something else to do meanwhile. */
  private void timeBusy(String size, VaaiFile source, VaaiFile copy, Goals goals) {
    double bestNanos = Double.MAX_VALUE;
    double bestProcessorNanos = Double.MAX_VALUE;
    for (int round = 0; round < BUSY_ROUNDS; round++) {
      long start = System.nanoTime();
      long processorStart = ProcessorTime.nanos();
      inFlight(
          BUSY_CALLS, () -> session.cloneFile(source, copy, 0).thenApply(reply -> reply.value()));
      double processor = ProcessorTime.nanos() - processorStart;
      bestNanos = Math.min(bestNanos, (double) (System.nanoTime() - start) / BUSY_CALLS);
      bestProcessorNanos = Math.min(bestProcessorNanos, processor / BUSY_CALLS);
    }
    String what = "clones, " + size + ", 32 in flight";
    double rate = 1e9 / bestNanos;
    goals.add(what, ">= 5000/s", Goals.text("%.0f/s", rate), rate >= 5000);
    goals.note(what + ", processor time of both ends", Goals.duration(bestProcessorNanos));
  }

  private static void inFlight(int calls, Supplier<CompletableFuture<?>> call) {
    Deque<CompletableFuture<?>> waiting = new ArrayDeque<>();
    for (int i = 0; i < calls; i++) {
      if (waiting.size() == IN_FLIGHT) {
        waiting.remove().join();
      }
      waiting.add(call.get());
    }
    waiting.forEach(CompletableFuture::join);
  }

  /** GETATTR, since it has nothing else to do. */
  private void timeNfsBesideStatistics(Goals goals) throws InterruptedException {
    Nfs3Client nfs = new Nfs3Client(connection);
    Nfs3Handle file = Nfs3Handle.of(create("file").handle().toBytes());
    new StatisticsCost(array, () -> inFlight(StatisticsCost.BATCH, () -> nfs.getAttributes(file)))
        .measure(goals);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Inode create(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  /** A file without holes: the first MiB is written, the rest cloned from it in doubling ranges. */
  private VaaiFile mapped(String name, long sizeBytes) {
    Inode file = create(name);
    volume.files().write(Caller.ROOT, file, 0, ArrayUnderTest.words());
    for (long done = MIB; done < sizeBytes; done *= 2) {
      volume
          .clones()
          .cloneRange(Caller.ROOT, file, 0, file, done, Math.min(done, sizeBytes - done));
    }
    if (file.attributes().usedBytes() != sizeBytes) {
      throw new IllegalStateException(file + " has holes");
    }
    return handleOf(file);
  }

  private static VaaiFile handleOf(Inode file) {
    return VaaiFile.byHandle(file.handle().toBytes());
  }
}
