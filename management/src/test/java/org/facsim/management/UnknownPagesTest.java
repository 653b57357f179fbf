/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that lead nowhere: a person gets a page that helps, a program a problem document. */
class UnknownPagesTest {
  private static final String BROWSER = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";

  private FacsimArray array;

  private void start(boolean needsToken) throws IOException {
    HttpManagement http = HttpManagement.onPort(0);
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(needsToken ? http.withToken("0123456789abcdef") : http)
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private RawHttp.Reply get(String method, String path, String accept) throws IOException {
    try (RawHttp client = new RawHttp(array.managementAddress().orElseThrow())) {
      return client
          .send(method + " " + path + " HTTP/1.1", "Host: localhost", accept)
          .receive(!method.equals("HEAD"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/vm", "/index.html", "/api/v1/nonsense", "/console/x.js"})
  void aPersonIsShownTheWay(String path) throws Exception {
    start(false);
    RawHttp.Reply reply = get("GET", path, BROWSER);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("content-type")).contains("text/html; charset=utf-8");
    assertThat(reply.header("content-security-policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'", "script-src 'self'"));
    assertThat(reply.body()).contains("/console/", "<script");
    assertThat(get("HEAD", path, BROWSER).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept: */*", "Accept: application/json", "X-Nothing: 1"})
  void aProgramGetsAProblemDocument(String accept) throws Exception {
    start(false);
    RawHttp.Reply reply = get("GET", "/nowhere", accept);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("content-type")).contains("application/problem+json");
    assertThat(reply.body()).contains("/openapi.yaml lists what there is");
  }

  /** The page holds nothing of the array; what does stays closed. */
  @Test
  void aPersonWithoutTheTokenIsShownTheWayButNothingOfTheArray() throws Exception {
    start(true);
    assertThat(get("GET", "/nowhere", BROWSER).status()).isEqualTo(404);
    for (String path :
        new String[] {
          "/api/v1/volumes", "/api/v1/nonsense", "/metrics", "/openapi.yaml", "/x/../api/v1/array"
        }) {
      RawHttp.Reply reply = get("GET", path, BROWSER);
      assertThat(reply.status()).as(path).isEqualTo(401);
      assertThat(reply.body()).as(path).doesNotContain("\"ds\"");
    }
  }

  @Test
  void whatIsMissingBelowAKnownPathStaysAProblemDocumentForEverybody() throws Exception {
    start(false);
    RawHttp.Reply reply = get("GET", "/api/v1/volumes/none", BROWSER);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("content-type")).contains("application/problem+json");
  }
}
