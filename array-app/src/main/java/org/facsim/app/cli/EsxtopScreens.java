/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The live view of {@code esxtop}: the host is asked for one screen after the other, and each takes
 * the place of the one before. The host waits between them, as long as {@code -d} says.
 */
final class EsxtopScreens {
  /** Moves the cursor to the first place and clears the terminal. */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final List<String> oneScreen;
  private final long screens;
  private final PrintWriter out;

  /** Runs a command on the host. */
  @FunctionalInterface
  interface Shell {
    JsonNode run(List<String> argv) throws CommandFailedException, InterruptedException;
  }

  /**
   * @param argv for which {@link #isWanted} says yes
   */
  EsxtopScreens(List<String> argv, PrintWriter out) {
    List<String> words = new ArrayList<>(argv);
    int count = words.indexOf("-n");
    long wanted = Long.MAX_VALUE;
    if (count > 0 && count + 1 < words.size() && words.get(count + 1).matches("[1-9]\\d{0,8}")) {
      wanted = Long.parseLong(words.remove(count + 1));
      words.remove(count);
    }
    this.screens = wanted;
    // a count that is none goes to the host, which refuses it
    this.oneScreen = words.contains("-n") ? words : withCount(words);
    this.out = out;
  }

  private static List<String> withCount(List<String> words) {
    List<String> counted = new ArrayList<>(words);
    counted.addAll(List.of("-n", "1"));
    return counted;
  }

  /** Whether a command shows screens until it is ended: esxtop, but not in batch. */
  static boolean isWanted(List<String> argv) {
    return argv.get(0).equals("esxtop") && !argv.contains("-b");
  }

  /**
   * Shows them until as many are shown as {@code -n} says, or until the command fails.
   *
   * @param isTerminal whether a screen takes the place of the one before
   * @return the command's exit code
   */
  int show(Shell shell, boolean isTerminal) throws CommandFailedException, InterruptedException {
    for (long i = 0; i < screens; i++) {
      JsonNode screen = shell.run(oneScreen);
      out.print((isTerminal ? CLEAR : "") + screen.path("stdout").asText());
      out.print(screen.path("stderr").asText());
      out.flush();
      int exitCode = screen.path("exitCode").asInt();
      if (exitCode != 0 || out.checkError()) {
        return exitCode;
      }
    }
    return 0;
  }
}
