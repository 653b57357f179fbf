/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Shows the calls of a running array as they come (server-sent events). If the connection breaks,
 * it connects again and goes on behind the last call that it has shown.
 */
final class JournalFollower {
  private static final String STREAM = "/api/v1/journal/stream?";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Attempts to connect again, one each second. */
  private static final int ATTEMPTS = 30;

  private final ManagementClient client;
  private final PrintWriter out;
  private final boolean json;
  private Long last;

  JournalFollower(ManagementClient client, PrintWriter out, boolean json) {
    this.client = client;
    this.out = out;
    this.json = json;
  }

  /**
   * Follows until the array cannot be reached any more.
   *
   * @param parameters each with an ampersand before it
   */
  void follow(String parameters) throws CommandFailedException, InterruptedException {
    int attempts = 0;
    while (true) {
      try (BufferedReader in =
          new BufferedReader(
              new InputStreamReader(
                  client.open(STREAM + parameters.replaceFirst("^&", ""), last),
                  StandardCharsets.UTF_8))) {
        attempts = 0;
        read(in);
      } catch (IOException broken) {
        attempts++;
      } catch (CommandFailedException refused) {
        if (last == null || refused.isBadRequest() || ++attempts > ATTEMPTS) {
          throw refused;
        }
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private void read(BufferedReader in) throws IOException {
    String event = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("id: ")) {
        last = Long.valueOf(line.substring(4));
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        show(event, line.substring(6));
      }
    }
  }

  private void show(String event, String data) throws JsonProcessingException {
    JsonNode value = MAPPER.readTree(data);
    if (event.equals("call")) {
      out.println(json ? data : CallLine.of(value));
    } else {
      out.println(json ? "{\"gap\":" + data + "}" : "# calls are missing before #" + (last + 1));
    }
    out.flush();
  }
}
