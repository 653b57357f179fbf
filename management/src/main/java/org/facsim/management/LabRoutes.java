/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import org.facsim.management.LabView.Outcome;

/** The lab beside the array: hosts and their commands, hints, answers, the score, the reset. */
final class LabRoutes {
  private static final String LAB = "/api/v1/lab";
  private static final String HOSTS = LAB + "/hosts";
  private static final String COMMANDS = HOSTS + "/:host/commands";
  private static final String COMMAND = COMMANDS + "/:command";
  private static final String HINTS = LAB + "/hints";
  private static final String ANSWERS = LAB + "/answers";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final LabDoor lab;
  private final HostCommands commands;

  LabRoutes(LabDoor lab, HostCommands commands) {
    this.lab = lab;
    this.commands = commands;
  }

  void addTo(Routes routes) {
    routes.get(LAB, context -> answer(context, lab::status));
    routes.get(
        HOSTS,
        context ->
            answer(context, () -> ListPart.listing(context, LabView.Host.class, lab.hosts())));
    routes.post(COMMANDS, this::start);
    routes.get(COMMAND, context -> answerWhenDone(context, find(context)));
    routes.get(
        LAB + "/tasks",
        context ->
            answer(context, () -> ListPart.listing(context, LabView.Task.class, lab.tasks())));
    routes.get(HINTS, context -> answer(context, lab::hints));
    routes.post(HINTS, context -> change(context, lab::takeHint));
    routes.get(LAB + "/causes", context -> answer(context, lab::causes));
    routes.post(ANSWERS, this::answered);
    routes.get(LAB + "/check", context -> answer(context, lab::check));
    routes.post(LAB + "/reset", this::reset);
    routes.get(
        LAB + "/shipped",
        context ->
            answer(
                context, () -> ListPart.listing(context, LabView.Incident.class, lab.shipped())));
  }

  /** A command line. */
  record CommandRequest(List<String> argv) {}

  /**
   * A command.
   *
   * @param exitCode absent while it runs, as is what follows
   */
  record CommandJson(
      String id, boolean isRunning, Integer exitCode, String stdout, String stderr) {}

  /**
   * What the cause is.
   *
   * @param about null for nothing
   */
  record AnswerRequest(String cause, String about) {}

  /**
   * How to reset.
   *
   * @param isNewAttempt null for false
   */
  record ResetRequest(Boolean isNewAttempt) {
    static final ResetRequest NONE = new ResetRequest(null);
  }

  private static void answer(RoutingContext context, Supplier<Object> view) {
    try {
      Answers.json(context, OK, view.get());
    } catch (LabRefusal refused) {
      throw refused.asProblem();
    }
  }

  private static void change(RoutingContext context, Supplier<Object> change) {
    JsonBodies.readNothing(context);
    answer(context, change);
  }

  private void reset(RoutingContext context) {
    ResetRequest request = JsonBodies.readOr(context, ResetRequest.class, ResetRequest.NONE);
    answer(context, () -> lab.reset(Boolean.TRUE.equals(request.isNewAttempt())));
  }

  private void answered(RoutingContext context) {
    AnswerRequest request = JsonBodies.read(context, AnswerRequest.class);
    if (request.cause() == null) {
      throw Problem.badRequest("field 'cause' is missing; allowed: one of " + LAB + "/causes");
    }
    answer(
        context, () -> lab.answer(request.cause(), request.about() == null ? "" : request.about()));
  }

  private HostCommands.Command find(RoutingContext context) {
    return commands.find(context.pathParam("host"), context.pathParam("command"));
  }

  private void start(RoutingContext context) {
    List<String> argv = checked(JsonBodies.read(context, CommandRequest.class).argv());
    HostCommands.Command command;
    try {
      command = commands.start(context.pathParam("host"), argv);
    } catch (LabRefusal refused) {
      throw refused.asProblem();
    }
    answerWhenDone(context, command);
  }

  private static List<String> checked(List<String> argv) {
    if (argv == null || argv.isEmpty() || argv.size() > LabDoor.MAX_ARGUMENTS) {
      throw Problem.badRequest(
          "field 'argv': "
              + (argv == null ? "missing" : argv.size() + " arguments")
              + "; allowed: 1 to "
              + LabDoor.MAX_ARGUMENTS
              + ", for example [\"esxcli\", \"storage\", \"nfs\", \"list\"]");
    }
    for (String argument : argv) {
      if (argument == null || argument.length() > LabDoor.MAX_ARGUMENT_LENGTH) {
        throw Problem.badRequest(
            "field 'argv': an argument is "
                + (argument == null ? "null" : "too long")
                + "; allowed: texts of at most "
                + LabDoor.MAX_ARGUMENT_LENGTH
                + " characters");
      }
    }
    return List.copyOf(argv);
  }

  /** Answers when a command has ended, or after a while; no thread waits. */
  private void answerWhenDone(RoutingContext context, HostCommands.Command command) {
    var unused =
        commands
            .await(command)
            .whenComplete(
                (outcome, failure) -> {
                  if (failure != null) {
                    Answers.failure(context, failure);
                  } else {
                    answer(context, command, outcome);
                  }
                });
  }

  private static void answer(
      RoutingContext context, HostCommands.Command command, Outcome outcome) {
    String id = Long.toString(command.id());
    if (outcome == null) {
      Answers.json(context, ACCEPTED, new CommandJson(id, true, null, null, null));
    } else {
      Answers.json(
          context,
          OK,
          new CommandJson(id, false, outcome.exitCode(), outcome.stdout(), outcome.stderr()));
    }
  }
}
