/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.facsim.app.lab.LabExport;
import org.facsim.app.lab.ShippedLabs;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.array.SystemFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The lab that runs beside an array: what a trainee and a trainer type. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = LabStartCommand.class,
    description = {
      "The training lab: simulated hosts and their VMs beside a served array, with an incident to"
          + " find and mend, hints that cost, a score by evidence, and a reset in milliseconds.",
      "'facsim serve --lab NAME' runs one; docs/labs.md is the guide.",
      ""
    },
    footer = {
      "",
      "Example: facsim lab start riddle; facsim lab status; facsim host esx1 vim-cmd"
          + " vmsvc/getallvms;",
      "         facsim lab answer vss-siblings sql01; facsim lab check; facsim lab reset"
    })
final class LabCommand extends CommandGroup {
  private static final String LAB = "/api/v1/lab";
  private static final String SOLVED = "solved";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the labs that ship with the program.")
  int list() {
    PrintWriter out = spec().commandLine().getOut();
    for (ShippedLabs.Shipped lab : ShippedLabs.all()) {
      out.printf("%-24s %s%s%n", lab.name(), lab.title(), lab.isIncident() ? "" : " (no incident)");
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Writes a lab as a step for lab platforms: text.md, setup.sh, check.sh, solve.sh,"
            + " step.json.",
        "docs/labs.md says what they hold."
      })
  int export(
      @Parameters(index = "0", paramLabel = "NAME|FILE", description = "The lab.") String lab,
      @Parameters(index = "1", paramLabel = "DIR", description = "Made, or empty.") Path directory,
      @Option(
              names = "--lab-seed",
              paramLabel = "NUMBER",
              defaultValue = "1",
              description = "From which names and numbers are drawn. Default: ${DEFAULT-VALUE}")
          long seed)
      throws CommandFailedException {
    List<String> files;
    try {
      files = LabExport.write(lab, seed, directory);
    } catch (WrongFileException e) {
      throw new ParameterException(spec().commandLine(), e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot write " + directory + ": " + SystemFailure.inWords(e), e);
    }
    PrintWriter out = spec().commandLine().getOut();
    files.forEach(file -> out.println(directory.resolve(file)));
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Shows what the trainee is told, and how the lab is doing.")
  int status(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    JsonNode lab = http.client().get(LAB);
    PrintWriter out = spec().commandLine().getOut();
    if (json.print(out, lab)) {
      return ExitCode.OK;
    }
    out.println(lab.path("title").asText());
    out.println();
    out.println(lab.path("text").asText().strip());
    out.println();
    out.printf(
        "Lab %s, seed %s, runs for %.0f s: %d hosts, %d VMs, %d of them on; guests"
            + " write %.0f times a second%n",
        lab.path("name").asText(),
        lab.path("seed").asText(),
        lab.path("elapsedSeconds").asDouble(),
        lab.path("hosts").asInt(),
        lab.path("virtualMachines").asInt(),
        lab.path("poweredOn").asInt(),
        lab.path("writesPerSecond").asDouble());
    out.printf(
        "Hints taken: %d, left: %d%n",
        lab.path("hintsTaken").asInt(), lab.path("hintsLeft").asInt());
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "hosts",
      mixinStandardHelpOptions = true,
      description = "Lists the hosts with their datastores and VMs.")
  int hosts(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    JsonNode answer = http.client().get(LAB + "/hosts");
    PrintWriter out = spec().commandLine().getOut();
    if (json.print(out, answer)) {
      return ExitCode.OK;
    }
    for (JsonNode host : answer.path("items")) {
      out.printf("%s  ESXi %s%n", host.path("name").asText(), host.path("version").asText());
      for (JsonNode datastore : host.path("datastores")) {
        out.printf(
            "  datastore %-16s %-20s %s, Hardware Acceleration: %s%n",
            datastore.path("name").asText(),
            datastore.path("exportPath").asText(),
            datastore.path("isAccessible").asBoolean() ? "accessible" : "inaccessible",
            datastore.path("hardwareAcceleration").asText());
      }
      for (JsonNode vm : host.path("virtualMachines")) {
        out.printf(
            "  VM        %-16s %-20s %s%n",
            vm.path("name").asText(),
            "[" + vm.path("datastore").asText() + "]",
            vm.path("isPoweredOn").asBoolean() ? "powered on" : "powered off");
      }
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "tasks",
      mixinStandardHelpOptions = true,
      description = "Lists what the hosts do, and what they have done last.")
  int tasks(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    JsonNode answer = http.client().get(LAB + "/tasks");
    PrintWriter out = spec().commandLine().getOut();
    if (json.print(out, answer)) {
      return ExitCode.OK;
    }
    for (JsonNode task : answer.path("items")) {
      out.printf(
          "%s  %-8s %-10s %-24s %-16s %-8s %3d %%  %s%n",
          task.path("queuedAt").asText(),
          task.path("host").asText(),
          task.path("id").asText(),
          task.path("name").asText(),
          task.path("entity").asText(),
          task.path("state").asText(),
          task.path("percent").asInt(),
          task.path("error").asText());
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "hints",
      mixinStandardHelpOptions = true,
      description = "Shows the hints that were taken, and what the next one costs.")
  int hints(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    return hints(http.client().get(LAB + "/hints"), json);
  }

  @Command(
      name = "hint",
      mixinStandardHelpOptions = true,
      description = "Takes the next hint, which costs points.")
  int hint(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    return hints(http.client().post(LAB + "/hints", null), json);
  }

  private int hints(JsonNode hints, JsonOption json) {
    PrintWriter out = spec().commandLine().getOut();
    if (json.print(out, hints)) {
      return ExitCode.OK;
    }
    for (JsonNode hint : hints.path("taken")) {
      out.printf(
          "%d (%d points): %s%n",
          hint.path("number").asInt(), hint.path("cost").asInt(), hint.path("text").asText());
    }
    out.println(
        hints.hasNonNull("nextCost")
            ? hints.path("left").asInt()
                + " left; the next one costs "
                + hints.path("nextCost").asInt()
                + " points"
            : "none left");
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "causes",
      mixinStandardHelpOptions = true,
      description = "Lists the causes that 'facsim lab answer' takes.")
  int causes(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    JsonNode causes = http.client().get(LAB + "/causes");
    PrintWriter out = spec().commandLine().getOut();
    if (json.print(out, causes)) {
      return ExitCode.OK;
    }
    for (JsonNode cause : causes.path("items")) {
      out.printf("%-26s %s%n", cause.path("cause").asText(), cause.path("text").asText());
    }
    StringBuilder about = new StringBuilder();
    causes.path("subjects").forEach(subject -> about.append(' ').append(subject.asText()));
    out.println("about:" + about);
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "answer",
      mixinStandardHelpOptions = true,
      description = {
        "States the cause of the incident, and what it is about. Wrong answers cost points.",
        "Exit code: 0 right, 1 not, 2 wrong usage."
      })
  int answer(
      @Mixin HttpAddress http,
      @Parameters(paramLabel = "CAUSE", description = "One of 'facsim lab causes'.") String cause,
      @Parameters(
              paramLabel = "ABOUT",
              arity = "0..1",
              description = "The host, VM or volume that it is about.")
          String about)
      throws CommandFailedException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("cause", cause);
    if (about != null) {
      body.put("about", about);
    }
    JsonNode answer;
    try {
      answer = http.client().post(LAB + "/answers", body);
    } catch (CommandFailedException e) {
      if (e.isBadRequest()) {
        throw new ParameterException(spec().commandLine(), e.getMessage(), e);
      }
      throw e;
    }
    boolean isRight = answer.path("isRightCause").asBoolean();
    boolean isRightSubject = answer.path("isRightSubject").asBoolean();
    PrintWriter out = spec().commandLine().getOut();
    out.printf(
        "%s, after %.0f s, answer %d%n",
        !isRight ? "no" : isRightSubject ? "right" : "right, but not about that",
        answer.path("afterSeconds").asDouble(),
        answer.path("attempts").asInt());
    out.flush();
    return isRight && isRightSubject ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Scores what was done so far, by evidence. Changes nothing.",
        "Exit code: 0 solved; 1 open, or a wrong fix; 2 wrong usage."
      })
  int check(@Mixin HttpAddress http, @Mixin JsonOption json)
      throws CommandFailedException, InterruptedException {
    JsonNode check = http.client().get(LAB + "/check");
    PrintWriter out = spec().commandLine().getOut();
    if (!json.print(out, check)) {
      check.path("text").forEach(line -> out.println(line.asText()));
      out.flush();
    }
    return check.path("verdict").asText().equals(SOLVED) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  @Command(
      name = "reset",
      mixinStandardHelpOptions = true,
      description = {
        "Puts the array and the hosts back to where the lab began.",
        "Hints, answers and the clock stay in the score, because the trainee knows them still."
      })
  int reset(
      @Mixin HttpAddress http,
      @Option(
              names = "--new-attempt",
              description = "Somebody else begins: forgets hints, answers and the clock, too.")
          boolean newAttempt)
      throws CommandFailedException, InterruptedException {
    JsonNode reset =
        http.client()
            .post(
                LAB + "/reset",
                JsonNodeFactory.instance.objectNode().put("isNewAttempt", newAttempt));
    PrintWriter out = spec().commandLine().getOut();
    out.printf("the lab is where it began, %.1f ms%n", reset.path("tookMilliseconds").asDouble());
    int hints = reset.path("hints").asInt();
    int wrong = reset.path("wrongAnswers").asInt();
    out.printf(
        newAttempt
            ? "a new attempt: forgot %d hint%s and %d wrong answer%s%n"
            : "%d hint%s and %d wrong answer%s stay in the score, and the clock runs on;"
                + " --new-attempt forgets them%n",
        hints,
        hints == 1 ? "" : "s",
        wrong,
        wrong == 1 ? "" : "s");
    out.flush();
    return ExitCode.OK;
  }

  /** {@code --json}. */
  static final class JsonOption {
    @Option(names = "--json", description = "The answer as it came, for programs.")
    private boolean json;

    /** Prints it if that is wanted. */
    boolean print(PrintWriter out, JsonNode answer) {
      if (json) {
        out.println(answer);
        out.flush();
      }
      return json;
    }
  }
}
