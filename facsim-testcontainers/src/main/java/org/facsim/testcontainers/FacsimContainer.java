/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * An array in a container.
 *
 * <pre>{@code
 * try (FacsimContainer facsim =
 *     new FacsimContainer("facsim").withVolume("datastore1", "1GiB").withJournal(10_000)) {
 *   facsim.start();
 *   client.mount(facsim.nfsAddress(), "/datastore1");
 *   facsim.faults().add(FaultRule.on("nfs").procedure("WRITE").nth(3).status("JUKEBOX"));
 *   ...
 *   facsim.journal().verifyExactly(0, CallFilter.calls().procedure("COMMIT"));
 * }
 * }</pre>
 *
 * <p>The container needs no privilege: its root file system cannot be written, it has no
 * capability, and it runs as a user of its own. It is started when the array is ready (the ready
 * line is there, NFS and HTTP answer through the published ports), at most two minutes later unless
 * {@link #withStartupTimeout} says otherwise. Every container has a token of its own ({@link
 * #httpToken}); Testcontainers publishes it, as any port, on a free port of the Docker host.
 */
public final class FacsimContainer extends GenericContainer<FacsimContainer> {
  private static final int NFS_PORT = 2049;
  private static final int HTTP_PORT = 8080;
  private static final String SEED = "/seed";
  private static final String SEED_TREE = "tree";
  private static final String START = "start";

  /** For whoever the program runs as; the directory of a test is often its owner's only. */
  private static final int READABLE = 0755;

  private final List<String> volumes = new ArrayList<>();
  private final List<String> options = new ArrayList<>();

  /** Others can reach the published port, so HTTP needs it. */
  private final String token = UUID.randomUUID().toString();

  private boolean hasLab;
  private Path seed;

  /** With an image by its name, such as {@code facsim:0.1.0}. */
  public FacsimContainer(String image) {
    this(DockerImageName.parse(image));
  }

  /** With an image by its name. */
  public FacsimContainer(DockerImageName image) {
    super(image);
    addExposedPorts(NFS_PORT, HTTP_PORT);
    withTmpFs(Map.of("/tmp", "exec"));
    withCreateContainerCmdModifier(FacsimContainer::withoutPrivileges);
    setWaitStrategy(new ReadyWait(this::nfsAddress, this::httpUri, token));
  }

  private static void withoutPrivileges(CreateContainerCmd create) {
    create.getHostConfig().withReadonlyRootfs(true).withCapDrop(Capability.ALL);
  }

  /**
   * A thin volume, exported as {@code /NAME}. Without any there is {@code datastore1} of 1 TiB.
   *
   * @param size such as {@code 512MiB} or {@code 16.5GiB}
   */
  public FacsimContainer withVolume(String name, String size) {
    volumes.add(name);
    return withServeOptions("--volume", name + "=" + size);
  }

  /** Who may use a volume, in the words of exports(5), such as {@code *(ro)}. */
  public FacsimContainer withExport(String volume, String rules) {
    return withServeOptions("--export", volume + "=" + rules);
  }

  /** How a volume behaves toward hosts that offload, such as {@code copying}. */
  public FacsimContainer withProfile(String volume, String profile) {
    return withServeOptions("--vaai-profile", volume + "=" + profile);
  }

  /**
   * Files that are there from the start: what is in {@code directory/datastore1} goes into the
   * volume datastore1, and so on. They are copied to the Docker host, which may be another machine.
   *
   * @throws IllegalArgumentException if there is no such directory
   */
  public FacsimContainer withSeed(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "'%s' is no directory; allowed: one with a directory for each volume to seed"
              .formatted(directory));
    }
    // A volume of its own, because the root file system cannot be written, also not by Docker.
    withCreateContainerCmdModifier(
        create ->
            create
                .getHostConfig()
                .withMounts(List.of(new Mount().withType(MountType.VOLUME).withTarget(SEED))));
    seed = directory;
    return withServeOptions("--seed", SEED + "/" + SEED_TREE);
  }

  /** How many of the latest calls the journal keeps, 100 to 2,000,000; 640 bytes each. */
  public FacsimContainer withJournal(int calls) {
    return withServeOptions("--journal", Integer.toString(calls));
  }

  /**
   * A lab beside the array: simulated hosts and VMs, and an incident. Its file says what volumes
   * there are, so that neither volumes nor profiles go with it.
   *
   * @param name such as {@code slow-clone}
   * @param seed from which the lab draws its names and numbers
   */
  public FacsimContainer withLab(String name, long seed) {
    hasLab = true;
    return withServeOptions("--lab", name, "--lab-seed", Long.toString(seed));
  }

  /** Any options of {@code facsim serve}, behind those so far. */
  public FacsimContainer withServeOptions(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  @Override
  protected void configure() {
    List<String> command = new ArrayList<>(List.of("serve"));
    command.addAll(options);
    setCommand(command.toArray(String[]::new));
    addEnv("FACSIM_NFS_PORT", Integer.toString(NFS_PORT));
    addEnv("FACSIM_HTTP_PORT", Integer.toString(HTTP_PORT));
    addEnv("FACSIM_HTTP_LISTEN", "0.0.0.0");
    addEnv("FACSIM_TOKEN", token);
    addEnv("FACSIM_HTTP_HOST", String.join(",", names()));
  }

  /**
   * Copies the seed into its volume. Testcontainers' own copying goes through the root of the file
   * system, which Docker refuses where that cannot be written.
   */
  @Override
  protected void containerIsCreated(String containerId) {
    if (seed == null) {
      return;
    }
    try {
      Path archive = Files.createTempFile("facsim-seed", ".tar");
      try {
        try (TarArchiveOutputStream tar =
            new TarArchiveOutputStream(Files.newOutputStream(archive))) {
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
          MountableFile.forHostPath(seed, READABLE).transferTo(tar, SEED_TREE);
        }
        try (InputStream in = Files.newInputStream(archive)) {
          getDockerClient()
              .copyArchiveToContainerCmd(containerId)
              .withRemotePath(SEED)
              .withTarInputStream(in)
              .exec();
        }
      } finally {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw new ContainerLaunchException("cannot copy the seed " + seed, e);
    }
  }

  /** The names under which the array may be asked: as the tests reach it, and other containers. */
  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    names.add("localhost");
    names.add(getHost());
    names.addAll(getNetworkAliases());
    return names;
  }

  /** Where NFS, MOUNT, NLM and VAAI answer, for clients outside of the container's network. */
  public InetSocketAddress nfsAddress() {
    return published(NFS_PORT);
  }

  /**
   * What requests over HTTP need: {@code Authorization: Bearer TOKEN}. Each container has its own.
   */
  public String httpToken() {
    return token;
  }

  /** Where the HTTP door answers. */
  public InetSocketAddress httpAddress() {
    return published(HTTP_PORT);
  }

  /** The Docker host may be known by a name only, which is looked up here and nowhere else. */
  private InetSocketAddress published(int port) {
    return new InetSocketAddress(getHost(), getMappedPort(port));
  }

  /** The root of the HTTP door, such as {@code http://localhost:32768/}. */
  public URI httpUri() {
    return URI.create("http://%s:%d/".formatted(getHost(), getMappedPort(HTTP_PORT)));
  }

  /**
   * A URL as libnfs takes it.
   *
   * @param path such as {@code /datastore1/file}
   */
  public String nfsUrl(String path) {
    int port = getMappedPort(NFS_PORT);
    return "nfs://%s%s?nfsport=%d&mountport=%d".formatted(getHost(), path, port, port);
  }

  /** The names of the volumes that were asked for. */
  public List<String> volumes() {
    return List.copyOf(volumes);
  }

  /** Its fault rules. */
  public RemoteFaults faults() {
    return new RemoteFaults(door());
  }

  /** What went over the wire. */
  public RemoteJournal journal() {
    return new RemoteJournal(door());
  }

  /** Its named states. */
  public RemoteStates states() {
    return new RemoteStates(door());
  }

  /**
   * Makes the array as it is now what {@link #reset} brings back, under the name {@code start}. The
   * state holds every block of now: what is deleted from then on frees nothing.
   */
  public void keepAsStart() {
    if (states().list().contains(START)) {
      states().delete(START);
    }
    states().save(START);
  }

  /**
   * Back to where the array was at {@link #keepAsStart}, without faults and with an empty journal;
   * in a lab, to where the lab began. The addresses stay, counters go on.
   *
   * @throws RefusedException if there is no such state (404)
   */
  public void reset() {
    faults().clear();
    if (hasLab) {
      door().post("/api/v1/lab/reset", Map.of());
    } else {
      states().restore(START);
    }
    journal().clear();
  }

  /**
   * Runs a command of the program inside the container, such as {@code scenario run 09-cold-clone}
   * or {@code stats}.
   *
   * @throws IOException if Docker cannot run it; that the command fails is in what is returned
   */
  public ExecResult facsim(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("facsim"));
    command.addAll(List.of(arguments));
    return execInContainer(command.toArray(String[]::new));
  }

  private HttpDoor door() {
    return new HttpDoor(httpUri(), token);
  }
}
