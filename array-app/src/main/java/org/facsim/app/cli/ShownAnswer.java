/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.function.BiConsumer;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** How a command shows what the array answers: for people or programs, once or again and again. */
final class ShownAnswer {
  private static final int WATCH_MILLIS = 1000;

  @Option(names = "--json", description = "The answer as it came, for programs.")
  private boolean isJson;

  @Option(
      names = "--watch",
      description =
          "Asks again each second, until it is interrupted; with --json a line each time.")
  private boolean isWatching;

  /**
   * Asks and shows.
   *
   * @param inWords writes an answer for people
   * @return the exit code
   */
  int show(
      ManagementClient client,
      String path,
      PrintWriter out,
      BiConsumer<JsonNode, PrintWriter> inWords)
      throws CommandFailedException, InterruptedException {
    do {
      JsonNode answer = client.get(path);
      if (isJson) {
        out.println(answer);
      } else {
        inWords.accept(answer, out);
      }
      out.flush();
      if (isWatching) {
        Thread.sleep(WATCH_MILLIS);
        if (!isJson) {
          out.println();
        }
      }
    } while (isWatching && !out.checkError());
    return ExitCode.OK;
  }
}
