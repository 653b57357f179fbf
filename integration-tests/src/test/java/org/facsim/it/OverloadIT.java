/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The program at the end of its direct memory and of its descriptors, by clients that never read,
 * that open connections by the thousand, or that fill it: in each case a good client is served
 * within a second throughout, everything works again afterwards, and SIGTERM ends it with 0.
 */
class OverloadIT {
  private static final int MIB = 1 << 20;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A third of it is the reserve. */
  private static final String LITTLE_MEMORY = "FACSIM_JAVA_OPTS=-XX:MaxDirectMemorySize=96m";

  private FacsimServer server;
  private RpcClient rpc;
  private Nfs3Client good;
  private Nfs3Handle root;
  private final List<SocketChannel> abusers = new ArrayList<>();

  private void start(String... prefix) throws Exception {
    server = FacsimServer.start(List.of(prefix), 0, "--volume", "v=1GiB", "--http-port", "0");
    rpc = connect();
    root = new Mount3Client(rpc).mount("/v").get(10, TimeUnit.SECONDS).handle();
    good = new Nfs3Client(rpc);
  }

  private RpcClient connect() throws Exception {
    return RpcClient.connect(
            server.address(),
            RpcClientOptions.defaults()
                .withCredential(new Credential.Sys(0, "good", 0, 0, List.of())))
        .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void end() throws IOException {
    leave();
    if (rpc != null) {
      rpc.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private void leave() throws IOException {
    for (SocketChannel abuser : abusers) {
      abuser.close();
    }
    abusers.clear();
  }

  private SocketChannel abuser() throws IOException {
    SocketChannel channel = SocketChannel.open();
    abusers.add(channel);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 10); // soon full
    channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
    channel.connect(server.address());
    channel.configureBlocking(false);
    return channel;
  }

  /** A GETATTR within a second. */
  private void assertServed() throws Exception {
    try {
      good.getAttributes(root).get(1, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("a good client waits for longer than a second", e);
    }
  }

  /** Everything: a file is made, written, read and removed, HTTP answers, a new client gets in. */
  private void assertWorks() throws Exception {
    try (RpcClient another = connect()) {
      Nfs3Client client = new Nfs3Client(another);
      Nfs3Handle file = create("works");
      byte[] data = noise(4, MIB);
      client.write(file, 0, Unpooled.wrappedBuffer(data), StableHow.FILE_SYNC).get();
      assertThat(client.getAttributes(file).get().attributes().sizeBytes()).isEqualTo(MIB);
      client.remove(root, "works").get();
    }
    assertThat(httpStatus()).isEqualTo(200);
    assertServed();
  }

  private Nfs3Handle create(String name) throws Exception {
    return good.create(root, name, new Create3.Guarded(Sattr3.NONE))
        .get(10, TimeUnit.SECONDS)
        .handle();
  }

  private int httpStatus() throws IOException {
    HttpURLConnection http =
        (HttpURLConnection)
            URI.create("http://" + server.httpAddress() + "/api/v1/array").toURL().openConnection();
    http.setReadTimeout(10_000);
    try {
      return http.getResponseCode();
    } finally {
      http.disconnect();
    }
  }

  private static byte[] noise(long seed, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private void assertStops() throws Exception {
    assertThat(server.errors()).doesNotContain("OutOfMemory").doesNotContain("\tat ");
    assertThat(server.terminate()).isZero();
  }

  @Test
  void memoryThatBlocksHaveFilledOnceStillAnswersAndIsThereAgainWhenTheyAreGone() throws Exception {
    start("env", LITTLE_MEMORY);
    Nfs3Handle file = create("full");
    long offsetBytes = 0;
    Nfs3Status status = Nfs3Status.OK;
    while (status == Nfs3Status.OK) {
      status = write(file, offsetBytes);
      offsetBytes += MIB;
      assertThat(offsetBytes).isLessThan(96L * MIB);
    }
    assertThat(status).isEqualTo(Nfs3Status.NOSPC);
    assertThat(offsetBytes).isGreaterThan(48L * MIB);
    long available = good.fsstat(root).get().availableBytes();
    assertThat(available).as("the volume has a GiB, memory has not").isLessThan(8L * MIB);
    assertThat(httpStatus()).as("the first call").isEqualTo(200);
    for (int i = 0; i < 40; i++) {
      create("made-" + i);
      assertServed();
    }
    good.remove(root, "full").get();
    await().atMost(LIMIT).until(() -> good.fsstat(root).get().availableBytes() > 48L * MIB);
    for (int i = 0; i < 40; i++) {
      good.remove(root, "made-" + i).get(10, TimeUnit.SECONDS);
    }
    assertWorks();
    assertThat(server.errors().lines().filter(line -> line.contains("host memory is at its end")))
        .as("said, but not for each call")
        .hasSizeBetween(1, 2)
        .allMatch(line -> line.contains("-XX:MaxDirectMemorySize"));
    assertStops();
  }

  private Nfs3Status write(Nfs3Handle file, long offsetBytes) throws Exception {
    try {
      good.write(
              file,
              offsetBytes,
              Unpooled.wrappedBuffer(noise(offsetBytes, MIB)),
              StableHow.UNSTABLE)
          .get(20, TimeUnit.SECONDS);
      return Nfs3Status.OK;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Nfs3Exception refused) {
        return refused.status();
      }
      throw e;
    }
  }

  @Test
  void threeHundredClientsThatNeverReadDelayNobody() throws Exception {
    start("env", LITTLE_MEMORY);
    byte[] calls = nullCalls(20_000);
    List<ByteBuffer> unsent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      abuser();
      unsent.add(ByteBuffer.wrap(calls));
      push(unsent);
      assertServed();
    }
    for (int round = 0; round < 20; round++) {
      push(unsent);
      assertServed();
    }
    assertThat(server.errors()).doesNotContain("direct memory");
    leave();
    assertWorks();
    assertStops();
  }

  /** As much as each of them takes now. */
  private void push(List<ByteBuffer> unsent) {
    for (int i = Math.max(0, unsent.size() - 40); i < unsent.size(); i++) {
      try {
        abusers.get(i).write(unsent.get(i));
      } catch (IOException e) {
        // the server has ended it
      }
    }
  }

  private static byte[] nullCalls(int count) {
    ByteBuffer calls = ByteBuffer.allocate(count * 44);
    for (int xid = 0; xid < count; xid++) {
      calls.putInt(0x8000_0028).putInt(xid).putInt(0).putInt(2);
      calls.putInt(100003).putInt(3).putInt(0).putLong(0).putLong(0);
    }
    return calls.array();
  }

  @Test
  void tenThousandIdleConnectionsOfOneAddressLockNobodyElseOut() throws Exception {
    start("sh", "-c", "ulimit -n 1024; exec \"$@\"", "sh");
    for (int i = 0; i < 10_000; i++) {
      abuser();
      if (i % 100 == 0) {
        assertServed();
        while (abusers.size() > 1200) {
          abusers.remove(0).close();
        }
      }
    }
    assertWorks();
    leave();
    assertWorks();
    assertStops();
  }

  @Test
  void withoutADescriptorLeftOpenConnectionsAreServedAndLaterOthersGetInAgain() throws Exception {
    start();
    Assumptions.assumeTrue(limitDescriptors(20), "no prlimit here");
    try (Socket waiting = new Socket()) {
      waiting.connect(server.address());
      for (int i = 0; i < 10; i++) {
        assertServed();
        Thread.sleep(50);
      }
      await().atMost(LIMIT).until(() -> server.errors().contains("cannot accept a connection"));
      assertThat(limitDescriptors(4096)).isTrue();
      waiting.setSoTimeout((int) LIMIT.toMillis());
      waiting.getOutputStream().write(nullCalls(1));
      assertThat(new DataInputStream(waiting.getInputStream()).readInt()).isEqualTo(0x8000_0018);
    }
    assertWorks();
    assertStops();
  }

  private boolean limitDescriptors(int count) throws Exception {
    try {
      return new ProcessBuilder(
                  "prlimit", "--pid", Long.toString(server.pid()), "--nofile=" + count + ":")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
