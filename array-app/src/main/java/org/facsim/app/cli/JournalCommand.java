/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.facsim.array.SystemFailure;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** Asks the journal of a running array. */
@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows, verifies and exports the latest calls of all doors of a running array.",
      "The array keeps as many as 'serve --journal' or 'journal size' says.",
      ""
    },
    footer = {
      "",
      "Example: facsim journal verify --procedure WRITE --path /datastore1/vm/clone-flat.vmdk"
          + " --exactly 0"
    })
final class JournalCommand extends CommandGroup {
  private static final String JOURNAL = "/api/v1/journal";
  private static final int USUAL_CALLS = 1000;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows the latest calls that meet all options, the oldest of them first.")
  int list(
      @Mixin HttpAddress http,
      @Mixin CallOptions calls,
      @Option(
              names = "--limit",
              paramLabel = "CALLS",
              defaultValue = "" + USUAL_CALLS,
              description = "The most calls, 1 to 10000. Default: ${DEFAULT-VALUE}")
          int limit,
      @Option(
              names = "--follow",
              description = {
                "Then shows calls as they come, until it is interrupted; without --since only these.",
                "Says so if calls are missing, because the array was faster."
              })
          boolean follow,
      @Option(names = "--json", description = "Each call as JSON, in a line.") boolean json)
      throws CommandFailedException, InterruptedException {
    PrintWriter out = spec().commandLine().getOut();
    requireOn(http);
    if (follow) {
      new JournalFollower(http.client(), out, json).follow(calls.parameters());
      return ExitCode.OK;
    }
    JsonNode page =
        asking(() -> http.client().get(JOURNAL + "/calls?limit=" + limit + calls.parameters()));
    if (!page.path("complete").asBoolean()) {
      (json ? spec().commandLine().getErr() : out)
          .println("# calls are missing: they are kept no more, or the journal was off once");
    }
    page.path("items").forEach(call -> out.println(json ? call.toString() : CallLine.of(call)));
    out.flush();
    return ExitCode.OK;
  }

  /** How many calls are expected. */
  static final class Expected {
    @Option(names = "--exactly", paramLabel = "CALLS", description = "Neither more nor fewer.")
    private Long exactly;

    @Option(names = "--at-least", paramLabel = "CALLS", description = "So many or more.")
    private Long atLeast;

    @Option(names = "--at-most", paramLabel = "CALLS", description = "So many or fewer.")
    private Long atMost;

