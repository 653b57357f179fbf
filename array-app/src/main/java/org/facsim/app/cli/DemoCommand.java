/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.app.demo.CaseResult;
import org.facsim.app.demo.Demo;
import org.facsim.app.demo.DemoJson;
import org.facsim.app.demo.DemoOptions;
import org.facsim.app.demo.DemoRecord;
import org.facsim.app.demo.DemoText;
import org.facsim.app.demo.ProgressBar;
import org.facsim.app.demo.ProgressDisplay;
import org.facsim.app.demo.ProgressLines;
import org.facsim.array.ArrayException;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.management.HttpManagement;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code facsim demo}: eight clones over real NFS, and who copied what. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Starts an array and simulated ESXi hosts in this process, clones virtual machines over real"
          + " NFS, and shows which clones the array made for free and which the host had to copy.",
      "Exit code 0 only if every case came out as expected and every clone's contents are right.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 10;

  private final CloneOffloadPolicy policy;

  @Spec private CommandSpec spec;

  @Option(
      names = "--disk-size",
      paramLabel = "SIZE",
      converter = Converters.Size.class,
      defaultValue = "16.5GiB",
      description = {
        "What each guest writes, 1MiB to 844GiB; its thin disk is provisioned in the proportion"
            + " of 40 to 16.5. Up to 1GiB every block is compared, above it a random sample.",
        "Default: ${DEFAULT-VALUE}"
      })
  private long diskSizeBytes;

  @Option(names = "--json", description = "Prints one JSON object and nothing else on stdout.")
  private boolean json;

  @Option(
      names = "--console",
      description = {
        "Opens the web console, where the demo can be watched, and leaves the array running with"
            + " everything in it until SIGTERM or SIGINT. Its address is printed first."
      })
  private boolean console;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      defaultValue = "8080",
      description = "Of the console; 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private int httpPort;

  DemoCommand() {
    this(CloneOffloadPolicy.esxi());
  }

  /** Runs the demo with another policy than ESXi's. A demo that still reports success is broken. */
  DemoCommand(CloneOffloadPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Integer call() throws CommandFailedException {
    DemoOptions options = options();
    PrintWriter err = spec.commandLine().getErr();
    ProgressDisplay progress =
        Terminals.redrawsStderr(System.getenv())
            ? new ProgressBar(err, System::nanoTime)
            : new ProgressLines(err, System::nanoTime);
    if (console) {
      return runForTheConsole(options, progress);
    }
    try (Demo demo = Demo.start(options, progress)) {
      return exitCode(run(demo, options, result -> {}));
    } catch (IOException | DatastoreException | ArrayException e) {
      throw new CommandFailedException("the demo could not run to its end: " + e.getMessage(), e);
    }
  }

  private static int exitCode(List<CaseResult> results) {
    return results.stream().allMatch(CaseResult::asExpected) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<CaseResult> run(Demo demo, DemoOptions options, Consumer<CaseResult> listener)
      throws IOException {
    return json ? runForPrograms(demo, options, listener) : runForPeople(demo, options, listener);
  }

  /** Runs the demo and stays. A process that is told to end closes the array in good order. */
  private int runForTheConsole(DemoOptions options, ProgressDisplay progress)
      throws CommandFailedException {
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.countDown();
                  await(closed);
                },
                "facsim-stop"));
    try {
      return runUntil(stopping, options, DemoRecord.ofOwnArray(progress));
    } finally {
      closed.countDown();
    }
  }

  private int runUntil(CountDownLatch stopping, DemoOptions options, DemoRecord record)
      throws CommandFailedException {
    try (Demo demo =
        Demo.start(
            options,
            record,
            builder -> builder.management(HttpManagement.onPort(httpPort).withDemo(record)))) {
      String address = "http://" + FacsimArray.hostAndPort(demo.httpAddress()) + "/";
      say("The console: " + address);
      int exitCode = exitCode(run(demo, options, record::add));
      record.done();
      say("The array stays as it is now. The console: " + address + " (Ctrl-C ends it)");
      stopping.await();
      return exitCode;
    } catch (IOException | DatastoreException | ArrayException e) {
      throw new CommandFailedException("the demo could not run to its end: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.SOFTWARE;
    }
  }

  private static void await(CountDownLatch closed) {
    try {
      var unused = closed.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** To people; with {@code --json} stdout is for programs. */
  private void say(String line) {
    PrintWriter to = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    to.println(line);
    to.flush();
  }

  private DemoOptions options() {
    if (diskSizeBytes < DemoOptions.MIN_DISK_SIZE_BYTES
        || diskSizeBytes > DemoOptions.MAX_DISK_SIZE_BYTES) {
      throw new ParameterException(
          spec.commandLine(), "--disk-size: " + diskSizeBytes + " bytes; allowed: 1MiB to 844GiB");
    }
    return DemoOptions.ofDiskSize(diskSizeBytes).withPolicy(policy);
  }

  private List<CaseResult> runForPrograms(
      Demo demo, DemoOptions options, Consumer<CaseResult> listener) throws IOException {
    demo.createSources();
    List<CaseResult> results = demo.runCases(listener);
    spec.commandLine().getOut().println(DemoJson.of(options, results));
    spec.commandLine().getOut().flush();
    return results;
  }

  private List<CaseResult> runForPeople(
      Demo demo, DemoOptions options, Consumer<CaseResult> listener) {
    DemoText text =
        new DemoText(
            spec.commandLine().getOut(), options, Terminals.coloursStdout(System.getenv()));
    text.printSetUp(demo.nfsAddress());
    demo.createSources();
    text.printHead();
    List<CaseResult> results = demo.runCases(listener.andThen(text::printRow));
    text.printSpaces(demo.vmSpaces());
    text.printSummary(results);
    return results;
  }
}
