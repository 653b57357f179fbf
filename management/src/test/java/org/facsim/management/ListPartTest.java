/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists by pages and by conditions, the same way for each of them. */
class ListPartTest {
  private static final String VOLUMES = "/api/v1/volumes";

  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("alpha", 1L << 30)
            .volume("beta", 1L << 30)
            .volume("gamma", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private JsonNode get(String path) throws Exception {
    return new ApiClient(array).send("GET", path, null, 200);
  }

  private List<String> names(String query) throws Exception {
    return get(VOLUMES + query).path("items").findValuesAsText("name");
  }

  @Test
  void aPieceIsToldWithTheCountOfAll() throws Exception {
    assertThat(names("?offset=1&limit=1")).containsExactly("beta");
    assertThat(get(VOLUMES + "?offset=1&limit=1").path("count").asInt()).isEqualTo(3);
    assertThat(names("?offset=3")).isEmpty();
    assertThat(get(VOLUMES).path("count").asInt()).isEqualTo(3);
  }

  @Test
  void conditionsAreWholeFieldsOrAPartOfAnyText() throws Exception {
    assertThat(names("?name=beta")).containsExactly("beta");
    assertThat(names("?name=bet")).isEmpty();
    assertThat(names("?text=MM")).containsExactly("gamma");
    assertThat(names("?text=a&name=alpha")).containsExactly("alpha");
    assertThat(get(VOLUMES + "?text=a&limit=1").path("count").asInt()).isEqualTo(3);
  }

  /** A volume's figures are an object of their own. */
  @Test
  void fieldsWithinAnItemAreNamedWithoutTheirObject() throws Exception {
    assertThat(names("?sizeBytes=1073741824")).hasSize(3);
    assertThat(names("?sizeBytes=1")).isEmpty();
  }

  @Test
  void eventsAreToldByTypeAndVolume() throws Exception {
    ApiClient client = new ApiClient(array);
    var unused = client.send("PATCH", VOLUMES + "/beta", "{\"sizeBytes\": 2147483648}", 200);
    unused = client.send("PATCH", VOLUMES + "/gamma", "{\"sizeBytes\": 2147483648}", 200);
    JsonNode events = get("/api/v1/events?type=VolumeResized,VolumeDeleted&volume=gamma");
    assertThat(events.path("items")).hasSize(1);
    assertThat(events.at("/items/0/change/volume").asText()).isEqualTo("gamma");
    assertThat(get("/api/v1/events?type=VolumeResized&limit=1").path("items")).hasSize(1);
    assertThat(client.send("GET", "/api/v1/events?type=X", null, 400).path("detail").asText())
        .contains("'X'", "VolumeResized");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/volumes",
        "/api/v1/volumes/alpha/snapshots",
        "/api/v1/exports",
        "/api/v1/profiles",
        "/api/v1/states",
        "/api/v1/clones",
        "/api/v1/jobs",
        "/api/v1/explanations",
        "/api/v1/faults",
        "/api/v1/fault-presets",
        "/api/v1/locks",
        "/api/v1/locks/hosts",
        "/api/v1/locks/clients",
        "/api/v1/locks/opens",
        "/api/v1/locks/delegations",
        "/api/v1/statistics/vaai",
        "/api/v1/statistics/rpc"
      })
  void everyListTakesThemAndRefusesOthers(String list) throws Exception {
    JsonNode none = get(list + "?text=nothing-has-this&offset=0&limit=10");
    assertThat(none.path("items").isEmpty()).isTrue();
    assertThat(none.path("count").asInt()).isZero();
    ApiClient client = new ApiClient(array);
    assertThat(client.send("GET", list + "?limit=0", null, 400).path("detail").asText())
        .contains("limit", "1 to 10000");
    assertThat(client.send("GET", list + "?nosuch=1", null, 400).path("detail").asText())
        .contains("'nosuch'", "limit", "offset", "text");
  }
}
