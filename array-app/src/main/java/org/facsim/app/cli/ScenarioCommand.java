/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.facsim.app.scenario.ReportJson;
import org.facsim.app.scenario.ReportJunit;
import org.facsim.app.scenario.ReportText;
import org.facsim.app.scenario.RunResult;
import org.facsim.app.scenario.Scenario;
import org.facsim.app.scenario.ScenarioRun;
import org.facsim.app.scenario.ShippedScenarios;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.array.SystemFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code facsim scenario}: what is known to happen on hosts and arrays, as files that run. */
@Command(
    name = "scenario",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Lists, shows and runs scenarios: arrays, hosts and VMs in this process, steps, and"
          + " expectations on space, wire, tasks, events and logs.",
      "docs/scenarios.md explains the format.",
      ""
    },
    subcommands = {
      ScenarioCommand.ListThem.class,
      ScenarioCommand.Show.class,
      ScenarioCommand.Run.class
    })
final class ScenarioCommand extends CommandGroup {
  /** {@code facsim scenario list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      versionProvider = FacsimCommand.Version.class,
      description = "Lists the scenarios that come with the program.")
  static final class ListThem implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      List<Scenario> scenarios = ShippedScenarios.all();
      if (json) {
        out.println(ReportJson.ofList(scenarios));
      } else {
        int width = scenarios.stream().mapToInt(each -> each.name().length()).max().orElse(1);
        scenarios.forEach(
            each ->
                out.println(
                    each.name() + " ".repeat(width + 2 - each.name().length()) + each.title()));
      }
      out.flush();
      return ExitCode.OK;
    }
  }

  /** {@code facsim scenario show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = FacsimCommand.Version.class,
      description = "Prints the file of a scenario that comes with the program.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        arity = "1",
        paramLabel = "NAME",
        description = "A name from 'facsim scenario list'.")
    private String name;

    @Override
    public Integer call() {
      try {
        ShippedScenarios.requireShipped(name);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      PrintWriter out = spec.commandLine().getOut();
      out.print(ShippedScenarios.yaml(name));
      out.flush();
      return ExitCode.OK;
    }
  }

  /** {@code facsim scenario run}. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      versionProvider = FacsimCommand.Version.class,
      description = {
        "Runs scenarios, each with arrays and hosts of its own. Time of hosts and arrays is"
            + " stepped: minutes pass at once.",
        "",
        "Exit code: 0 all expectations are met; 1 some are not; 2 a file is wrong, or wrong usage.",
        ""
      },
      footer = {"", "Example: facsim scenario run all --junit scenarios.xml"})
  static final class Run implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        arity = "1..*",
        paramLabel = "NAME|FILE|all",
        description = "Names from 'facsim scenario list', YAML files, or all that are shipped.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Prints one JSON object and nothing else on stdout.")
    private boolean json;

    @Option(
        names = "--junit",
        paramLabel = "FILE",
        description = "Writes the result as JUnit XML, too.")
    private Path junit;

    @Option(
        names = "--seed",
        paramLabel = "SEED",
        defaultValue = "" + ScenarioRun.DEFAULT_SEED,
        description =
            "A whole number from which everything follows that looks like chance. The same seed"
                + " makes the same report. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Override
    public Integer call() throws CommandFailedException {
      try {
        return run();
      } catch (WrongFileException e) {
        PrintWriter err = spec.commandLine().getErr();
        e.problems().forEach(problem -> err.println(spec.qualifiedName() + ": " + problem));
        return ExitCode.USAGE;
      }
    }

    private int run() throws CommandFailedException, WrongFileException {
      List<Scenario> wanted = new ArrayList<>();
      for (String word : words) {
        wanted.addAll(scenarios(spec, word));
      }
      if (junit != null) {
        Path parent = junit.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
          throw new ParameterException(
              spec.commandLine(),
              "--junit: " + parent + " is no directory; allowed: a file in one that is there");
        }
      }
      PrintWriter out = spec.commandLine().getOut();
      ReportText text = new ReportText(out);
      List<RunResult> results = new ArrayList<>();
      try {
        for (Scenario each : wanted) {
          RunResult result = ScenarioRun.run(each, seed);
          results.add(result);
          if (!json) {
            text.print(result);
          }
        }
        if (junit != null) {
          ReportJunit.write(results, junit);
        }
      } catch (IOException e) {
        throw new CommandFailedException(
            "the scenario could not run: " + SystemFailure.inWords(e), e);
      }
      print(out, results);
      return results.stream().allMatch(RunResult::isPassed) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void print(PrintWriter out, List<RunResult> results) {
      if (json) {
        out.println(ReportJson.of(seed, results));
      } else if (results.size() > 1) {
        long passed = results.stream().filter(RunResult::isPassed).count();
        out.printf("%d of %d scenarios passed%n", passed, results.size());
        results.stream()
            .filter(result -> !result.isPassed())
            .forEach(result -> out.println("FAILED " + result.scenario().name()));
      }
      out.flush();
    }
  }

  private static List<Scenario> scenarios(CommandSpec spec, String word) throws WrongFileException {
    try {
      return ShippedScenarios.find(word);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
