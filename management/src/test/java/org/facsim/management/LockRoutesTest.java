/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Locks taken over NLM, and an admin who looks at them and frees them over HTTP. */
class LockRoutesTest {
  private static final NetObject COOKIE = NetObject.of(new byte[] {1});

  private FacsimArray array;
  private RpcClient rpc;
  private Inode file;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    Volume volume = array.storage().volume("ds").orElseThrow();
    file =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of("f"),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode();
    rpc =
        RpcClient.connect(
                array.nfsAddress(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "tester", 0, 0, List.of())))
            .join();
  }

  @AfterEach
  void stop() {
    rpc.close();
    array.close();
  }

  private NlmStatus lock(String host, long offsetBytes, long lengthBytes) {
    FileHandle handle = file.handle();
    NlmLock lock =
        new NlmLock(
            host,
            Nfs3Handle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3)),
            NetObject.of(host.getBytes(StandardCharsets.UTF_8)),
            1,
            offsetBytes,
            lengthBytes);
    return new NlmClient(rpc)
        .lock(new NlmLockArgs(COOKIE, false, true, lock, false, 1))
        .join()
        .status();
  }

  private JsonNode send(String method, String path, int status) throws Exception {
    return new ApiClient(array).send(method, path, null, status);
  }

  @Test
  void anAdminSeesTheLocksAndFreesThoseOfOneHostOnly() throws Exception {
    assertThat(send("GET", "/api/v1/locks", 200).toString())
        .isEqualTo("{\"count\":0,\"items\":[]}");
    assertThat(lock("esx 1", 0, 10)).isEqualTo(NlmStatus.GRANTED);
    assertThat(lock("esx2", 10, 0)).isEqualTo(NlmStatus.GRANTED);
    JsonNode locks = send("GET", "/api/v1/locks", 200);
    assertThat(locks.path("count").asInt()).isEqualTo(2);
    assertThat(locks.path("items"))
        .map(JsonNode::toString)
        .containsExactlyInAnyOrder(
            """
            {"client":"esx 1 (127.0.0.1)","volume":"ds","fileId":%d,"mode":"EXCLUSIVE",\
            "firstByte":0,"lastByte":9}\
            """
                .formatted(file.fileId()),
            """
            {"client":"esx2 (127.0.0.1)","volume":"ds","fileId":%d,"mode":"EXCLUSIVE",\
            "firstByte":10}\
            """
                .formatted(file.fileId()));
    assertThat(send("GET", "/api/v1/locks/hosts", 200).path("items").toString())
        .isEqualTo(
            """
            [{"address":"127.0.0.1","name":"esx 1","locks":1},\
            {"address":"127.0.0.1","name":"esx2","locks":1}]\
            """);

    assertThat(lock("esx3", 0, 5)).isEqualTo(NlmStatus.DENIED);
    assertThat(send("DELETE", "/api/v1/locks/hosts/127.0.0.1/esx%201", 200).path("files").asInt())
        .isEqualTo(1);
    assertThat(lock("esx3", 0, 5)).isEqualTo(NlmStatus.GRANTED);
    assertThat(lock("esx3", 10, 5)).as("esx2 keeps its lock").isEqualTo(NlmStatus.DENIED);
    assertThat(send("DELETE", "/api/v1/locks/hosts/127.0.0.1/nobody", 404).path("detail").asText())
        .contains("no host 'nobody' at 127.0.0.1");
  }
}
