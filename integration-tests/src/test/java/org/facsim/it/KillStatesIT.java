/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.it.ExpectedStates.Content;
import org.facsim.it.ExpectedStates.Contents;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.vaai.SessionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while named states are saved, restored and deleted over HTTP and files are cloned
 * over VAAI between stable writes, truncates, creates, renames and removes over NFS. One call is
 * under way at a time, so after a restart exactly two things can be: that call happened, or it did
 * not. Every state that is there is restored and must have exactly the files and bytes that the
 * array had when it was saved. Every block says for which file and place it was written and which
 * write it is. {@link KillIT} has many writers at a time.
 *
 * <p>{@code -Dfacsim.kill.rounds=100} for more; {@code -Dfacsim.kill.seed} as printed on failure.
 */
class KillStatesIT {
  private static final int ROUNDS = Integer.getInteger("facsim.kill.rounds", 20);
  private static final long SEED = Long.getLong("facsim.kill.seed", System.nanoTime());
  private static final int NAME_BYTES = 24;
  private static final int MAX_FILES = 12;
  private static final int MAX_STATES = 5;
  private static final int PATIENCE_SECONDS = 30;

  /** For what a write was made, once and for all; a clone has it at the same place. */
  private record Origin(String file, int block) {}

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private FacsimServer server;
  private RootClient client;
  private SessionId session;

  /** All that was acknowledged; and what the call under way makes of it. */
  private volatile ExpectedStates acknowledged =
      new ExpectedStates(new Contents(Map.of()), Map.of());

  private volatile ExpectedStates underWay = acknowledged;
  private final Map<Long, Origin> origins = new ConcurrentHashMap<>();
  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private long lastNumber;

