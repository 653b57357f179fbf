/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.CloneJobListener;
import org.facsim.vaai.offload.NamedProfiles;
import org.facsim.vaai.offload.OffloadEngine;
import org.facsim.vaai.offload.OffloadOptions;
import org.facsim.vaai.offload.VolumeProfiles;

/** An array of two volumes behind the VAAI program, with a session of root on each. */
final class VaaiLab implements AutoCloseable {
  static final int BLOCK = Volume.BLOCK_BYTES;
  static final long VOLUME_BYTES = 64L << 30;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T00:00:00Z"));
  private final List<CloneJobListener.Change> changes =
      Collections.synchronizedList(new ArrayList<>());
  private final StorageArray array;
  private final SwitchableExports exports;
  private final ManualScheduler scheduler;
  private final VolumeProfiles profiles = new VolumeProfiles(NamedProfiles.SHARING);
  private final OffloadEngine engine;
  private final VaaiWire wire;
  private final VaaiClient client;
  private long lastRequestId;

  VaaiLab() {
    this(array -> array);
  }

  /** A lab whose array makes things durable in its own way. */
  VaaiLab(Function<StorageArray, Durability> durability) {
    this(ArrayEngine::ephemeral, durability);
  }

  /** A lab whose array lives elsewhere. */
  VaaiLab(
      Function<ArrayOptions, StorageArray> home, Function<StorageArray, Durability> durability) {
    array = home.apply(new ArrayOptions(256L << 30, now::get, 1));
    array.createVolume("one", VOLUME_BYTES);
    array.createVolume("two", VOLUME_BYTES);
    exports = new SwitchableExports(array);
    SplittableRandom random = new SplittableRandom(1);
    scheduler = new ManualScheduler(now);
    engine =
        new OffloadEngine(
            array,
            profiles,
            new OffloadOptions(now::get, scheduler::nanoTime, scheduler, changes::add, 1024, 1024),
            durability.apply(array));
    VaaiEndpoint endpoint =
        new VaaiEndpoint(engine, exports, VaaiOptions.of(now::get, random::nextLong));
    array.addListener(
        new ArrayListener() {
          @Override
          public void restoring() {
            endpoint.forgetRequests();
          }

          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {
            engine.restored();
          }
        });
    wire = new VaaiWire(endpoint);
    client = new VaaiClient(wire.client());
  }

  StorageArray array() {
    return array;
  }

  Volume volume() {
    return array.volume("one").orElseThrow();
  }

  Volume otherVolume() {
    return array.volume("two").orElseThrow();
  }

  SwitchableExports exports() {
    return exports;
  }

  OffloadEngine engine() {
    return engine;
  }

  VolumeProfiles profiles() {
    return profiles;
  }

  ManualScheduler scheduler() {
    return scheduler;
  }

  VaaiWire wire() {
    return wire;
  }

  VaaiClient client() {
    return client;
  }

  List<CloneJobListener.Change> changes() {
    return List.copyOf(changes);
  }

  InstantSource clock() {
    return now::get;
  }

  /** Lets time pass while nothing runs. */
  void skip(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  void passSeconds(long seconds) {
    scheduler.pass(Duration.ofSeconds(seconds));
  }

  /** A client of another user. */
  VaaiClient clientOf(long uid) {
    return new VaaiClient(wire.connect(new Credential.Sys(0, "host", uid, uid, List.of())));
  }

  static SessionStartCall startCall(String exportPath) {
    return new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, exportPath, "host", 0);
  }

  SessionId session(String exportPath) {
    return VaaiWire.await(client.startSession(startCall(exportPath))).value().session();
  }

  /** A clone request with an id of its own. */
  CloneCall clone(SessionId session, VaaiFile source, VaaiFile destination, int flags) {
    return CloneCall.within(session, ++lastRequestId, source, destination, flags);
  }

  /** A reservation with an id of its own. */
  ReserveCall reserve(SessionId session, VaaiFile file, ReserveMode mode, long sizeBytes) {
    return new ReserveCall(session, ++lastRequestId, file, mode, sizeBytes);
  }

  /** Runs what is due until the answer is there, for at most 30 s. */
  void runSteps(CompletableFuture<?> answer) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!answer.isDone() && System.nanoTime() < deadlineNanos) {
      if (scheduler.runDue(100) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** All bytes that the call answers. */
  String replyBytes(CloneCall call) {
    return wire.reply(VaaiNas.PROC_CLONE, call);
  }

  /** The status that a clone is answered with. */
  VaaiStatus status(CloneCall call) {
    return VaaiWire.await(client.cloneFile(call)).status();
  }

  static String failure(VaaiStatus status, String reason) {
    return VaaiWire.bytes(VaaiReply.failed(status, reason));
  }

  Inode makeFile(Volume volume, String name, int mode) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(mode))
        .inode();
  }

  /** A file whose blocks are all written, each with words that tell the seed and the block. */
  Inode makeFile(String name, long seed, int blocks) {
    Inode file = makeFile(volume(), name, 0644);
    for (int block = 0; block < blocks; block++) {
      write(file, block, seed);
    }
    return file;
  }

  Inode makeDirectory(String name, int mode) {
    return volume()
        .names()
        .makeDirectory(Caller.ROOT, volume().root(), Name.of(name), AttributeChanges.ofMode(mode))
        .inode();
  }

  void write(Inode file, int block, long seed) {
    file.volume().files().write(Caller.ROOT, file, (long) block * BLOCK, pattern(seed, block));
  }

  void setSize(Inode file, long sizeBytes) {
    file.volume()
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null);
  }

  /** The seed that a block was written with; -1 for zeros; fails for anything else. */
  long seedAt(Inode file, int block) {
    ByteBuffer read = ByteBuffer.allocateDirect(BLOCK);
    file.volume().files().read(Caller.ROOT, file, (long) block * BLOCK, read);
    read.flip();
    if (read.equals(ByteBuffer.allocate(BLOCK))) {
      return -1;
    }
    long seed = read.getLong(0) >> 32;
    if (!read.equals(pattern(seed, block))) {
      throw new AssertionError("block " + block + " holds bytes that nobody wrote");
    }
    return seed;
  }

  private static ByteBuffer pattern(long seed, int block) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
    while (bytes.hasRemaining()) {
      bytes.putLong(seed << 32 | (long) block << 12 | bytes.position());
    }
    return bytes.flip();
  }

  boolean exists(String name) {
    return volume()
        .names()
        .readDirectory(Caller.ROOT, volume().root(), 0, 10_000)
        .entries()
        .stream()
        .anyMatch(entry -> entry.name().equals(Name.of(name)));
  }

  Inode lookup(String name) {
    return volume().names().lookup(Caller.ROOT, volume().root(), Name.of(name));
  }

  static VaaiFile handleOf(Inode inode) {
    return VaaiFile.byHandle(inode.handle().toBytes());
  }

  @Override
  public void close() {
    wire.close();
    engine.close();
    array.close();
  }
}
