/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A call of the journal in one line. */
final class CallLine {
  private static final double NANOS_PER_MILLI = 1e6;

  private CallLine() {}

  static String of(JsonNode call) {
    StringBuilder line = new StringBuilder();
    line.append('#').append(call.path("sequence").asLong());
    line.append(' ').append(call.path("time").asText());
    line.append(' ').append(call.path("client").asText());
    line.append(' ').append(call.path("door").asText());
    line.append(' ').append(call.path("procedure").asText());
    append(line, " ", call.path("path").asText());
    append(line, " to ", call.path("otherPath").asText());
    String arguments = call.path("arguments").asText();
    append(line, " (", arguments.isEmpty() ? "" : arguments + ")");
    String status = call.path("status").asText();
    String outcome = call.path("outcome").asText();
    line.append(": ").append(status.isEmpty() ? outcome : status);
    if (!status.isEmpty() && !outcome.equals("ANSWERED")) {
      line.append(' ').append(outcome);
    }
    if (call.has("durationNanos")) {
      line.append(
          String.format(
              Locale.ROOT, " %.3f ms", call.path("durationNanos").asLong() / NANOS_PER_MILLI));
    }
    call.path("faults").forEach(fault -> line.append(", fault ").append(fault.asText()));
    return line.toString();
  }

  private static void append(StringBuilder line, String before, String text) {
    if (!text.isEmpty()) {
      line.append(before).append(text);
    }
  }
}
