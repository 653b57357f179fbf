/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.facsim.app.FacsimArray;
import org.facsim.app.NfsNullProbe;
import org.facsim.app.ProfileFile;
import org.facsim.app.SidebandException;
import org.facsim.app.VolumeSpec;
import org.facsim.array.ArrayException;
import org.facsim.nfs.ExportRule;
import org.facsim.vaai.offload.ArrayProfile;
import org.facsim.vaai.opensds.OpenSdsFlags;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code facsim serve}: an array for anyone's NFS client, until a signal ends it.
 *
 * <p>How it ends. SIGTERM and SIGINT make the JVM run its shutdown hooks and then exit with 143 or
 * 130, and no supported interface changes that code. A service that stops as asked has not failed,
 * so the hook below closes the array itself and, when that has worked, ends the process with {@link
 * Runtime#halt} and 0. Nothing else registers a hook here, so nobody's is cut off. What a crash
 * leaves: the ready file, which the next start removes before it does anything else.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Runs a storage array for any NFSv3 client, until SIGTERM or SIGINT: in memory, or in a",
      "directory where everything that was acknowledged as stable survives any crash.",
      "Prints one line of JSON on stdout once NFS answers.",
      ""
    },
    footer = {
      "",
      "Example: facsim serve --volume datastore1=40GiB --nfs-port 0 --ready-file /tmp/facsim.json",
      "libnfs:  nfs-ls 'nfs://127.0.0.1/datastore1?nfsport=PORT&mountport=PORT'",
      "Linux:   mount -t nfs -o vers=3,nolock,tcp,mountproto=tcp,port=PORT,mountport=PORT"
          + " 127.0.0.1:/datastore1 /mnt"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int MAX_LOCK_GRACE_SECONDS = 600;
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--volume",
      paramLabel = "NAME=SIZE",
      converter = Converters.Volume.class,
      defaultValue = "datastore1=1TiB",
      split = ",",
      hideParamSyntax = true,
      description = {
        "A thin volume, exported as /NAME; repeat it for more.",
        "SIZE: at least 1MiB, for example 512MiB, 16.5GiB, 1TiB. Default: ${DEFAULT-VALUE}"
      })
  private List<VolumeSpec> volumes;

  @Option(
      names = "--export",
      paramLabel = "NAME=RULES",
      converter = Converters.Export.class,
      split = "\n",
      hideParamSyntax = true,
      description = {
        "Who may do what on a volume, in the words of exports(5); repeat it for more, for example",
        "'datastore1=10.0.0.0/8(ro,root_squash) *(rw)'. The narrowest rule for an address counts.",
        "Without it: everyone, rw,no_root_squash,insecure. See docs/configuration.md."
      })
  private List<Converters.ExportLine> exports = List.of();

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      defaultValue = "6m",
      description =
          "Closes connections on which nothing moves for so long; 0 never. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration idleTimeout;

  @Option(
      names = ServeDefaults.CONFIG,
      paramLabel = "FILE",
      description = {
        "YAML with the options above as fields, and volumes with their exports. The environment",
        "(FACSIM_NFS_PORT for --nfs-port, and so on) beats the file, the command line beats both."
      })
  void configFile(Path file) {
    // ServeDefaults has read it by now: its fields are the defaults of all other options
  }

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = {
        "Where the array lives; made if nothing is there. Volumes that are there are exported too,",
        "and --volume adds or resizes. Without it the array lives in memory and ends with the"
            + " process."
      })
  private Path dataDirectory;

  @Option(
      names = "--nfs-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      defaultValue = "${env:FACSIM_NFS_PORT:-2049}",
      description = {
        "TCP port of NFS, MOUNT and VAAI, and UDP port of MOUNT; 0 picks a free one.",
        "Default: FACSIM_NFS_PORT, else 2049"
      })
  private int nfsPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = {
        "Opens the HTTP door: VAAI calls as JSON, volumes, profiles, named states, metrics; see",
        "/openapi.yaml there. 0 picks a free one. Without it there is none."
      })
  private Integer httpPort;

  @Option(
      names = "--http-listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Local address of the HTTP door, which asks nobody who he is.",
        "Default: ${DEFAULT-VALUE}"
      })
  private String httpListen;

  @Option(
      names = "--portmap-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = {
        "Opens a port mapper (portmap, rpcbind) on this TCP and UDP port, so that clients find"
            + " NFS,",
        "MOUNT and locks without being told ports; they look at 111, 0 picks a free one.",
        "Without it there is none."
      })
  private Integer portmapPort;

  @Option(
      names = "--register-with-rpcbind",
      arity = "0..1",
      paramLabel = "ADDRESS:PORT",
      fallbackValue = "127.0.0.1:111",
      converter = Converters.HostAndPort.class,
      description = {
        "Registers all programs with the rpcbind that runs on this host, until the end.",
        "Default of the value: 127.0.0.1:111"
      })
  private InetSocketAddress rpcbind;

  @Option(
      names = "--lock-grace",
      paramLabel = "SECONDS",
      defaultValue = "45",
      description = {
        "How long after a restart on a data directory only locks of before are taken, if any were",
        "held. Default: ${DEFAULT-VALUE}"
      })
  private int lockGraceSeconds;

  @Option(
      names = "--nsm-name",
      paramLabel = "NAME",
      defaultValue = "",
      description = {
        "Name or address by which clients know this array, told to them after a restart so that"
            + " they",
        "reclaim their locks. Default: the address that each client reaches"
      })
  private String nsmName;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "${env:FACSIM_LISTEN:-127.0.0.1}",
      description = {
        "Local address to listen on; 0.0.0.0 means all.",
        "Default: FACSIM_LISTEN, else 127.0.0.1"
      })
  private String listen;

  @Option(
      names = "--vaai-profile",
      paramLabel = "VOLUME=NAME|FILE",
      description = {
        "How a volume behaves toward hosts that offload clones: a profile of 'facsim profiles', or",
        "a YAML file. Repeat it for more volumes. Default: sharing"
      })
  private Map<String, String> vaaiProfiles = new LinkedHashMap<>();

  @Option(
      names = "--opensds-flags",
      paramLabel = "NAME=BITS",
      converter = Converters.OpenSdsBits.class,
      defaultValue = "lazy=0x1",
      description = {
        "What the clone flags mean that hosts pass through the OpenSDS plugin, for example",
        "lazy=0x1,guarded=0x2,dry-run=0x4. Default: ${DEFAULT-VALUE}"
      })
  private OpenSdsFlags openSdsFlags;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Where to put the ready line too, atomically; removed on the way out.")
  private Path readyFile;

  /** What the process ends with once the array is closed; a failure after the start sets it. */
  private volatile int exitCode = CommandLine.ExitCode.OK;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    InetAddress address = localAddress(listen);
    useConfiguredVolumes();
    rejectDuplicateNames();
    ReadyFile ready = new ReadyFile(readyFile);
    try {
      ready.remove();
    } catch (IOException e) {
      throw new CommandFailedException("cannot replace " + readyFile + ": " + e.getMessage(), e);
    }
    FacsimArray array = start(address);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(array, ready), "facsim-stop"));
    try {
      announce(array, ready);
    } catch (IOException e) {
      exitCode = CommandLine.ExitCode.SOFTWARE;
      throw new CommandFailedException(e.getMessage(), e);
    }
    new CountDownLatch(1).await();
    return exitCode;
  }

  private InetAddress localAddress(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + text + "' is not an address; allowed: a local address such as 127.0.0.1",
          e);
    }
  }

  private void rejectDuplicateNames() {
    Set<String> names = new HashSet<>();
    for (VolumeSpec volume : volumes) {
      if (!names.add(volume.name())) {
        throw new ParameterException(
            spec.commandLine(),
            "volume '" + volume.name() + "' is there twice; allowed: each name once");
      }
    }
  }

  private Duration lockGrace() {
    if (lockGraceSeconds < 0 || lockGraceSeconds > MAX_LOCK_GRACE_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--lock-grace " + lockGraceSeconds + "; allowed: 0 to " + MAX_LOCK_GRACE_SECONDS);
    }
    return Duration.ofSeconds(lockGraceSeconds);
  }

  private FacsimArray start(InetAddress address) throws CommandFailedException {
    String where = FacsimArray.hostAndPort(new InetSocketAddress(address, nfsPort));
    FacsimArray.Builder builder =
        FacsimArray.builder().listen(address).nfsPort(nfsPort).idleTimeout(idleTimeout);
    boolean named = volumesAreNamed();
    rules().forEach(builder::export);
    builder.openSdsFlags(openSdsFlags);
    vaaiProfiles.forEach((volume, profile) -> builder.vaaiProfile(volume, profile(profile)));
    if (dataDirectory != null) {
      builder.dataDirectory(dataDirectory);
    }
    builder.lockGrace(lockGrace()).nsmName(nsmName);
    if (httpPort != null) {
      builder.http(new InetSocketAddress(localAddress(httpListen), httpPort));
    }
    if (portmapPort != null) {
      builder.portmapPort(portmapPort);
    }
    if (rpcbind != null) {
      builder.registerWith(rpcbind);
    }
    if (named
        || dataDirectory == null
        || !Files.exists(dataDirectory.resolve("metadata.catalog"))) {
      volumes.forEach(builder::volume);
    }
    try {
      return builder.start();
    } catch (SidebandException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (BindException e) {
      throw new CommandFailedException(
          "cannot listen on "
              + where
              + ": "
              + e.getMessage()
              + "; choose another port with --nfs-port, 0 picks a free one",
          e);
    } catch (IOException e) {
      throw new CommandFailedException("cannot listen on " + where + ": " + e.getMessage(), e);
    } catch (ArrayException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private ArrayProfile profile(String nameOrFile) {
    try {
      return ProfileFile.find(nameOrFile);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--vaai-profile: " + e.getMessage(), e);
    }
  }

  /** The file's volumes, unless the command line or the environment names some. */
  private void useConfiguredVolumes() {
    List<VolumeSpec> configured = configuration().volumes();
    if (!volumesAreGiven() && !configured.isEmpty()) {
      volumes = configured;
    }
  }

  private boolean volumesAreNamed() {
    return volumesAreGiven() || !configuration().volumes().isEmpty();
  }

  private boolean volumesAreGiven() {
    OptionSpec option = spec.findOption("--volume");
    return spec.commandLine().getParseResult().hasMatchedOption(option)
        || (spec.defaultValueProvider() instanceof ServeDefaults defaults
            && defaults.gives(option));
  }

  private ServeConfiguration configuration() {
    return spec.defaultValueProvider() instanceof ServeDefaults defaults
        ? defaults.configuration()
        : ServeConfiguration.NONE;
  }

  /** The rules of each volume: those given nearer replace those of the file. */
  private Map<String, List<ExportRule>> rules() {
    Map<String, List<ExportRule>> given = new LinkedHashMap<>();
    for (Converters.ExportLine line : exports) {
      given.computeIfAbsent(line.volume(), name -> new ArrayList<>()).addAll(line.rules());
    }
    Map<String, List<ExportRule>> rules = new LinkedHashMap<>(configuration().exports());
    rules.putAll(given);
    if (volumesAreGiven()) {
      Set<String> names = volumes.stream().map(VolumeSpec::name).collect(Collectors.toSet());
      rules.keySet().removeIf(name -> !names.contains(name) && !given.containsKey(name));
    }
    return rules;
  }

  private void announce(FacsimArray array, ReadyFile ready) throws IOException {
    try {
      NfsNullProbe.await(array.nfsAddress(), PROBE_TIMEOUT);
    } catch (IOException e) {
      throw new IOException("NFS does not answer: " + e.getMessage(), e);
    }
    String line = ReadyLine.of(array);
    try {
      ready.write(line);
    } catch (IOException e) {
      throw new IOException("cannot write " + readyFile + ": " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** The shutdown hook; see the head of this class. */
  private void stop(FacsimArray array, ReadyFile ready) {
    try {
      ready.remove();
      array.close();
    } catch (IOException | RuntimeException e) {
      exitCode = CommandLine.ExitCode.SOFTWARE;
      spec.commandLine().getErr().println("facsim serve: did not stop cleanly: " + e);
    }
    spec.commandLine().getErr().flush();
    Runtime.getRuntime().halt(exitCode);
  }
}