    @Option(
        names = "--in-order",
        paramLabel = "CALL",
        arity = "2..*",
        description = {
          "Instead: the first calls of these kinds came one after the other. A kind is a"
              + " procedure, or conditions: 'procedure=LOCK,path=/datastore1/a'."
        })
    private List<String> inOrder = List.of();
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Says whether so many calls meet all options, and if not, which come nearest.",
        "Exit code 0: it holds. 1: it does not, or the journal does not have all calls any more.",
        "2: wrong usage, or a condition that no call can ever meet."
      })
  int verify(
      @Mixin HttpAddress http,
      @Mixin CallOptions calls,
      @ArgGroup(exclusive = false, multiplicity = "1") Expected expected,
      @Option(
              names = "--after",
              paramLabel = "CALL",
              description = "Only calls after the first of this kind, as with --in-order.")
          String after,
      @Option(
              names = "--before",
              paramLabel = "CALL",
              description = "Only calls before the first of this kind that follows.")
          String before,
      @Option(
              names = "--between",
              paramLabel = "CALL",
              arity = "2",
              description = "The same as --after and --before.")
          List<String> between,
      @Option(names = "--json", description = "The verdict as JSON.") boolean json)
      throws CommandFailedException, InterruptedException {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    if (expected.inOrder.isEmpty()) {
      calls.given().forEach(wanted.putObject("calls")::put);
    } else {
      expected.inOrder.forEach(kind -> CallKind.put(wanted.withArray("inOrder").addObject(), kind));
      if (!calls.given().isEmpty()) {
        throw wrong("--in-order takes conditions in its own values, not " + calls.given().keySet());
      }
    }
    put(wanted, "exactly", expected.exactly);
    put(wanted, "atLeast", expected.atLeast);
    put(wanted, "atMost", expected.atMost);
    putKind(wanted, "after", between == null ? after : between.get(0));
    putKind(wanted, "before", between == null ? before : between.get(1));
    if (between != null && (after != null || before != null)) {
      throw wrong("--between stands for --after and --before");
    }
    JsonNode result = asking(() -> http.client().post(JOURNAL + "/verifications", wanted));
    PrintWriter out = spec().commandLine().getOut();
    if (json) {
      out.println(result);
    } else {
      show(result, out);
    }
    out.flush();
    return result.path("holds").asBoolean() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void put(ObjectNode wanted, String name, Long value) {
    if (value != null) {
      wanted.put(name, value);
    }
  }

  private static void putKind(ObjectNode wanted, String name, String kind) {
    if (kind != null) {
      CallKind.put(wanted.putObject(name), kind);
    }
  }

  private static void show(JsonNode result, PrintWriter out) {
    String verdict =
        switch (result.path("outcome").asText()) {
          case "HOLDS" -> "holds";
          case "DOES_NOT_HOLD" -> "does not hold";
          default -> "unknown";
        };
    out.println(verdict + ": " + result.path("explanation").asText());
    for (JsonNode near : result.path("nearest")) {
      out.println("  " + CallLine.of(near.path("call")));
      near.path("misses").forEach(miss -> out.println("      " + miss.asText()));
    }
  }

  /** Into which file an export goes. */
  static final class Target {
    @Option(
        names = "--pcapng",
        paramLabel = "FILE",
        description = "As packets, for Wireshark and tshark.")
    private Path pcapng;

    @Option(names = "--jsonl", paramLabel = "FILE", description = "As JSON, one call in a line.")
    private Path jsonl;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Writes the calls that meet all options into a file.")
  int export(
      @Mixin HttpAddress http,
      @Mixin CallOptions calls,
      @ArgGroup(exclusive = true, multiplicity = "1") Target target,
      @Option(names = "--json", description = "Says what was written as JSON.") boolean json)
      throws CommandFailedException, InterruptedException {
    boolean asPackets = target.pcapng != null;
    Path file = asPackets ? target.pcapng : target.jsonl;
    String path =
        JOURNAL + "/export?format=" + (asPackets ? "pcapng" : "jsonl") + calls.parameters();
    requireOn(http);
    long bytes;
    Optional<String> remark;
    try (InputStream in = asking(() -> http.client().open(path, null));
        OutputStream out = Files.newOutputStream(file)) {
      bytes = in.transferTo(out);
      remark = asPackets ? PacketRemark.of(file) : Optional.empty();
    } catch (IOException e) {
      throw new CommandFailedException("cannot write " + file + ": " + SystemFailure.inWords(e), e);
    }
    PrintWriter out = spec().commandLine().getOut();
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    said.put("file", file.toString()).put("bytes", bytes);
    remark.ifPresent(words -> said.put("remark", words));
    out.println(
        json
            ? said.toString()
            : "wrote "
                + bytes
                + " bytes to "
                + file
                + remark.map(words -> "; " + words).orElse(""));
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "clear",
      mixinStandardHelpOptions = true,
      description = "Forgets all calls: what is verified later is about later calls.")
  int clear(
      @Mixin HttpAddress http,
      @Option(names = "--json", description = "Says how the journal is then as JSON.") boolean json)
      throws CommandFailedException, InterruptedException {
    http.client().delete(JOURNAL + "/calls");
    return status(http, json);
  }

  @Command(
      name = "size",
      mixinStandardHelpOptions = true,
      description = "Shows or changes how many calls the journal keeps; a change empties it.")
  int size(
      @Mixin HttpAddress http,
      @Parameters(
              arity = "0..1",
              paramLabel = "CALLS",
              description = "How many, for example 100000; 0 turns the journal off.")
          Integer entries,
      @Option(names = "--json", description = "As JSON.") boolean json)
      throws CommandFailedException, InterruptedException {
    if (entries != null) {
      ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("entries", entries);
      asking(() -> http.client().put(JOURNAL, wanted));
    }
    return status(http, json);
  }

  /** An empty answer of a journal that is off would look as if nobody had called. */
  private static void requireOn(HttpAddress http)
      throws CommandFailedException, InterruptedException {
    if (http.client().get(JOURNAL).path("entries").asInt() == 0) {
      throw new CommandFailedException(
          "the journal is off; 'facsim journal size 100000' or 'serve --journal' turns it on");
    }
  }

  private int status(HttpAddress http, boolean json)
      throws CommandFailedException, InterruptedException {
    JsonNode status = http.client().get(JOURNAL);
    PrintWriter out = spec().commandLine().getOut();
    if (json) {
      out.println(status);
    } else if (status.path("entries").asInt() == 0) {
      out.println("the journal is off");
    } else {
      long first = status.path("firstSequence").asLong();
      long last = status.path("lastSequence").asLong();
      out.printf(
          "keeps %,d calls; has %s; %,d are overwritten; takes %,d bytes when it is full%n",
          status.path("entries").asInt(),
          first > last ? "none yet" : "those from #" + first + " to #" + last,
          status.path("overwritten").asLong(),
          status.path("maxBytes").asLong());
    }
    out.flush();
    return ExitCode.OK;
  }

  private interface Asking<T> {
    T ask() throws CommandFailedException, InterruptedException;
  }

  /** What the array cannot be asked is wrong usage. */
  private <T> T asking(Asking<T> asking) throws CommandFailedException, InterruptedException {
    try {
      return asking.ask();
    } catch (CommandFailedException e) {
      if (e.isBadRequest()) {
        throw wrong(e.getMessage());
      }
      throw e;
    }
  }

  private ParameterException wrong(String message) {
    CommandLine here = spec().commandLine();
    ParseResult called = here.getParseResult().subcommand();
    return new ParameterException(
        called == null ? here : called.commandSpec().commandLine(), message);
  }
}
