/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Plays the commands of a page from its top to its end, in one shell, as a reader would. */
final class PagePlayer {
  /** What the HTTP door says when it refuses something, after which curl still ends with 0. */
  private static final Pattern PROBLEM = Pattern.compile("\"title\":\"[^\"]*\",\"status\":[45]");

  private PagePlayer() {}

  /**
   * Plays a page as it is written.
   *
   * @param isPlayed which of its blocks
   * @return how many commands ran
   */
  static int play(
      Page page, Predicate<Page.Block> isPlayed, List<String> prefix, Path root, Path scratch)
      throws IOException {
    return play(page, isPlayed, UnaryOperator.identity(), prefix, root, scratch);
  }

  /**
   * Plays a page.
   *
   * @param asPlayed what is played instead of the text of a command
   */
  static int play(
      Page page,
      Predicate<Page.Block> isPlayed,
      UnaryOperator<String> asPlayed,
      List<String> prefix,
      Path root,
      Path scratch)
      throws IOException {
    List<DocumentShell.Stayer> servers = new ArrayList<>();
    int commands = 0;
    try (DocumentShell shell = DocumentShell.start(prefix, root, scratch, Map.of())) {
      for (Page.Block block : page.blocks()) {
        if (!isPlayed.test(block)) {
          continue;
        }
        for (ShellCommand written : ShellCommand.of(block)) {
          ShellCommand command = written.withText(asPlayed.apply(written.text()));
          if (command.isServer() && command.stays()) {
            // whoever starts another one on the same ports has ended the one before
            servers.forEach(DocumentShell.Stayer::interrupt);
            servers.clear();
          }
          play(page, shell, command, servers);
          commands++;
        }
      }
    }
    return commands;
  }

  private static void play(
      Page page, DocumentShell shell, ShellCommand command, List<DocumentShell.Stayer> servers)
      throws IOException {
    String where = page.path() + ":" + command.line() + ": " + command.text();
    if (command.stays()) {
      DocumentShell.Stayer stayer;
      try {
        stayer = shell.start(command.text(), printed -> isEnough(command, printed));
      } catch (AssertionError e) {
        throw new AssertionError(where + "\nis shown to print\n" + text(command.shown()), e);
      }
      if (command.isInterrupted()) {
        stayer.interrupt();
      } else {
        servers.add(stayer);
      }
      return;
    }
    DocumentShell.Outcome outcome = shell.run(command.text());
    if (!command.mayEndWith(outcome.exitCode())) {
      throw new AssertionError(
          where
              + "\nended with exit code "
              + outcome.exitCode()
              + " and printed\n"
              + outcome.printed());
    }
    if (command.shown().isEmpty() && PROBLEM.matcher(outcome.printed()).find()) {
      throw new AssertionError(where + "\nwas refused: " + outcome.printed());
    }
    if (!command.shown().isEmpty() && !ShownOutput.matches(command.shown(), outcome.printed())) {
      throw new AssertionError(
          where
              + "\nprinted\n"
              + outcome.printed()
              + "\nbut is shown to print\n"
              + text(command.shown()));
    }
  }

  private static boolean isEnough(ShellCommand command, String printed) {
    if (command.shown().isEmpty()) {
      return printed.contains("\"ready\":true");
    }
    boolean isShown = ShownOutput.matches(command.shown(), printed);
    if (command.isServer() && !isShown && printed.endsWith("}\n")) {
      throw new AssertionError("it printed " + printed);
    }
    return isShown;
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines);
  }
}
