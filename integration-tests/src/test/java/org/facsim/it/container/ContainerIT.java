/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.facsim.it.container.FacsimImage.succeeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Starts the image with a root file system that cannot be written and without a capability. */
class ContainerIT {
  private static final int NFS_PORT = 2049;
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final long SEED = 7;

  @TempDir private Path folder;
  private GenericContainer<?> container;

  @BeforeAll
  static void buildTheImage() {
    FacsimImage.require();
  }

  @AfterEach
  void stop() {
    if (container != null) {
      container.stop();
    }
  }

  private void start(String... command) {
    container = ready(command);
    container.start();
  }

  /** Everything but the start. */
  @SuppressWarnings("resource") // the field's container is stopped after each test
  private static GenericContainer<?> ready(String... command) {
    return new GenericContainer<>(FacsimImage.NAME)
        .withImagePullPolicy(image -> false)
        .withExposedPorts(NFS_PORT)
        .withCommand(command)
        .withTmpFs(Map.of("/tmp", "exec"))
        .withCreateContainerCmdModifier(
            create -> create.getHostConfig().withReadonlyRootfs(true).withCapDrop(Capability.ALL))
        .waitingFor(
            Wait.forLogMessage("\\{\"ready\":true.*\\n", 1).withStartupTimeout(START_LIMIT));
  }

  private String url(String path) {
    int port = container.getMappedPort(NFS_PORT);
    return "nfs://%s%s?nfsport=%d&mountport=%d".formatted(container.getHost(), path, port, port);
  }

  @Test
  void filesAreCopiedThroughAPublishedPort() throws IOException {
    start("serve", "--volume", "box=256MiB");
    byte[] contents = new byte[(5 << 20) + 321];
    new Random(SEED).nextBytes(contents);
    Path local = Files.write(folder.resolve("local"), contents);
    Path back = folder.resolve("back");

    succeeds(List.of("nfs-cp", local.toString(), url("/box/copied")));
    succeeds(List.of("nfs-cp", url("/box/copied"), back.toString()));
    Outcome list = succeeds(List.of("nfs-ls", url("/box")));

    assertThat(back).hasSameBinaryContentAs(local);
    assertThat(list.out()).contains(contents.length + " copied");
    System.out.println("container: mounted, 5 MiB copied there and back, the same bytes");
  }

  @Test
  void theReadyLineIsTheOnlyOutputAndTellsWhatIsServed() throws IOException {
    start("serve", "--volume", "a=1GiB", "--volume", "b=1GiB");

    JsonNode ready = new ObjectMapper().readTree(container.getLogs().strip());
    assertThat(ready.get("nfs").asText()).isEqualTo("0.0.0.0:" + NFS_PORT);
    assertThat(ready.get("volumes").toString()).isEqualTo("[\"/a\",\"/b\"]");
    System.out.println("container: one line of output, " + ready);
  }

