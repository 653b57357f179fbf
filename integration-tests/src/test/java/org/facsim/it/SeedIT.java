/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./facsim serve --seed}: what is there when the first client comes. */
class SeedIT {
  private static final int SPARSE_BYTES = 1 << 20;

  @TempDir private Path folder;
  private Path seed;

  @BeforeEach
  void fill() throws IOException {
    seed = folder.resolve("seed");
    Files.createDirectories(seed.resolve("ds/vm/empty"));
    byte[] sparse = new byte[SPARSE_BYTES];
    Arrays.fill(sparse, 8192, 8192 + 4096, (byte) 7);
    Files.write(seed.resolve("ds/vm/vm-flat.vmdk"), sparse);
    Files.writeString(seed.resolve("ds/readme"), "seeded");
  }

  private List<String> options(String... more) {
    List<String> options =
        new ArrayList<>(List.of("--volume", "ds=64MiB", "--seed", seed.toString()));
    options.addAll(List.of(more));
    return options;
  }

  private static <T> T join(CompletableFuture<T> answer) throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private static List<String> names(RootClient client, Nfs3Handle directory) throws Exception {
    return join(client.nfs().list(directory)).stream()
        .map(entry -> entry.name().toString())
        .toList();
  }

  private static String read(RootClient client, Nfs3Handle root, String name) throws Exception {
    Nfs3Handle file = join(client.nfs().lookup(root, name)).handle();
    return join(client.nfs().read(file, 0, 100, ok -> ok.data().toString(StandardCharsets.UTF_8)));
  }

  @Test
  void volumesHaveWhatTheDirectoryHasAndHolesStayHoles() throws Exception {
    try (FacsimServer server = FacsimServer.start(options().toArray(new String[0]));
        RootClient client = RootClient.connect(server.address())) {
      Nfs3Handle root = client.mount("/ds");
      assertThat(names(client, root)).containsExactlyInAnyOrder("readme", "vm");
      assertThat(read(client, root, "readme")).isEqualTo("seeded");
      Nfs3Handle vm = join(client.nfs().lookup(root, "vm")).handle();
      assertThat(names(client, vm)).containsExactlyInAnyOrder("empty", "vm-flat.vmdk");
      Nfs3Handle disk = join(client.nfs().lookup(vm, "vm-flat.vmdk")).handle();
      Fattr3 attributes = join(client.nfs().getAttributes(disk)).attributes();
      assertThat(attributes.sizeBytes()).isEqualTo(SPARSE_BYTES);
      assertThat(attributes.usedBytes()).isEqualTo(4096);
    }
  }

  @Test
  void anArrayThatHasSomethingIsLeftAsItIs() throws Exception {
    String[] options =
        options("--data-dir", folder.resolve("array").toString()).toArray(new String[0]);
    FacsimServer.start(options).close();
    Files.writeString(seed.resolve("ds/readme"), "changed since");
    try (FacsimServer server = FacsimServer.start(options);
        RootClient client = RootClient.connect(server.address())) {
      assertThat(read(client, client.mount("/ds"), "readme")).isEqualTo("seeded");
    }
  }

  @Test
  void whatIsWrongIsOneLineAndExitCodeTwo() throws Exception {
    Files.createDirectories(seed.resolve("nope"));
    assertThat(serve(2)).contains("--seed: '" + seed + "' has nope, ").contains("allowed: ds");
    Files.delete(seed.resolve("nope"));
    Files.write(seed.resolve("ds/large"), new byte[0]);
    try (var channel = Files.newByteChannel(seed.resolve("ds/large"), StandardOpenOption.WRITE)) {
      for (int i = 0; i < 65; i++) {
        byte[] chunk = new byte[1 << 20];
        Arrays.fill(chunk, (byte) i);
        chunk[0]++;
        var unused = channel.write(ByteBuffer.wrap(chunk));
      }
    }
    assertThat(serve(1)).contains("cannot seed /ds: /ds/large: NO_SPACE");
    seed = folder.resolve("none");
    assertThat(serve(2)).contains("--seed: '" + seed + "' is no directory; allowed: ");
  }

  /** Starts it, expects that it ends with this exit code, and returns its one line. */
  private String serve(int exitCode) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Processes.launcher().toString(), "serve", "--nfs-port", "0"));
    command.addAll(options());
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(exitCode);
      List<String> lines =
          Files.readAllLines(err).stream().filter(line -> line.startsWith("facsim")).toList();
      assertThat(lines).hasSize(1);
      return lines.get(0);
    } finally {
      process.destroyForcibly();
    }
  }
}