  @AfterEach
  void kill() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void namedStatesAndTheirContentsSurviveEveryKill() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    String data = folder.resolve("data").toString();
    server = FacsimServer.start("--volume", "v=64MiB", "--data-dir", data, "--http-port", "0");
    connect();
    Set<String> seen = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom ofRound = random.split();
      CompletableFuture<Void> work = CompletableFuture.runAsync(() -> workUntilKilled(ofRound));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 600));
      server.kill();
      work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      client.close();
      if (round % 5 == 0) {
        check(data, round);
      }
      server.restart();
      connect();
      verify(round);
      seen.addAll(acknowledged.states().keySet());
    }
    assertThat(seen).as("seed %d: states that survived a kill", SEED).isNotEmpty();
    assertThat(done)
        .as("seed %d: what happened between kills", SEED)
        .contains("create", "rename", "truncate", "clone", "save", "restore", "write");
    server.kill();
    check(data, ROUNDS);
  }

  private void connect() throws InterruptedException, ExecutionException, TimeoutException {
    client = RootClient.connect(server.address());
    session = client.startSession("/v");
  }

  private static void check(String data, int round) {
    Outcome check = Processes.facsim("check", "--data-dir", data);
    assertThat(check.exitCode()).as("seed %d, round %d: %s", SEED, round, check).isEqualTo(0);
    assertThat(check.out()).isEmpty();
  }

  // ---------------------------------------------------------------- work

  private void workUntilKilled(SplittableRandom random) {
    try {
      while (true) {
        step(random);
        acknowledged = underWay;
      }
    } catch (IOException | ExecutionException e) {
      // The server is gone: the call under way has no answer.
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException("seed " + SEED, e);
    }
  }

  private void step(SplittableRandom random)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    ExpectedStates now = acknowledged;
    int dice = random.nextInt(100);
    boolean isOfStates = dice < 15 && !now.live().files().isEmpty();
    String what = isOfStates ? changeStates(now, random) : changeFiles(now, dice, random);
    done.add(what); // it was answered
  }

  private String changeStates(ExpectedStates now, SplittableRandom random)
      throws IOException, InterruptedException {
    List<String> states = List.copyOf(now.states().keySet());
    int dice = random.nextInt(3);
    if (states.isEmpty() || (dice == 0 && states.size() < MAX_STATES)) {
      String name = "state-" + ++lastNumber;
      underWay = now.withState(name, now.live());
      send("POST", "", "{\"name\":\"" + name + "\"}");
      return "save";
    }
    String name = states.get(random.nextInt(states.size()));
    if (dice == 1 || states.size() == 1) {
      underWay = now.withLive(now.states().get(name));
      send("POST", "/" + name + "/restore", "");
      return "restore";
    }
    underWay = now.withState(name, null);
    send("DELETE", "/" + name, "");
    return "delete";
  }

  private String changeFiles(ExpectedStates now, int dice, SplittableRandom random)
      throws InterruptedException, ExecutionException, TimeoutException {
    Contents live = now.live();
    List<String> files = List.copyOf(live.files().keySet());
    if (files.isEmpty() || (dice < 22 && files.size() < MAX_FILES)) {
      String name = "file-" + ++lastNumber;
      underWay = now.withLive(live.with(name, Content.EMPTY));
      await(nfs().create(root(), name, new Create3.Guarded(Sattr3.NONE)));
      return "create";
    }
    String name = files.get(random.nextInt(files.size()));
    Content content = live.files().get(name);
    if (dice < 26 && files.size() > 1) {
      underWay = now.withLive(live.without(name));
      await(nfs().remove(root(), name));
      return "remove";
    }
    if (dice < 34) {
      String other = random.nextBoolean() ? "file-" + ++lastNumber : files.get(0);
      underWay = now.withLive(live.without(name).with(other, content));
      await(nfs().rename(root(), name, root(), other));
      return "rename";
    }
    if (dice < 42) {
      int count = random.nextInt(ExpectedStates.BLOCKS + 1);
      underWay = now.withLive(live.with(name, content.cut(count)));
      Sattr3 size = Sattr3.ofSize((long) count * ExpectedStates.BLOCK_BYTES);
      await(nfs().setAttributes(await(nfs().lookup(root(), name)).handle(), size));
      return "truncate";
    }
    String copy = dice < 55 ? sameSize(live, name) : null;
    if (copy != null) {
      underWay = now.withLive(live.with(copy, content));
      client.cloneFile(session, name, copy);
      return "clone";
    }
    write(now, name, random.nextInt(ExpectedStates.BLOCKS));
    return "write";
  }

  /** Another file that a clone may replace: one of the same size. */
  private static String sameSize(Contents live, String name) {
    return live.files().entrySet().stream()
        .filter(each -> !each.getKey().equals(name))
        .filter(each -> each.getValue().sizeBytes() == live.files().get(name).sizeBytes())
        .map(Map.Entry::getKey)
        .findAny()
        .orElse(null);
  }

  private void write(ExpectedStates now, String name, int block)
      throws InterruptedException, ExecutionException, TimeoutException {
    long number = ++lastNumber;
    origins.put(number, new Origin(name, block));
    Content content = now.live().files().get(name).written(block, number);
    underWay = now.withLive(now.live().with(name, content));
    Nfs3Handle file = await(nfs().lookup(root(), name)).handle();
    ByteBuf bytes = Unpooled.wrappedBuffer(bytesOf(number));
    await(nfs().write(file, (long) block * ExpectedStates.BLOCK_BYTES, bytes, StableHow.FILE_SYNC));
  }

  /** The number of the write, the file and the block for which it was made, and noise. */
  private byte[] bytesOf(long number) {
    byte[] bytes = new byte[ExpectedStates.BLOCK_BYTES];
    if (number != 0) {
      new SplittableRandom(number).nextBytes(bytes);
      Origin origin = origins.get(number);
      ByteBuffer block = ByteBuffer.wrap(bytes).putLong(number).putInt(origin.block());
      block.put(Arrays.copyOf(origin.file().getBytes(StandardCharsets.US_ASCII), NAME_BYTES));
    }
    return bytes;
  }

  // ---------------------------------------------------------------- judgement

  /** What is found is acknowledged from here on. */
  private void verify(int round) throws Exception {
    Contents live = read();
    Set<String> states = listStates();
    ExpectedStates found = null;
    for (ExpectedStates possible : List.of(acknowledged, underWay)) {
      if (possible.live().equals(live) && possible.states().keySet().equals(states)) {
        found = possible;
      }
    }
    assertThat(found)
        .as(
            "seed %d, round %d: %s with states %s is neither %s nor %s",
            SEED, round, live, states, acknowledged, underWay)
        .isNotNull();
    for (Map.Entry<String, Contents> state : found.states().entrySet()) {
      send("POST", "/" + state.getKey() + "/restore", "");
      assertThat(read())
          .as("seed %d, round %d: %s restored", SEED, round, state.getKey())
          .isEqualTo(state.getValue());
      found = found.withLive(state.getValue());
    }
    acknowledged = found;
    underWay = found;
  }

  /** Every file with its size and the write that each block is from, by its bytes. */
  private Contents read() throws Exception {
    Contents contents = new Contents(Map.of());
    for (ReadDirPlus3.Entry entry : await(nfs().list(root()))) {
      String name = entry.name().toString();
      Nfs3Handle file = await(nfs().lookup(root(), name)).handle();
      long sizeBytes = await(nfs().getAttributes(file)).attributes().sizeBytes();
      List<Long> blocks = new ArrayList<>();
      for (int block = 0; block < ExpectedStates.BLOCKS; block++) {
        byte[] bytes =
            await(
                nfs()
                    .read(
                        file,
                        (long) block * ExpectedStates.BLOCK_BYTES,
                        ExpectedStates.BLOCK_BYTES,
                        ok -> {
                          byte[] read =
                              new byte[ExpectedStates.BLOCK_BYTES]; // zeros beyond the end
                          ok.data()
                              .getBytes(ok.data().readerIndex(), read, 0, (int) ok.countBytes());
                          return read;
                        }));
        blocks.add(writeOf(bytes, name, block));
      }
      contents = contents.with(name, new Content(sizeBytes, List.copyOf(blocks)));
    }
    return contents;
  }

  /** Which write a block is from; it must be whole and at its place. */
  private long writeOf(byte[] bytes, String name, int block) {
    long number = ByteBuffer.wrap(bytes).getLong();
    Origin origin = origins.getOrDefault(number, new Origin("nothing", block));
    boolean known = number == 0 || origins.containsKey(number);
    if (!known || origin.block() != block || !Arrays.equals(bytes, bytesOf(number))) {
      throw new AssertionError(
          "seed %d: block %d of %s is not write %d of %s"
              .formatted(SEED, block, name, number, origin));
    }
    return number;
  }

  // ---------------------------------------------------------------- calls

  private Nfs3Client nfs() {
    return client.nfs();
  }

  private Nfs3Handle root() throws InterruptedException, ExecutionException, TimeoutException {
    return client.mount("/v");
  }

  private static <T> T await(CompletableFuture<T> reply)
      throws InterruptedException, ExecutionException, TimeoutException {
    return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request(method, path, body), asText());
    assertThat(response.statusCode())
        .as("seed %d: %s %s: %s", SEED, method, path, response.body())
        .isBetween(200, 204);
  }

  private Set<String> listStates() throws IOException, InterruptedException {
    String listing = http.send(request("GET", "", ""), asText()).body();
    Set<String> names = new TreeSet<>();
    for (JsonNode name : new ObjectMapper().readTree(listing).findValues("name")) {
      names.add(name.asText());
    }
    return names;
  }

  private static HttpResponse.BodyHandler<String> asText() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(
            URI.create("http://" + server.httpAddress() + "/api/v1/states" + path))
        .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
        .header("Content-Type", "application/json")
        .method(
            method,
            body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
