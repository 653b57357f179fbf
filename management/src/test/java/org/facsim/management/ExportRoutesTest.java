/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.services.access.ExportSyntax;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use a volume, shown and changed over HTTP, and what NFS clients notice of it. */
class ExportRoutesTest {
  private static final String EVERYONE =
      "*(rw,no_root_squash,anonuid=65534,anongid=65534,insecure,vers=3,4.0,4.1,4.2,vaai)";
  private static final String OF_DS = "/api/v1/volumes/ds/exports";

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

  @Test
  void showsTheRulesOfOneVolumeAndOfAll() throws Exception {
    assertThat(send("GET", OF_DS, null, 200).toString())
        .isEqualTo("{\"exported\":true,\"rules\":[\"" + EVERYONE + "\"]}");
    send("PUT", OF_DS, "{\"rules\":[\"10.0.0.0/8(ro)\",\"fd00::/8 192.0.2.7(novaai)\"]}", 200);
    JsonNode items = send("GET", "/api/v1/exports", null, 200).path("items");
    assertThat(items).hasSize(2);
    assertThat(items.get(0).path("volume").asText()).isEqualTo("ds");
    assertThat(items.get(0).path("exportPath").asText()).isEqualTo("/ds");
    assertThat(items.get(0).path("rules"))
        .map(rule -> rule.asText().substring(0, rule.asText().indexOf(',')))
        .containsExactly("10.0.0.0/8(ro", "fd00:0:0:0:0:0:0:0/8(rw", "192.0.2.7/32(rw");
    assertThat(items.get(1).path("rules")).map(JsonNode::asText).containsExactly(EVERYONE);
  }

  @Test
  void aChangeHoldsFromTheNextCallOfEveryClientOn() throws Exception {
    try (RpcClient rpc =
        RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join()) {
      Nfs3Handle root = new Mount3Client(rpc).mount("/ds").join().handle();
      Nfs3Client nfs = new Nfs3Client(rpc);
      assertThat(statusOfGetattr(nfs, root)).isEqualTo("OK");
      send("PUT", OF_DS, "{\"rules\":[]}", 200);
      assertThat(statusOfGetattr(nfs, root)).isEqualTo("ACCES");
      send("PUT", OF_DS, "{\"exported\":false}", 200);
      assertThat(statusOfGetattr(nfs, root)).isEqualTo("STALE");
      send("PUT", OF_DS, "{\"rules\":[\"*\"]}", 200);
      assertThat(statusOfGetattr(nfs, root)).isEqualTo("OK");
    }
  }

  private static String statusOfGetattr(Nfs3Client nfs, Nfs3Handle handle) {
    return nfs.getAttributes(new GetAttr3.Args(handle)).join().status().name();
  }

  @Test
  void whatGetGivesPutTakesAndARestartKeeps() throws Exception {
    List<String> bodies =
        List.of(
            "{\"exported\":false,\"rules\":[]}",
            "{\"exported\":true,\"rules\":[]}",
            "{\"exported\":true,\"rules\":[\"10.0.0.0/8(ro,all_squash,anonuid=7,secure)\"]}",
            "{\"rules\":[\"10.0.0.0/8(ro); *(rw)\"]}");
    for (String body : bodies) {
      JsonNode told = send("PUT", OF_DS, body, 200);
      assertThat(send("GET", OF_DS, null, 200)).isEqualTo(told);
      assertThat(send("PUT", OF_DS, told.toString(), 200)).isEqualTo(told);
      array.close();
      start();
      assertThat(send("GET", OF_DS, null, 200)).as("after a restart").isEqualTo(told);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "/api/v1/volumes/none/exports | {\"rules\":[\"*\"]} | 404 | there are: ds, other",
        "/api/v1/volumes/ds/exports | {} | 400 | field 'rules' is missing",
        "/api/v1/volumes/ds/exports | {\"rules\":\"*\"} | 400 | field 'rules' has another type",
        "/api/v1/volumes/ds/exports | {\"rules\":[7]} | 400 | field 'rules.[0]' has another type",
        "/api/v1/volumes/ds/exports | {\"rules\":[null]} | 400 | field 'rules[0]' is missing",
        "/api/v1/volumes/ds/exports | {\"rules\":[\"*\", \"\"]} | 400 | field 'rules[1]': '' is no",
        "/api/v1/volumes/ds/exports | {\"rules\":[\"*(rx)\"]} | 400 | allowed: ro, rw, root_squash",
        "/api/v1/volumes/ds/exports | {\"rules\":[\"host\"]} | 400 | allowed: an address",
        "/api/v1/volumes/ds/exports | {\"exported\":\"yes\",\"rules\":[]} | 400 | true or false",
        "/api/v1/volumes/ds/exports | {\"exported\":false,\"rules\":[\"*\"]} | 400 | allowed: none",
        "/api/v1/volumes/ds/exports | {\"rule\":[\"*\"]} | 400 | 'rule' is unknown; allowed: exp",
      })
  void whatIsRefusedIsNamedAndChangesNothing(String path, String body, int status, String detail)
      throws Exception {
    JsonNode problem = send("PUT", path, body, status);
    assertThat(problem.path("detail").asText()).contains(detail);
    assertThat(array.exports().find("/ds").orElseThrow().rules())
        .isEqualTo(ExportSyntax.parseRules("*"));
  }

  @Test
  void moreRulesThanAnExportMayHaveAreRefused() throws Exception {
    String rules = "\"" + "*;".repeat(257) + "\"";
    assertThat(send("PUT", OF_DS, "{\"rules\":[" + rules + "]}", 400).path("detail").asText())
        .isEqualTo("field 'rules': 257 rules; allowed: at most 256");
  }
}
