/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.RawHttp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no web page of another origin may do, and what a client's mistake is answered with. */
class RequestGateTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String NO_BODY = "Content-Length: 0";

  private final CapturedLog log = new CapturedLog();
  private FacsimArray array;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0).withHostNames(Set.of("Array.example")))
            .seed(7)
            .start();
    array.storage().saveState("clean");
    array.storage().createVolume("later", 1L << 30);
  }

  @AfterEach
  void stop() {
    log.close();
    array.close();
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(array.managementAddress().orElseThrow());
  }

  private Reply ask(String requestLine, String... headers) throws IOException {
    try (RawHttp http = connect()) {
      return http.send(requestLine, headers).receive();
    }
  }

  private boolean isRestored() {
    return array.storage().volume("later").isEmpty();
  }

  private void assertRefusedQuietly(Reply reply, int status, String detail) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.header("content-type")).hasValue("application/problem+json");
    assertThat(reply.body()).contains(detail);
    assertThat(isRestored()).isFalse();
    assertThat(log.lines()).isEmpty();
  }

  // ---------------------------------------------------------------- foreign pages

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-None: 1",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: text/plain",
        "Content-Type: text/plain; charset=json",
        "Content-Type: application/jsonp",
      })
  void whatAFormCanSendChangesNothing(String contentType) throws Exception {
    assertRefusedQuietly(
        ask("POST /api/v1/states/clean/restore HTTP/1.1", "Host: localhost", contentType, NO_BODY),
        415,
        "allowed: application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Origin: http://localhost.evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: anything",
      })
  void anotherOriginChangesAndReadsNothing(String header) throws Exception {
    assertRefusedQuietly(
        ask("POST /api/v1/states/clean/restore HTTP/1.1", "Host: localhost", JSON, NO_BODY, header),
        403,
        header.substring(0, header.indexOf(':')));
    assertRefusedQuietly(ask("GET /api/v1/states HTTP/1.1", "Host: localhost", header), 403, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "192.0.2.7",
        "192.0.2.7:8080",
        "[2001:db8::1]",
        "user@localhost",
        "127.1",
        "0x7f.1",
        "",
        "localhost:80:80",
        "evil.example#localhost",
      })
  void anotherNameForTheArrayIsNotAnswered(String host) throws Exception {
    assertRefusedQuietly(ask("GET /api/v1/states HTTP/1.1", "Host: " + host), 421, "--http-host");
    assertRefusedQuietly(
        ask("POST /api/v1/states/clean/restore HTTP/1.1", "Host: " + host, JSON, NO_BODY),
        421,
        "--http-host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:1",
        "localhost.:8080",
        "127.0.0.1",
        "127.8.8.8:99",
        "[::1]:8080",
        "array.example",
        "ARRAY.EXAMPLE.:81",
      })
  void itsOwnNamesAndAddressesAreAnswered(String host) throws Exception {
    assertThat(ask("GET /api/v1/states HTTP/1.1", "Host: " + host).status()).isEqualTo(200);
    String own = "Origin: http://" + host;
    assertThat(ask("GET /api/v1/states HTTP/1.1", "Host: " + host, own).status()).isEqualTo(200);
  }

  @Test
  void theAuthorityInTheRequestLineCountsInsteadOfHost() throws Exception {
    assertRefusedQuietly(
        ask("GET http://evil.example/api/v1/states HTTP/1.1", "Host: localhost"), 421, "evil");
    assertThat(ask("GET http://localhost/api/v1/states HTTP/1.1", "Host: x").status())
        .isEqualTo(200);
  }

  @Test
  void aDoorOnAllAddressesAnswersLiteralAddressesAndNoForeignNames() throws Exception {
    InetSocketAddress all = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 80);
    AllowedHosts hosts = new AllowedHosts(all, Set.of());
    assertThat(hosts.allow("192.0.2.7:8080")).isTrue();
    assertThat(hosts.allow("[2001:db8::1]:8080")).isTrue();
    assertThat(hosts.allow("localhost")).isTrue();
    assertThat(hosts.allow("evil.example")).isFalse();
    InetSocketAddress one = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 80);
    assertThat(new AllowedHosts(one, Set.of()).allow("192.0.2.7")).isTrue();
    assertThat(new AllowedHosts(one, Set.of()).allow("192.0.2.8")).isFalse();
  }

  @Test
  void aFollowedLinkMayReadAndItsOwnPagesMayChange() throws Exception {
    assertThat(
            ask(
                    "GET /openapi.yaml HTTP/1.1",
                    "Host: localhost",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: document")
                .status())
        .isEqualTo(200);
    assertRefusedQuietly(
        ask(
            "GET /openapi.yaml HTTP/1.1",
            "Host: localhost",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: iframe"),
        403,
        "Sec-Fetch-Site");
    Reply restored =
        ask(
            "POST /api/v1/states/clean/restore HTTP/1.1",
            "Host: localhost:9",
            "Origin: http://localhost:9",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/json; charset=utf-8",
            NO_BODY);
    assertThat(restored.status()).as(restored.toString()).isEqualTo(204);
    assertThat(isRestored()).isTrue();
  }

  @Test
  void aPreflightGetsNoConsent() throws Exception {
    Reply reply =
        ask(
            "OPTIONS /api/v1/states/clean/restore HTTP/1.1",
            "Host: localhost",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.head()).doesNotContainIgnoringCase("access-control");
  }

  // ---------------------------------------------------------------- mistakes

  @ParameterizedTest
  @CsvSource({
    "GET /%zz HTTP/1.1, 400",
    "GET /api/v1/volumes/%zz/profile HTTP/1.1, 400",
    "GET /api/v1/volumes/%/profile HTTP/1.1, 400",
    "GET /api/v1/volumes/%ff/profile HTTP/1.1, 400",
    "GET /api/v1/volumes/%C3%28/profile HTTP/1.1, 400",
    "GET /a b HTTP/1.1, 400",
    "garbage, 400",
    "GET /nothing HTTP/1.1, 404",
    "GET * HTTP/1.1, 404",
    "BREW /metrics HTTP/1.1, 405",
  })
  void aMistakeIsAProblemDocumentAndNoLine(String requestLine, int status) throws Exception {
    assertRefusedQuietly(ask(requestLine, "Host: localhost"), status, "\"detail\"");
  }

  @Test
  void aLineOrHeadersTooLongAreNamed() throws Exception {
    String much = "a".repeat(20_000);
    assertRefusedQuietly(ask("GET /" + much + " HTTP/1.1", "Host: localhost"), 414, "4096");
    assertRefusedQuietly(ask("GET / HTTP/1.1", "Host: localhost", "X: " + much), 431, "16384");
  }

  @Test
  void hostIsThereOnce() throws Exception {
    assertRefusedQuietly(ask("GET /metrics HTTP/1.1", "X: 1"), 400, "0 Host headers");
    assertRefusedQuietly(
        ask("GET /metrics HTTP/1.1", "Host: localhost", "Host: localhost"), 400, "2 Host headers");
    assertThat(ask("GET /openapi.yaml HTTP/1.0", "X: 1").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://localhost, http://elsewhere",
    "Sec-Fetch-Site, none, cross-site",
    "Content-Type, application/json, text/plain"
  })
  void whatIsJudgedIsThereOnce(String name, String first, String second) throws Exception {
    String[] headers = {"Host: localhost", name + ": " + first, name + ": " + second};
    assertRefusedQuietly(ask("GET /metrics HTTP/1.1", headers), 400, "2 " + name + " headers");
  }

  @Test
  void aDamagedBodyIsTheClientsMistake() throws Exception {
    assertRefusedQuietly(
        ask(
            "POST /api/v1/states HTTP/1.1",
            "Host: localhost",
            JSON,
            "Transfer-Encoding: chunked",
            "",
            "zz",
            "{}"),
        400,
        "body");
    try (RawHttp http = connect()) {
      http.send("POST /api/v1/states HTTP/1.1", "Host: localhost", JSON, "Content-Length: 99");
    }
    assertThat(ask("GET /api/v1/states HTTP/1.1", "Host: localhost").status()).isEqualTo(200);
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void headIsAnsweredWhereverGetIs() throws Exception {
    for (String path : new String[] {"/api/v1/array", "/metrics", "/openapi.yaml"}) {
      try (RawHttp http = connect()) {
        Reply get = http.send("GET " + path + " HTTP/1.1", "Host: localhost").receive();
        Reply head = http.send("HEAD " + path + " HTTP/1.1", "Host: localhost").receive(false);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
        assertThat(head.header("content-length")).isPresent();
        // nothing but the next answer follows
        assertThat(http.send("GET /nothing HTTP/1.1", "Host: localhost").receive().status())
            .isEqualTo(404);
      }
    }
  }

  @Test
  void anotherMethodIsToldWhichOnesThereAre() throws Exception {
    assertThat(ask("PATCH /api/v1/states HTTP/1.1", "Host: localhost").header("allow"))
        .hasValue("GET, HEAD, POST");
    assertThat(ask("PUT /api/v1/volumes/x/profile HTTP/1.0", JSON, NO_BODY).status())
        .isEqualTo(404);
    assertThat(ask("POST /api/v1/volumes/x/profile HTTP/1.0", JSON, NO_BODY).header("allow"))
        .hasValue("DELETE, GET, HEAD, PUT");
    assertThat(ask("GET /api/v1/states/clean/restore HTTP/1.1", "Host: localhost").header("allow"))
        .hasValue("POST");
  }
}
