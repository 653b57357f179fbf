/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Lists;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;

/** Commands that are read alone say what they say among all others, and are over at once. */
class OneCommandTest {
  private record Said(int exitCode, String out, String err) {}

  static Stream<String> commands() {
    return OneCommand.COMMANDS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysTheSameAsAmongAllCommands(String command) {
    for (String[] arguments :
        List.of(
            new String[] {command, "--help"},
            new String[] {command, "--frob"},
            new String[] {command, "list", "--help"},
            new String[] {command, "lsit"},
            new String[] {command, "--http", "nonsense"},
            new String[] {command, "--version"})) {
      assertThat(alone(arguments)).as("%s", List.of(arguments)).isEqualTo(amongAll(arguments));
    }
  }

  @Test
  void eachIsACommandOfTheProgram() {
    List<Class<?>> all =
        Arrays.asList(FacsimCommand.class.getAnnotation(Command.class).subcommands());
    for (Map.Entry<String, Supplier<Object>> client : OneCommand.COMMANDS.entrySet()) {
      Class<?> command = client.getValue().get().getClass();
      assertThat(all).contains(command);
      Command described = command.getAnnotation(Command.class);
      assertThat(Lists.asList(described.name(), described.aliases())).contains(client.getKey());
    }
  }

  @Test
  void aClientLeavesNoThreadForWhichTheJvmWouldWait() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = "{\"items\": []}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try {
      Said said = alone("stats", "--http", "127.0.0.1:" + server.getAddress().getPort());
      assertThat(said.exitCode).as("%s", said).isZero();
    } finally {
      server.stop(0);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("HttpClient"));
  }

  private static Said alone(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Said(exitCode, out.toString(), err.toString());
  }

  private static Said amongAll(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.configured(new FacsimCommand(), new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(arguments);
    return new Said(exitCode, out.toString(), err.toString());
  }
}
