/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;

/**
 * Fault rules that no call of a load meets: each is for another file, which is not there, and half
 * of them with a wildcard.
 *
 * @param count how many
 * @param procedure of NFS whose calls they are for
 */
record FaultRuleLoad(int count, String procedure) {
  static final FaultRuleLoad NONE = new FaultRuleLoad(0, "");

  /** As many as fit into one request. */
  private static final int AT_ONCE = 200;

  private static final int CREATED = 201;
  private static final int TRIES = 100;
  private static final long RETRY_MILLIS = 100;

  /** Adds them to the server whose HTTP door has this port. */
  void addTo(int httpPort) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    for (int first = 0; first < count; first += AT_ONCE) {
      StringBuilder rules = new StringBuilder();
      for (int i = first; i < Math.min(count, first + AT_ONCE); i++) {
        rules.append(rules.isEmpty() ? "" : ",").append(rule(i));
      }
      post(client, httpPort, "{\"rules\":[" + rules + "]}");
    }
  }

  private String rule(int index) {
    String path = "/bench/none-" + index + (index % 2 == 0 ? "/disk" : "/**/*-flat.vmdk");
    return """
    {"match":{"doors":["nfs"],"procedures":["%s"],"path":"%s"},"act":{"noAnswer":true}}\
    """
        .formatted(procedure, path);
  }

  /** The door opens a moment after that of NFS. */
  private static void post(HttpClient client, int port, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/faults"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    for (int i = 1; ; i++) {
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != CREATED) {
          throw new IllegalStateException(answer.body());
        }
        return;
      } catch (IOException notYet) {
        if (i == TRIES) {
          throw notYet;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }
}
