/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command as a page shows it.
 *
 * @param line in the page, from 1
 * @param text one command of a shell, which may have several lines
 * @param shown what the page says that it prints; empty if it says nothing
 * @param exitCode what it ends with, or {@link #ANY_FAILURE}
 * @param isInterrupted whether the page ends it with {@code ^C}
 */
record ShellCommand(
    int line, String text, List<String> shown, int exitCode, boolean isInterrupted) {
  /** A failure whose number the page leaves open: {@code [exit code ...]}. */
  static final int ANY_FAILURE = -1;

  private static final String PROMPT = "$ ";
  private static final String INTERRUPT = "^C";
  private static final Pattern EXIT_CODE = Pattern.compile("\\[exit code (\\d+|\\.\\.\\.)]");
  private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'?(\\w+)'?");

  /** A program that serves until it is told to end: these start it without a {@code &} behind. */
  private static final Pattern SERVER =
      Pattern.compile(
          "(\\w+=\\S+ )*(\\./)?facsim (serve|lab start|demo --console)\\b(?!.*(--help|&\\s*$)).*",
          Pattern.DOTALL);

  /** Whether it stays in its terminal while the page goes on in another one. */
  boolean stays() {
    return isInterrupted || (exitCode == 0 && SERVER.matcher(text).matches());
  }

  ShellCommand withText(String other) {
    return new ShellCommand(line, other, shown, exitCode, isInterrupted);
  }

  boolean mayEndWith(int code) {
    return exitCode == ANY_FAILURE ? code != 0 : code == exitCode;
  }

  boolean isServer() {
    return SERVER.matcher(text).matches();
  }

  static List<ShellCommand> of(Page.Block block) {
    return block.language().equals("console") ? ofConsole(block) : ofScript(block);
  }

  private static List<ShellCommand> ofScript(Page.Block block) {
    List<ShellCommand> commands = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int begin = 0;
    for (int i = 0; i < block.lines().size(); i++) {
      if (text.isEmpty()) {
        begin = i;
      }
      text.append(block.lines().get(i)).append('\n');
      if (isComplete(text.toString())) {
        if (!withoutComments(text.toString()).isBlank()) {
          commands.add(command(block, begin, text.toString(), List.of()));
        }
        text.setLength(0);
      }
    }
    if (!text.isEmpty()) {
      throw new AssertionError("line " + (block.line() + begin) + ": this command has no end");
    }
    return commands;
  }

  private static List<ShellCommand> ofConsole(Page.Block block) {
    List<ShellCommand> commands = new ArrayList<>();
    int at = 0;
    while (at < block.lines().size()) {
      String line = block.lines().get(at);
      if (!line.startsWith(PROMPT)) {
        throw new AssertionError(
            "line " + (block.line() + at) + ": no command, and nothing printed it");
      }
      int begin = at;
      StringBuilder text = new StringBuilder(line.substring(PROMPT.length())).append('\n');
      at++;
      while (!isComplete(text.toString()) && at < block.lines().size()) {
        String more = block.lines().get(at);
        text.append(more.startsWith("> ") ? more.substring(2) : more).append('\n');
        at++;
      }
      List<String> shown = new ArrayList<>();
      while (at < block.lines().size() && !block.lines().get(at).startsWith(PROMPT)) {
        shown.add(block.lines().get(at));
        at++;
      }
      commands.add(command(block, begin, text.toString(), shown));
    }
    return commands;
  }

  private static ShellCommand command(
      Page.Block block, int begin, String text, List<String> shown) {
    List<String> lines = new ArrayList<>(shown);
    boolean isInterrupted = lines.removeIf(INTERRUPT::equals);
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
      lines.remove(lines.size() - 1);
    }
    OptionalInt exitCode = OptionalInt.empty();
    if (!lines.isEmpty()) {
      Matcher matcher = EXIT_CODE.matcher(lines.get(lines.size() - 1));
      if (matcher.matches()) {
        String code = matcher.group(1);
        exitCode = OptionalInt.of(code.equals("...") ? ANY_FAILURE : Integer.parseInt(code));
        lines.remove(lines.size() - 1);
      }
    }
    return new ShellCommand(
        block.line() + begin,
        withoutComments(text).strip(),
        List.copyOf(lines),
        exitCode.orElse(0),
        isInterrupted);
  }

  /** Whether a shell would begin to run this instead of asking for another line. */
  private static boolean isComplete(String text) {
    Matcher here = HERE_DOCUMENT.matcher(text);
    if (here.find()) {
      return text.contains("\n" + here.group(1) + "\n");
    }
    String code = withoutComments(text).stripTrailing();
    return !code.endsWith("\\") && !code.endsWith("|") && !code.endsWith("&&") && !isQuoted(code);
  }

  private static boolean isQuoted(String text) {
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    return quote != 0;
  }

  private static String withoutComments(String text) {
    if (HERE_DOCUMENT.matcher(text).find()) {
      return text;
    }
    StringBuilder code = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && c == '#' && (i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
        i = text.indexOf('\n', i);
        if (i < 0) {
          break;
        }
        c = '\n';
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      code.append(c);
    }
    return code.toString();
  }
}
