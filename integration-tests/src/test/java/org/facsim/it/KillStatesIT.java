/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while named states are saved, restored and deleted over HTTP between stable
 * writes, creates and removes over NFS. One call is under way at a time, so after a restart exactly
 * two things can be: that call happened, or it did not. Every state that is there is restored and
 * must have exactly the files and bytes that the array had when it was saved.
 *
 * <p>{@code -Dfacsim.kill.rounds=100} for more; {@code -Dfacsim.kill.seed} as printed on failure.
 */
class KillStatesIT {
  private static final int ROUNDS = Integer.getInteger("facsim.kill.rounds", 20);
  private static final long SEED = Long.getLong("facsim.kill.seed", System.nanoTime());
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 8;
  private static final int MAX_FILES = 12;
  private static final int MAX_STATES = 5;
  private static final int PATIENCE_SECONDS = 30;

  /** What an array has: of each file the version of each block, 0 for a hole. */
  private record Contents(Map<String, List<Long>> files) {
    Contents with(String name, List<Long> blocks) {
      Map<String, List<Long>> changed = new TreeMap<>(files);
      changed.put(name, List.copyOf(blocks));
      return new Contents(changed);
    }

    Contents without(String name) {
      Map<String, List<Long>> changed = new TreeMap<>(files);
      changed.remove(name);
      return new Contents(changed);
    }
  }

  /** What the array has and what its states have. */
  private record Expected(Contents live, Map<String, Contents> states) {
    Expected withLive(Contents contents) {
      return new Expected(contents, states);
    }

    Expected withState(String name, Contents contents) {
      Map<String, Contents> changed = new TreeMap<>(states);
      if (contents == null) {
        changed.remove(name);
      } else {
        changed.put(name, contents);
      }
      return new Expected(live, changed);
    }
  }

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private FacsimServer server;
  private RootClient client;

  /** All that was acknowledged; and what the call under way makes of it. */
  private volatile Expected acknowledged = new Expected(new Contents(Map.of()), Map.of());

  private volatile Expected underWay = acknowledged;
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
    client = RootClient.connect(server.address());
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
      client = RootClient.connect(server.address());
      verify(round);
      seen.addAll(acknowledged.states().keySet());
    }
    assertThat(seen).as("seed %d: states that survived a kill", SEED).isNotEmpty();
    server.kill();
    check(data, ROUNDS);
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
    Expected now = acknowledged;
    List<String> files = List.copyOf(now.live().files().keySet());
    List<String> states = List.copyOf(now.states().keySet());
    int dice = random.nextInt(100);
    if (files.isEmpty() || (dice < 8 && files.size() < MAX_FILES)) {
      String name = "file-" + ++lastNumber;
      underWay = now.withLive(now.live().with(name, Collections.nCopies(BLOCKS, 0L)));
      await(nfs().create(root(), name, new Create3.Guarded(Sattr3.NONE)));
    } else if (dice < 13 && files.size() > 1) {
      String name = files.get(random.nextInt(files.size()));
      underWay = now.withLive(now.live().without(name));
      await(nfs().remove(root(), name));
    } else if (dice < 20 && states.size() < MAX_STATES) {
      String name = "state-" + ++lastNumber;
      underWay = now.withState(name, now.live());
      send("POST", "", "{\"name\":\"" + name + "\"}");
    } else if (dice < 25 && !states.isEmpty()) {
      String name = states.get(random.nextInt(states.size()));
      underWay = now.withLive(now.states().get(name));
      send("POST", "/" + name + "/restore", "");
    } else if (dice < 30 && states.size() > 1) {
      String name = states.get(random.nextInt(states.size()));
      underWay = now.withState(name, null);
      send("DELETE", "/" + name, "");
    } else {
      write(now, files.get(random.nextInt(files.size())), random.nextInt(BLOCKS));
    }
  }

  private void write(Expected now, String name, int block)
      throws InterruptedException, ExecutionException, TimeoutException {
    long version = ++lastNumber;
    List<Long> blocks = new ArrayList<>(now.live().files().get(name));
    blocks.set(block, version);
    underWay = now.withLive(now.live().with(name, blocks));
    Nfs3Handle file = await(nfs().lookup(root(), name)).handle();
    byte[] bytes = bytesOf(version);
    await(
        nfs()
            .write(
                file,
                (long) block * BLOCK_BYTES,
                Unpooled.wrappedBuffer(bytes),
                StableHow.FILE_SYNC));
  }

  private static byte[] bytesOf(long version) {
    byte[] bytes = new byte[BLOCK_BYTES];
    if (version != 0) {
      new SplittableRandom(version).nextBytes(bytes);
      ByteBuffer.wrap(bytes).putLong(version);
    }
    return bytes;
  }

  // ---------------------------------------------------------------- judgement

  /** What is found is acknowledged from here on. */
  private void verify(int round) throws Exception {
    Contents live = read();
    Set<String> states = listStates();
    Expected found = null;
    for (Expected possible : List.of(acknowledged, underWay)) {
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

  /** Every file with the version of each block, by its bytes. */
  private Contents read() throws Exception {
    Contents contents = new Contents(Map.of());
    for (ReadDirPlus3.Entry entry : await(nfs().list(root()))) {
      String name = entry.name().toString();
      Nfs3Handle file = await(nfs().lookup(root(), name)).handle();
      List<Long> blocks = new ArrayList<>();
      for (int block = 0; block < BLOCKS; block++) {
        byte[] bytes =
            await(
                nfs()
                    .read(
                        file,
                        (long) block * BLOCK_BYTES,
                        BLOCK_BYTES,
                        ok -> {
                          byte[] read = new byte[BLOCK_BYTES]; // zeros beyond the end
                          ok.data()
                              .getBytes(ok.data().readerIndex(), read, 0, (int) ok.countBytes());
                          return read;
                        }));
        blocks.add(versionOf(bytes, name, block));
      }
      contents = contents.with(name, blocks);
    }
    return contents;
  }

  /** A block begins with its version; the rest follows from it. */
  private static long versionOf(byte[] bytes, String name, int block) {
    long version = ByteBuffer.wrap(bytes).getLong();
    if (!Arrays.equals(bytes, bytesOf(version))) {
      throw new AssertionError(
          "seed %d: block %d of %s is nothing that was written".formatted(SEED, block, name));
    }
    return version;
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
