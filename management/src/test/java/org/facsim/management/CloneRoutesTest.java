/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clones that an administrator asks for, and what is known of those that hosts asked for. */
class CloneRoutesTest {
  private static final String CLONES = "/api/v1/clones";
  private static final int MIB = 1 << 20;
  private static final long PATIENCE_SECONDS = 60;

  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    array.files().write("/ds/vm1/vm1.vmx", "displayName = \"vm1\"".getBytes(UTF_8));
    array.files().writeRandom("/ds/vm1/vm1-flat.vmdk", 64 * MIB, 7);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private JsonNode send(String method, String path, String body, int status) throws Exception {
    return new ApiClient(array).send(method, path, body, status);
  }

  private interface Condition {
    boolean holds(JsonNode clone);
  }

  private JsonNode await(String id, Condition condition) throws Exception {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode clone = send("GET", CLONES + "/" + id, null, 200);
    while (!condition.holds(clone)) {
      assertThat(System.nanoTime()).as(clone.toString()).isLessThan(deadlineNanos);
      Thread.sleep(20);
      clone = send("GET", CLONES + "/" + id, null, 200);
    }
    return clone;
  }

  @Test
  void aCopyUnderWayIsCancelledAndNothingOfItIsLeft() throws Exception {
    var unused =
        send(
            "PUT",
            "/api/v1/volumes/ds/profile",
            "{\"profile\": \"copying\", \"fields\": {\"copy-bytes-per-second\": \"4MiB\"}}",
            200);
    long usedBytes = array.control().statistics().space().physicalUsedBytes();
    String id =
        send(
                "POST",
                CLONES,
                "{\"source\": {\"volume\": \"ds\", \"path\": \"vm1\"},"
                    + " \"destination\": {\"path\": \"vm2\"}}",
                202)
            .path("id")
            .asText();
    JsonNode running = await(id, clone -> clone.path("doneBytes").asLong() > 0);
    assertThat(running.path("state").asText()).isEqualTo("RUNNING");
    assertThat(running.path("totalBytes").asLong()).isGreaterThan(64L * MIB - 1);
    assertThat(send("GET", CLONES + "?state=RUNNING", null, 200).path("count").asInt())
        .isEqualTo(1);

    unused = send("DELETE", CLONES + "/" + id, null, 200);

    JsonNode ended = await(id, clone -> clone.path("done").asBoolean());
    assertThat(ended.path("state").asText()).isEqualTo("ABORTED");
    assertThat(ended.path("reason").asText()).isEqualTo("cancelled");
    assertThat(array.files().exists("/ds/vm2")).isFalse();
    assertThat(array.control().statistics().space().physicalUsedBytes())
        .isLessThan(usedBytes + MIB);
    JsonNode events = send("GET", "/api/v1/events?type=ConsoleCloneChanged", null, 200);
    assertThat(events.path("items").findValuesAsText("to")).containsExactly("RUNNING", "ABORTED");
    assertThat(send("DELETE", CLONES + "/" + id, null, 200).path("state").asText())
        .as("again")
        .isEqualTo("ABORTED");
  }

  /** A full clone that shares blocks takes no snapshot, but a host asked for it by name. */
  @Test
  void aMachineWhoseDiskAHostHadClonedKnowsWhatItCameFrom() throws Exception {
    array.files().write("/ds/vm2/vm2.vmx", "displayName = \"vm2\"".getBytes(UTF_8));
    array.files().resize("/ds/vm2/vm2-flat.vmdk", 64 * MIB);
    assertThat(send("GET", "/api/v1/vms/ds/vm2", null, 200).at("/vm/parent").isMissingNode())
        .isTrue();
    String session =
        send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}", 201)
            .path("session")
            .asText();
    JsonNode job =
        send(
            "POST",
            "/vaai/v1/sessions/" + session + "/clones",
            "{\"requestId\": 1, \"source\": {\"path\": \"vm1/vm1-flat.vmdk\"},"
                + " \"destination\": {\"path\": \"vm2/vm2-flat.vmdk\"}}",
            200);
    assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
    JsonNode parent = send("GET", "/api/v1/vms/ds/vm2", null, 200).at("/vm/parent");
    assertThat(parent.path("volume").asText()).isEqualTo("ds");
    assertThat(parent.path("path").asText()).isEqualTo("vm1");
    assertThat(parent.path("snapshot").asText()).isEmpty();
    assertThat(send("GET", "/api/v1/vms/ds/vm1", null, 200).at("/vm/parent").isMissingNode())
        .isTrue();
  }
}
