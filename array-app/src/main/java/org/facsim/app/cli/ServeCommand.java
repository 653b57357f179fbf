/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.facsim.app.demo.ServedDemo;
import org.facsim.app.lab.Lab;
import org.facsim.array.ArrayException;
import org.facsim.array.SystemFailure;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.management.HttpSecurity;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.control.SidebandException;
import org.facsim.vaai.opensds.OpenSdsFlags;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code facsim serve}: an array for any NFS client, until a signal ends it.
 *
 * <p>How it ends: SIGTERM and SIGINT make the JVM run its shutdown hooks and then exit with 143 or
 * 130, and no supported interface changes that code. A service that stops when it is told to has
 * not failed. The hook below therefore closes the array itself and, if that works, ends the process
 * with {@link Runtime#halt} and 0. Nothing else registers a hook here, so no other hook is lost. A
 * crash leaves the ready file. The next start removes it before it does anything else, unless an
 * array answers at the address in it.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Runs a storage array for any NFSv3 client, until SIGTERM or SIGINT: in memory, or in a"
          + " directory where everything that was acknowledged as stable survives any crash.",
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
  /** So that every reader of JSON takes the seed as it is. */
  private static final int DROPPED_BITS = 11;

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

  /**
   * How long closing may take; after that, the process ends whatever the array does, as in a crash:
   * what was acknowledged as stable is there. It takes less than two seconds; this is for a disk
   * that hangs, and is less than the ten seconds after which container engines kill.
   */
  private static final long STOP_SECONDS = 8;

  @Spec private CommandSpec spec;
  @Mixin private VolumeOptions volumes;
  @Mixin private NetworkOptions network;
  @Mixin private HttpSecurityOptions httpSecurity;
  @Mixin private SecurityOptions security;
  @Mixin private LabOptions lab;
  @Mixin private SeedOptions seed;

  @Option(
      names = {ServeDefaults.CONFIG_SHORT, ServeDefaults.CONFIG},
      paramLabel = "FILE",
      description = {
        "YAML with the long options as fields, and volumes with their exports. The environment"
            + " (FACSIM_NFS_PORT for --nfs-port, and so on) beats the file, the command line beats both."
      })
  void configFile(Path file) {
    // ServeDefaults has read the file already: its fields are the defaults of all other options
  }

  @Option(
      names = "--opensds-flags",
      paramLabel = "NAME=BITS",
      converter = Converters.OpenSdsBits.class,
      defaultValue = "lazy=0x1",
      description = {
        "Which bits of the clone flags that hosts pass through the OpenSDS plugin ask for a lazy"
            + " clone, a guarded one (lazy ones only: the plugin makes the destination of a full clone"
            + " itself) or a dry run, for example lazy=0x1,guarded=0x2. Default: ${DEFAULT-VALUE}"
      })
  private OpenSdsFlags openSdsFlags;

  @Option(
      names = "--journal",
      paramLabel = "CALLS",
      converter = Converters.JournalSize.class,
      defaultValue = "0",
      description = {
        "How many of the latest calls the journal keeps, to be asked by 'facsim journal', for"
            + " example"
            + " 100000: each takes 640 bytes outside the heap. 0 for none. Default: ${DEFAULT-VALUE}"
      })
  private int journalEntries;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Where to put the ready line too, atomically; removed on the way out.")
  private Path readyFile;

  @Option(
      names = "--random-seed",
      paramLabel = "NUMBER",
      description = {
        "From which the array draws handles, generations, ids of sessions and what faults leave to"
            + " chance; the ready line has it as seed. The same number makes the same array again, and"
            + " files have times that follow from the calls, see --clock.",
        "By default another one at each start."
      })
  private Long randomSeed;

  @Option(
      names = "--clock",
      paramLabel = "system|seed|TIME",
      converter = StorageClock.Form.class,
      description = {
        "What files have their times from: the machine (system), or a clock that moves by 1 ms with"
            + " each time that the array stamps, so that the same calls get the same replies. That"
            + " one begins in the year 2026 at a second that the seed chooses (seed), or at a TIME such"
            + " as 2026-01-01T00:00:00Z.",
        "Default: seed with --random-seed, otherwise system"
      })
  private StorageClock clock;

  @Option(
      names = "--exit-with",
      paramLabel = "PID|PARENT",
      converter = WatchedProcess.Form.class,
      description = {
        "Ends in order, as with SIGTERM, when the process with this id ends, or the one that started"
            + " this one (PARENT), so that no array outlives a pipeline that was killed."
      })
  private WatchedProcess exitWith;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      converter = ProgramLogging.FormatForm.class,
      defaultValue = "text",
      description = {
        "How messages on stderr look: text, or json with one object on each line. The other"
            + " commands take it from FACSIM_LOG_FORMAT. Default: ${DEFAULT-VALUE}"
      })
  private ProgramLogging.Format logFormat;

  private boolean isHttpEncrypted;
  private final ServedDemo demo = new ServedDemo();
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** The exit code of the process once the array is closed; a failure after the start sets it. */
  private volatile int exitCode = CommandLine.ExitCode.OK;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    ProgramLogging.setFormat(logFormat);
    ArrayBuilder builder = FacsimArray.builder();
    long seedOfArray =
        randomSeed == null ? new SecureRandom().nextLong() >>> DROPPED_BITS : randomSeed;
    Optional<Lab> beside = prepare(builder);
    builder.seed(seedOfArray);
    StorageClock of = randomSeed == null ? StorageClock.SYSTEM : StorageClock.OF_SEED;
    builder.clock(Objects.requireNonNullElse(clock, of).of(seedOfArray));
    ReadyFile ready = new ReadyFile(readyFile);
    try {
      ready.removeStale();
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot replace " + readyFile + ": " + SystemFailure.inWords(e), e);
    }
    FacsimArray array = start(builder);
    limitStop();
    ThreadReserve.start();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(array, beside, ready), "facsim-stop"));
    try {
      seed.applyTo(array);
      if (beside.isPresent()) {
        beside.get().start(array);
      }
      demo.serves(array);
      announce(array, ready, seedOfArray);
    } catch (IOException e) {
      exitCode = CommandLine.ExitCode.SOFTWARE;
      throw new CommandFailedException(e.getMessage(), e);
    } catch (CommandFailedException e) {
      exitCode = CommandLine.ExitCode.SOFTWARE;
      throw e;
    } catch (ParameterException e) {
      exitCode = CommandLine.ExitCode.USAGE;
      throw e;
    }
    if (exitWith != null) {
      exitWith.whenEnded(() -> System.exit(exitCode));
    }
    new CountDownLatch(1).await();
    return exitCode;
  }

  /**
   * Checks all options as a start does, and starts nothing.
   *
   * @throws ParameterException if one is wrong
   */
  void check() {
    prepare(FacsimArray.builder());
  }

  private Optional<Lab> prepare(ArrayBuilder builder) {
    builder.openSdsFlags(openSdsFlags).journal(journalEntries);
    security.applyTo(builder);
    Optional<Lab> beside = lab.read();
    if (beside.isPresent()) {
      volumes.requireNone("--lab, whose file says what volumes there are");
      network.applyTo(builder, ofHttp(), beside.get());
      beside.get().applyTo(builder, journalEntries);
    } else {
      volumes.applyTo(builder);
      network.applyTo(builder, ofHttp(), demo);
    }
    return beside;
  }

  private HttpSecurity ofHttp() {
    HttpSecurity wanted =
        httpSecurity.security(
            System.getenv(HttpSecurityOptions.TOKEN_VARIABLE), volumes.dataDirectory());
    isHttpEncrypted = wanted.tls().isPresent();
    return wanted;
  }

  private FacsimArray start(ArrayBuilder builder) throws CommandFailedException {
    try {
      return builder.start();
    } catch (SidebandException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (BindException e) {
      throw new CommandFailedException(
          ListeningAddress.refused(
              network.nfsAddress(), "", e.getMessage(), "--nfs-port", "--listen"),
          e);
    } catch (IOException e) {
      throw new CommandFailedException("cannot start: " + SystemFailure.inWords(e), e);
    } catch (ArrayException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (IllegalArgumentException e) { // a volume or security that is not there
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void announce(FacsimArray array, ReadyFile ready, long seedOfArray) throws IOException {
    try {
      NfsNullProbe.await(array.nfsAddress(), PROBE_TIMEOUT);
    } catch (IOException e) {
      throw new IOException("NFS does not answer: " + e.getMessage(), e);
    }
    String line = ReadyLine.of(array, seedOfArray, isHttpEncrypted);
    try {
      ready.write(line);
    } catch (IOException e) {
      throw new IOException("cannot write " + readyFile + ": " + SystemFailure.inWords(e), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /**
   * Makes sure that the process ends in time. Its thread is made at the start, because at the end
   * there may be no memory for one.
   */
  private void limitStop() {
    Thread limit =
        new Thread(
            () -> {
              try {
                stopping.await();
                TimeUnit.SECONDS.sleep(STOP_SECONDS);
              } catch (InterruptedException e) {
                return;
              }
              PrintWriter err = spec.commandLine().getErr();
              err.println("facsim serve: did not stop within " + STOP_SECONDS + " s");
              err.flush();
              Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
            },
            "facsim-stop-limit");
    limit.setDaemon(true);
    limit.start();
  }

  /** The shutdown hook; see the head of this class. */
  private void stop(FacsimArray array, Optional<Lab> beside, ReadyFile ready) {
    stopping.countDown();
    try {
      stopping(ready::removeOwn);
      beside.ifPresent(running -> stopping(running::close));
      stopping(demo::close);
      stopping(array::close);
    } finally {
      spec.commandLine().getErr().flush();
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /**
   * Runs one step of the end. If the step fails, that is reported, and the other steps are still
   * taken.
   */
  private void stopping(Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException | Error e) {
      exitCode = CommandLine.ExitCode.SOFTWARE;
      spec.commandLine().getErr().println("facsim serve: did not stop cleanly: " + e);
    }
  }
}
