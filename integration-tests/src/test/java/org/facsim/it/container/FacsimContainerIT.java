/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.it.container.FacsimImage.succeeds;
import static org.facsim.testcontainers.CallFilter.calls;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.facsim.testcontainers.FacsimContainer;
import org.facsim.testcontainers.FaultRule;
import org.facsim.testcontainers.RecordedCall;
import org.facsim.testcontainers.RefusedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;

/** The Testcontainers module, with containers of the image and libnfs as the client. */
class FacsimContainerIT {
  @TempDir private Path folder;

  @BeforeAll
  static void buildTheImage() {
    FacsimImage.require();
  }

  /** What a user writes, and the policy that keeps Docker from asking a registry. */
  private static FacsimContainer facsim() {
    return new FacsimContainer(FacsimImage.NAME).withImagePullPolicy(image -> false);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void whatATestAsksForIsThereWhenTheContainerIsStarted() throws Exception {
    Path seed = Files.createDirectories(folder.resolve("seed/box/vm"));
    Files.writeString(seed.resolve("notes.txt"), "from the start\n");
    Files.setPosixFilePermissions(
        folder.resolve("seed"), PosixFilePermissions.fromString("rwx------"));
    try (FacsimContainer facsim =
        facsim()
            .withVolume("box", "64MiB")
            .withVolume("other", "1GiB")
            .withExport("other", "*(ro)")
            .withProfile("box", "copying")
            .withSeed(folder.resolve("seed"))
            .withJournal(1000)) {
      facsim.start();

      assertThat(succeeds(List.of("nfs-cat", facsim.nfsUrl("/box/vm/notes.txt"))).out())
          .isEqualTo("from the start\n");
      Outcome refused =
          Processes.run(List.of("nfs-cp", file("a", "a").toString(), facsim.nfsUrl("/other/a")));
      assertThat(refused.exitCode()).as("%s", refused).isNotEqualTo(0);
      assertThat(get(facsim, "/api/v1/volumes/box/profile")).contains("\"copying\"");
      assertThat(facsim.volumes()).containsExactly("box", "other");
      facsim.journal().verifyAtLeast(1, calls().procedure("READ").path("/box/vm/notes.txt"));
      List<RecordedCall> reads = facsim.journal().latest(calls().procedure("READ"));
      assertThat(reads.get(0).path()).isEqualTo("/box/vm/notes.txt");
      assertThat(reads.get(0).door()).isEqualTo("NFS");
      assertThat(reads.get(0).status()).isEqualTo("OK");
      assertThatThrownBy(
              () -> facsim.journal().verifyExactly(0, calls().procedure("READ").path("/box/**")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("READ");
      assertThatThrownBy(() -> facsim.journal().latest(calls().procedure("RAED")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("RAED");
    }
  }

  @Test
  void aFaultHoldsUntilItIsRemoved() throws Exception {
    try (FacsimContainer facsim = facsim().withVolume("box", "64MiB").withJournal(1000)) {
      facsim.start();
      List<String> copy = List.of("nfs-cp", file("a", "text").toString(), facsim.nfsUrl("/box/a"));

      long id =
          facsim
              .faults()
              .add(FaultRule.on("nfs").procedure("CREATE").path("/box/a").status("NOSPC"));
      Outcome full = Processes.run(copy);
      assertThat(full.exitCode()).as("%s", full).isNotEqualTo(0);
      assertThat(facsim.faults().hits(id)).isPositive();
      assertThat(facsim.faults().list()).containsExactly(id);
      facsim.journal().verifyAtLeast(1, calls().procedure("CREATE").status("NOSPC"));
      facsim.faults().remove(id);
      succeeds(copy);

      assertThatThrownBy(() -> facsim.faults().add(FaultRule.on("nfs").status("NO_SUCH_STATUS")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("NO_SUCH_STATUS");
      facsim.faults().add(FaultRule.on().procedure("READ").every(2).delay(Duration.ofMillis(5)));
      assertThat(facsim.faults().preset("apd", Map.of("for", "1s"))).isNotEmpty();
      facsim.faults().clear();
      assertThat(facsim.faults().list()).isEmpty();
    }
  }

  @Test
  void statesAndResetBringTheArrayBack() throws Exception {
    try (FacsimContainer facsim = facsim().withVolume("box", "64MiB").withJournal(1000)) {
      facsim.start();
      succeeds(List.of("nfs-cp", file("a", "first").toString(), facsim.nfsUrl("/box/kept")));
      facsim.keepAsStart();
      facsim.states().save("own");
      succeeds(List.of("nfs-cp", file("b", "second").toString(), facsim.nfsUrl("/box/later")));
      facsim.faults().add(FaultRule.on("nfs").procedure("WRITE").status("JUKEBOX"));

      facsim.reset();

      assertThat(succeeds(List.of("nfs-ls", facsim.nfsUrl("/box"))).out())
          .contains("kept")
          .doesNotContain("later");
      assertThat(facsim.faults().list()).isEmpty();
      facsim.journal().verifyExactly(0, calls().procedure("WRITE"));
      assertThat(facsim.states().list()).contains("own", "start");
      succeeds(List.of("nfs-cp", file("c", "third").toString(), facsim.nfsUrl("/box/later")));
      facsim.keepAsStart();
      facsim.reset();
      assertThat(succeeds(List.of("nfs-ls", facsim.nfsUrl("/box"))).out()).contains("later");
      facsim.states().restore("own");
      facsim.states().delete("own");
      assertThat(succeeds(List.of("nfs-ls", facsim.nfsUrl("/box"))).out()).doesNotContain("later");
      assertThatThrownBy(() -> facsim.states().restore("own"))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.status()).isEqualTo(404));
    }
  }

  @Test
  void aLabRunsBesideTheArrayAndScenariosInTheContainer() throws Exception {
    try (FacsimContainer facsim = facsim().withLab("full-datastore", 7)) {
      facsim.start();

      assertThat(get(facsim, "/api/v1/lab")).contains("\"seed\":\"7\"");
      facsim.reset();
      ExecResult scenario = facsim.facsim("scenario", "run", "09-cold-clone");
      assertThat(scenario.getExitCode()).as("%s", scenario).isEqualTo(0);
    }
  }

  /** A wrong option ends the program at once; nobody waits two minutes to hear of it. */
  @Test
  void whatIsWrongIsSaidInTheProgramsWords() {
    try (FacsimContainer facsim = facsim().withProfile("datastore1", "no-such-profile")) {
      assertThatThrownBy(facsim::start)
          .isInstanceOf(ContainerLaunchException.class)
          .hasStackTraceContaining("no-such-profile");
    }
    assertThatThrownBy(() -> facsim().withSeed(folder.resolve("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  /** As another container of the same network would, which knows it by a name. */
  @Test
  void httpAnswersToTheAliasesOfTheContainer() throws Exception {
    try (FacsimContainer facsim = facsim().withNetworkAliases("array")) {
      facsim.start();
      assertThat(statusFor(facsim, "array:8080")).isEqualTo("HTTP/1.1 200 OK");
      assertThat(statusFor(facsim, "elsewhere:8080")).startsWith("HTTP/1.1 421");
      assertThat(facsim.execInContainer("cat", "/proc/1/status").getStdout())
          .containsPattern("Uid:\\s+10001\\s+10001")
          .containsPattern("CapEff:\\s+0+\\n");
    }
  }

  private static String statusFor(FacsimContainer facsim, String host) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(facsim.httpAddress());
      String request =
          "GET /api/v1/array HTTP/1.1\r\nHost: "
              + host
              + "\r\nAuthorization: Bearer "
              + facsim.httpToken()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new DataInputStream(socket.getInputStream()).readAllBytes();
      return new String(answer, StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
    }
  }

  private static String get(FacsimContainer facsim, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(facsim.httpUri().resolve(path))
            .header("Authorization", "Bearer " + facsim.httpToken())
            .build();
    return HttpClient.newHttpClient()
        .send(request, BodyHandlers.ofString())
        .body()
        .replace(" ", "");
  }
}
