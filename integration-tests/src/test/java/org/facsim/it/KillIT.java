/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of stable writes, again and again: whatever was acknowledged is
 * there, every block is one that was sent, and a check finds nothing.
 *
 * <p>{@code -Dfacsim.kill.rounds=100} for more; {@code -Dfacsim.kill.seed} as printed on failure.
 */
class KillIT {
  private static final int ROUNDS = Integer.getInteger("facsim.kill.rounds", 20);
  private static final long SEED = Long.getLong("facsim.kill.seed", System.nanoTime());
  private static final int BLOCK_BYTES = 4096;
  private static final int WRITERS = 16;
  private static final int BLOCKS_OF_A_WRITER = 24;

  @TempDir private Path folder;
  private Process process;
  private RpcClient rpc;
  private Nfs3Handle file;

  /** Per block the last version acknowledged, and the last one sent. */
  private final AtomicLongArray acknowledged = new AtomicLongArray(WRITERS * BLOCKS_OF_A_WRITER);

  private final AtomicLongArray sent = new AtomicLongArray(WRITERS * BLOCKS_OF_A_WRITER);

  @AfterEach
  void kill() throws InterruptedException {
    if (rpc != null) {
      rpc.close();
    }
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatWasAcknowledgedAsStableSurvivesEveryKill() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    start();
    file = handleOf(nfs().create(root(), "disk", new Create3.Guarded(Sattr3.NONE)).get());
    for (int round = 0; round < ROUNDS; round++) {
      for (int writer = 0; writer < WRITERS; writer++) {
        writeOn(nfs(), writer, random.split());
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(20, 400));
      process.destroyForcibly().waitFor();
      rpc.close();
      if (round % 5 == 0) {
        Outcome check = Processes.facsim("check", "--data-dir", data());
        assertThat(check.exitCode()).as("seed %d, round %d: %s", SEED, round, check).isEqualTo(0);
        assertThat(check.out()).isEmpty();
      }
      start();
      long survived = 0;
      for (int block = 0; block < sent.length(); block++) {
        survived += verify(block, round);
      }
      assertThat(survived).as("seed %d, round %d: blocks written", SEED, round).isPositive();
    }
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Outcome check = Processes.facsim("check", "--data-dir", data());
    assertThat(check.exitCode()).as("seed %d: %s", SEED, check).isEqualTo(0);
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void start() throws Exception {
    process =
        new ProcessBuilder(
                Processes.launcher().toString(),
                "serve",
                "--nfs-port",
                "0",
                "--volume",
                "v=64MiB",
                "--data-dir",
                data())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).as(Files.readString(folder.resolve("err"))).isNotNull();
    RpcClientOptions asRoot =
        RpcClientOptions.defaults()
            .withCredential(new Credential.Sys(0, "client", 0, 0, List.of()));
    rpc = RpcClient.connect(addressOf(line), asRoot).get(10, TimeUnit.SECONDS);
  }

  private static InetSocketAddress addressOf(String line) throws IOException {
    JsonNode ready = new ObjectMapper().readTree(line);
    String[] hostAndPort = ready.get("nfs").asText().split(":", -1);
    return new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
  }

  private Nfs3Client nfs() {
    return new Nfs3Client(rpc);
  }

  private Nfs3Handle root() throws InterruptedException, ExecutionException {
    return new Mount3Client(rpc).mount("/v").get().handle();
  }

  private static Nfs3Handle handleOf(Made3.Ok created) {
    return created.handle();
  }

  /** One write in flight for each writer; the next begins when it is acknowledged. */
  private void writeOn(Nfs3Client nfs, int writer, SplittableRandom random) {
    int block = writer * BLOCKS_OF_A_WRITER + random.nextInt(BLOCKS_OF_A_WRITER);
    if (sent.get(block) != acknowledged.get(block)) {
      return; // after a kill, until the block was read again
    }
    long version = sent.incrementAndGet(block);
    ByteBuf data = Unpooled.wrappedBuffer(contentsOf(block, version));
    CompletableFuture<?> unused =
        nfs.write(file, (long) block * BLOCK_BYTES, data, StableHow.FILE_SYNC)
            .whenComplete(
                (ok, failure) -> {
                  boolean isStable = failure == null && ok.committed() == StableHow.FILE_SYNC;
                  if (isStable && ok.countBytes() == BLOCK_BYTES) {
                    acknowledged.set(block, version);
                    writeOn(nfs, writer, random);
                  }
                });
  }

  /** The block, the number of its write, and noise. */
  private static byte[] contentsOf(int block, long version) {
    byte[] bytes = new byte[BLOCK_BYTES];
    new SplittableRandom(block * 1_000_003L + version).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(block).putLong(version);
    return bytes;
  }

  /** Returns 1 if the block holds data. What is found counts as acknowledged from here on. */
  private int verify(int block, int round) throws Exception {
    byte[] found =
        nfs()
            .read(
                file,
                (long) block * BLOCK_BYTES,
                BLOCK_BYTES,
                ok -> {
                  byte[] bytes = new byte[BLOCK_BYTES];
                  ok.data().getBytes(ok.data().readerIndex(), bytes, 0, (int) ok.countBytes());
                  return bytes;
                })
            .get(10, TimeUnit.SECONDS);
    for (long version = sent.get(block); version >= acknowledged.get(block); version--) {
      byte[] expected = version == 0 ? new byte[BLOCK_BYTES] : contentsOf(block, version);
      if (java.util.Arrays.equals(found, expected)) {
        sent.set(block, version);
        acknowledged.set(block, version);
        return version == 0 ? 0 : 1;
      }
    }
    ByteBuffer says = ByteBuffer.wrap(found);
    throw new AssertionError(
        "seed %d, round %d: block %d is none of the versions %d to %d, but says block %d, version %d"
            .formatted(
                SEED,
                round,
                block,
                acknowledged.get(block),
                sent.get(block),
                says.getLong(),
                says.getLong()));
  }
}