  @Test
  void itIsHealthyBecauseNfsAnswersAndRunsAsNobodySpecial() throws Exception {
    start("serve");
    NfsNullProbe.await(
        new InetSocketAddress(container.getHost(), container.getMappedPort(NFS_PORT)),
        Duration.ofSeconds(10));

    await()
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(health()).isEqualTo("healthy"));
    assertThat(container.getCurrentContainerInfo().getState().getRunning()).isTrue();
    assertThat(container.execInContainer("cat", "/proc/1/status").getStdout())
        .containsPattern("Uid:\\s+10001\\s+10001")
        .containsPattern("CapEff:\\s+0+\\n");
    assertThat(container.execInContainer("mkdir", "/opt/written").getExitCode())
        .as("writing to the root file system")
        .isNotEqualTo(0);
    System.out.println("container: healthy, user 10001, no capability, root cannot be written");
  }

  /** As the README says it: without an option, and without a port of HTTP that is published. */
  @Test
  void aCommandInTheContainerAsksTheArray() throws Exception {
    start("serve", "--volume", "box=256MiB");

    var stats = container.execInContainer("facsim", "stats");
    var volumes = container.execInContainer("facsim", "volumes", "list");

    assertThat(stats.getExitCode()).as("%s", stats).isEqualTo(0);
    assertThat(stats.getStdout()).contains("no host has asked this array to offload");
    assertThat(volumes.getStdout()).contains("box");
    JsonNode ready = new ObjectMapper().readTree(container.getLogs().strip());
    assertThat(ready.get("http").asText())
        .as("HTTP has no authentication, and is for the inside unless told otherwise")
        .isEqualTo("127.0.0.1:8080");
    System.out.println("container: docker exec facsim stats, with HTTP on its loopback only");
  }

  /** How long Docker waits for the first check is all that is between ready and healthy. */
  @Test
  void theFirstHealthCheckComesSoon() {
    String interval =
        succeeds(
                List.of(
                    "docker",
                    "image",
                    "inspect",
                    "-f",
                    "{{.Config.Healthcheck.Interval.Seconds}}",
                    FacsimImage.NAME))
            .out()
            .strip();
    assertThat(Double.parseDouble(interval)).isBetween(1.0, 3.0);
  }

  /** A JVM passes over an archive that does not fit without a word, and starts slower. */
  @Test
  void theClassArchiveFitsTheProgram() {
    Outcome version =
        succeeds(
            List.of(
                "docker",
                "run",
                "--rm",
                "--entrypoint",
                "java",
                FacsimImage.NAME,
                "-XX:+UseSerialGC",
                "-Xshare:on",
                "-XX:SharedArchiveFile=/opt/facsim/facsim.jsa",
                "-jar",
                "/opt/facsim/facsim.jar",
                "--version"));
    assertThat(version.out()).startsWith("facsim ");
    String bytes =
        succeeds(List.of("docker", "image", "inspect", "-f", "{{.Size}}", FacsimImage.NAME))
            .out()
            .strip();
    assertThat(Long.parseLong(bytes)).as("bytes of the image").isLessThan(150_000_000);
    System.out.println("container: the image has " + bytes + " bytes, its class archive fits");
  }

  /** The health check asks port 2049, where nothing answers then. */
  @Test
  void itIsUnhealthyWhenNfsDoesNotAnswer() throws Exception {
    start("serve", "--nfs-port", "2050");
    Outcome probe =
        Processes.run(List.of("docker", "exec", container.getContainerId(), "facsim", "probe"));
    assertThat(probe.exitCode()).as("%s", probe).isEqualTo(1);
    assertThat(probe.err()).contains("127.0.0.1:2049 does not answer NFS");
    System.out.println("container: the health check fails where no NFS answers");
  }

  @Test
  void aStopIsCleanAndTheDataOfAVolumeStays() throws IOException {
    String volume = "facsim-it-" + ProcessHandle.current().pid();
    Path text = Files.writeString(folder.resolve("text"), "still here\n");
    try {
      startWithData(volume);
      succeeds(List.of("nfs-cp", text.toString(), url("/kept/text")));
      succeeds(List.of("docker", "stop", "-t", "30", container.getContainerId()));
      assertThat(container.getCurrentContainerInfo().getState().getExitCodeLong()).isEqualTo(0);
      container.stop();

      startWithData(volume);
      assertThat(succeeds(List.of("nfs-cat", url("/kept/text"))).out()).isEqualTo("still here\n");
    } finally {
      container.stop();
      Processes.run(List.of("docker", "volume", "rm", "-f", volume));
    }
    System.out.println("container: exit code 0 on SIGTERM, a file stayed in a Docker volume");
  }

  private void startWithData(String volume) {
    container = ready("serve", "--volume", "kept=64MiB", "--data-dir", "/data/array");
    container.withCreateContainerCmdModifier(
        create -> create.getHostConfig().withBinds(Bind.parse(volume + ":/data")));
    container.start();
  }

  private String health() {
    InspectContainerResponse.ContainerState state = container.getCurrentContainerInfo().getState();
    return state.getHealth() == null ? "none" : state.getHealth().getStatus();
  }
}
