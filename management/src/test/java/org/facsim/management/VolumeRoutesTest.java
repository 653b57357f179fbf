/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes made, resized and deleted over HTTP, and what NFS clients and hosts notice of it. */
class VolumeRoutesTest {
  private static final String VOLUMES = "/api/v1/volumes";

  @TempDir private Path data;

  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .dataDirectory(data)
            .volume("ds", 1L << 30)
            .volume("other", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private JsonNode send(String method, String path, String body, int status) throws Exception {
    return new ApiClient(array).send(method, path, body, status);
  }

  private static String statusOfGetattr(RpcClient rpc, Nfs3Handle handle) {
    return new Nfs3Client(rpc).getAttributes(new GetAttr3.Args(handle)).join().status().name();
  }

  @Test
  void nfsSeesANewVolumeAtOnceAndADeletedOneIsStale() throws Exception {
    try (RpcClient rpc =
        RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join()) {
      JsonNode made = send("POST", VOLUMES, "{\"name\": \"new\", \"sizeBytes\": 1048576}", 201);
      assertThat(made.path("space").path("sizeBytes").asLong()).isEqualTo(1 << 20);
      Nfs3Handle root = new Mount3Client(rpc).mount("/new").join().handle();
      assertThat(statusOfGetattr(rpc, root)).isEqualTo("OK");
      send("PATCH", VOLUMES + "/new", "{\"sizeBytes\": 2097152}", 200);
      assertThat(statusOfGetattr(rpc, root)).isEqualTo("OK");
      send("DELETE", VOLUMES + "/new", null, 204);
      assertThat(statusOfGetattr(rpc, root)).isEqualTo("STALE");
      send("POST", VOLUMES, "{\"name\": \"new\", \"sizeBytes\": 1048576}", 201);
      assertThat(statusOfGetattr(rpc, root)).as("another volume of its name").isEqualTo("STALE");
    }
  }

  @Test
  void sessionsEndWithTheirVolume() throws Exception {
    JsonNode session = send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}", 201);
    String support =
        "/vaai/v1/sessions/" + session.path("session").asText() + "/support/FULL_CLONE";
    send("GET", support, null, 200);
    send("DELETE", VOLUMES + "/ds", null, 204);
    assertThat(send("GET", support, null, 404).path("vaaiStatus").asText()).isEqualTo("SESSION");
  }

  @Test
  void whatIsRefusedChangesNothing() throws Exception {
    send("POST", VOLUMES, "{\"name\": \"ds\", \"sizeBytes\": 1048576}", 409);
    send("POST", VOLUMES, "{\"name\": \"a/b\", \"sizeBytes\": 1048576}", 400);
    send("POST", VOLUMES, "{\"name\": \"new\", \"sizeBytes\": 1}", 400);
    send("POST", VOLUMES, "{\"name\": \"new\"}", 400);
    send("POST", VOLUMES, "{\"name\": \"n\", \"sizeBytes\": 1048576, \"rules\": [\"x\"]}", 400);
    send("PATCH", VOLUMES + "/ds", "{\"sizeBytes\": 1}", 400);
    assertThat(send("GET", VOLUMES, null, 200).path("items")).hasSize(2);
    assertThat(send("GET", "/api/v1/events", null, 200).path("items")).isEmpty();
  }
}
