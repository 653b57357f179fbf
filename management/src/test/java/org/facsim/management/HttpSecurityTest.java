/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpSecurity.HttpTls;
import org.facsim.management.RawHttp.Reply;
import org.facsim.services.control.SidebandException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the door: with and without a token, by whatever path, over TLS. */
class HttpSecurityTest {
  private static final String TOKEN = "a-token-that-nobody-guesses";
  private static final String JSON = "Content-Type: application/json";
  private static final String NO_BODY = "Content-Length: 0";
  private static final Set<String> OPEN = Set.of("/healthz", "/readyz", "/api/v1/login");

  @TempDir Path directory;
  private final List<String> notices = new ArrayList<>();
  private FacsimArray array;

  @AfterEach
  void stop() {
    if (array != null) {
      array.close();
    }
  }

  private void open(String address, HttpSecurity security) throws Exception {
    InetSocketAddress listen = new InetSocketAddress(InetAddress.getByName(address), 0);
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .journal(1000)
            .management(
                new HttpManagement(HttpDoorOptions.listeningOn(listen)).withSecurity(security))
            .start();
  }

  private HttpSecurity given() {
    return security(Optional.of(TOKEN), Optional.empty(), false, Optional.empty());
  }

  private HttpSecurity security(
      Optional<String> token, Optional<Path> file, boolean makes, Optional<HttpTls> tls) {
    HttpSecurity.Making making = makes ? HttpSecurity.Making.IF_NEEDED : HttpSecurity.Making.NEVER;
    return new HttpSecurity(token, file, making, tls, notices::add);
  }

  private InetSocketAddress door() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), array.managementAddress().orElseThrow().getPort());
  }

  private Reply ask(String requestLine, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of("Host: localhost", JSON, NO_BODY));
    all.addAll(List.of(headers));
    try (RawHttp http = new RawHttp(door())) {
      return http.send(requestLine + " HTTP/1.1", all.toArray(String[]::new)).receive();
    }
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  // ---------------------------------------------------------------- the token

  @Test
  void offLoopbackNothingIsReadOrChangedWithoutTheToken() throws Exception {
    open("0.0.0.0", given());
    array.storage().saveState("ds");
    for (DescribedOperations.Operation operation : DescribedOperations.all()) {
      String path = operation.path("ds");
      Reply reply = ask(operation.method() + " " + path);
      if (OPEN.contains(path)) {
        assertThat(reply.status()).as("%s", operation).isNotEqualTo(401);
      } else {
        assertThat(reply.status()).as("%s: %s", operation, reply).isEqualTo(401);
        assertThat(reply.header("www-authenticate"))
            .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        assertThat(reply.header("content-type")).hasValue("application/problem+json");
      }
    }
    assertThat(array.storage().volume("ds")).isPresent();
    assertThat(array.storage().states()).hasSize(1);
  }

  @Test
  void theTokenOpensEverything() throws Exception {
    open("0.0.0.0", given());
    assertThat(ask("GET /api/v1/array", bearer(TOKEN)).status()).isEqualTo(200);
    assertThat(ask("GET /metrics", "authorization: bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(ask("DELETE /api/v1/volumes/ds", bearer(TOKEN)).status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer a-token-that-nobody-guesse",
        "Authorization: Bearer a-token-that-nobody-guessesX",
        "Authorization: Bearer ",
        "Authorization: Bearer",
        "Authorization: Basic a-token-that-nobody-guesses",
        "Authorization: a-token-that-nobody-guesses",
        "Authorization: Bearer a-token-that-nobody-guesses\r\nAuthorization: Bearer x",
        "Cookie: facsim-session=a-token-that-nobody-guesses",
        "Cookie: facsim-session=99999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Cookie: facsim-session=",
        "X-Forwarded-For: 127.0.0.1",
      })
  void whatIsNotTheTokenOpensNothing(String header) throws Exception {
    open("127.0.0.1", given());
    Reply reply = ask("GET /api/v1/array", header);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body()).doesNotContain("nobody-guesse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/healthz/../api/v1/volumes",
        "/healthz/%2e%2e/api/v1/volumes",
        "/vms/../api/v1/volumes",
        "/vms/%2E%2E/api/v1/volumes",
        "/vms/x/../../api/v1/volumes",
        "/console/../api/v1/volumes",
        "/api/v1/login/../volumes",
        "//api/v1/volumes",
        "/api//v1/volumes",
        "/./api/v1/volumes",
        "/api/v1/volumes/",
        "/api/v1/volumes?x=/healthz",
        "/API/v1/volumes",
        "/%61pi/v1/volumes",
        "http://localhost/api/v1/volumes",
      })
  void noSpellingOfAPathLeadsAroundTheToken(String path) throws Exception {
    open("127.0.0.1", given());
    Reply reply = ask("GET " + path);
    assertThat(reply.body()).doesNotContain("exportPath");
    assertThat(reply.status()).isIn(400, 401);
  }

  @Test
  void onLoopbackNoTokenIsNeededUnlessOneIsGiven() throws Exception {
    open("127.0.0.1", HttpSecurity.NONE);
    assertThat(ask("GET /api/v1/array").status()).isEqualTo(200);
    assertThat(ask("GET /api/v1/login").body()).isEqualTo("{\"required\":false,\"loggedIn\":true}");
  }

  @Test
  void aDoorForOthersDoesNotOpenWithoutAToken() {
    assertThatThrownBy(() -> open("0.0.0.0", HttpSecurity.NONE))
        .isInstanceOf(SidebandException.class)
        .hasMessageContaining("needs a token");
  }

  // ---------------------------------------------------------------- pages elsewhere

  @Test
  void aPageOfAnotherOriginAndAReboundNameAreRefusedEverywhere() throws Exception {
    open("127.0.0.1", given());
    for (DescribedOperations.Operation operation : DescribedOperations.all()) {
      String line = operation.method() + " " + operation.path("ds") + " HTTP/1.1";
      try (RawHttp http = new RawHttp(door())) {
        Reply rebound =
            http.send(line, "Host: evil.example", bearer(TOKEN), JSON, NO_BODY).receive();
        assertThat(rebound.status()).as("%s", operation).isEqualTo(421);
        assertThat(
                http.send(
                        line,
                        "Host: localhost",
                        "Origin: http://evil.example",
                        bearer(TOKEN),
                        JSON,
                        NO_BODY)
                    .receive()
                    .status())
            .as("%s", operation)
            .isEqualTo(403);
        assertThat(
                http.send(
                        line,
                        "Host: localhost",
                        "Sec-Fetch-Site: cross-site",
                        bearer(TOKEN),
                        JSON,
                        NO_BODY)
                    .receive()
                    .status())
            .as("%s", operation)
            .isEqualTo(403);
      }
    }
    assertThat(array.storage().volume("ds")).isPresent();
  }

  // ---------------------------------------------------------------- the cookie

  @Test
  void aBrowserLogsInAndOut() throws Exception {
    open("127.0.0.1", given());
    assertThat(ask("GET /api/v1/login").body()).isEqualTo("{\"required\":true,\"loggedIn\":false}");
    Reply in = logIn("{\"token\": \"" + TOKEN + "\"}");
    assertThat(in.status()).isEqualTo(204);
    String cookie = in.header("set-cookie").orElseThrow();
    assertThat(cookie)
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict", "Path=/")
        .doesNotContain(TOKEN);
    String pair = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    assertThat(ask("GET /api/v1/array", pair).status()).isEqualTo(200);
    assertThat(ask("GET /api/v1/login", pair).body()).contains("\"loggedIn\":true");
    assertThat(ask("DELETE /api/v1/login", pair).header("set-cookie").orElseThrow())
        .contains("Max-Age=0");
  }

  private Reply logIn(String body) throws Exception {
    try (RawHttp http = new RawHttp(door())) {
      return http.send(
              "POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\n"
                  + JSON
                  + "\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .receive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"token\": \"a-token-that-nobody-guesses-wrong\"}",
        "{\"token\": \"a-token-that-nobody-guesses\", \"x\": 1}",
        "a-token-that-nobody-guesses",
        "{\"a-token-that-nobody-guesses\": 1}",
        "{\"token\": [\"a-token-that-nobody-guesses\"]}",
        "{}",
      })
  void aWrongLoginShowsNothing(String body) throws Exception {
    open("127.0.0.1", given());
    Reply reply = logIn(body);
    assertThat(reply.status()).isIn(400, 401);
    assertThat(reply.header("set-cookie")).isEmpty();
    assertThat(reply.body()).doesNotContain("nobody-guesses");
  }

  @Test
  void theJournalDoesNotHaveTheToken() throws Exception {
    open("127.0.0.1", given());
    logIn("{\"token\": \"" + TOKEN + "\"}");
    ask("GET /api/v1/array", bearer(TOKEN));
    String export = ask("GET /api/v1/journal/calls", bearer(TOKEN)).body();
    assertThat(export).contains("POST /api/v1/login").doesNotContain(TOKEN);
  }

  @Test
  void aCookieEndsAfterTwelveHoursAndIsOfOneToken() {
    AccessToken token = AccessToken.of(TOKEN);
    Instant now = Instant.parse("2026-11-30T12:00:00Z");
    String cookie = token.cookie(now);
    Instant end = now.plus(AccessToken.COOKIE_LIFE);
    assertThat(token.isProvedBy(cookie, now)).isTrue();
    assertThat(token.isProvedBy(cookie, end.minus(Duration.ofSeconds(1)))).isTrue();
    assertThat(token.isProvedBy(cookie, end)).isFalse();
    assertThat(AccessToken.of(TOKEN + "2").isProvedBy(cookie, now)).isFalse();
    assertThat(token.isProvedBy("9" + cookie, now)).isFalse();
    assertThat(token).hasToString("AccessToken[hidden]");
  }

  // ---------------------------------------------------------------- the file

  @Test
  void aTokenIsMadeOnceAndKeptForItsOwnerOnly() throws Exception {
    Path file = directory.resolve("token");
    HttpSecurity security = security(Optional.empty(), Optional.of(file), true, Optional.empty());
    open("0.0.0.0", security);
    String token = Files.readString(file).strip();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains(token);
    assertThat(ask("GET /api/v1/array", bearer(token)).status()).isEqualTo(200);
    array.close();
    open("0.0.0.0", security);
    assertThat(notices).hasSize(1);
    assertThat(Files.readString(file).strip()).isEqualTo(token);
    assertThat(ask("GET /api/v1/array", bearer(token)).status()).isEqualTo(200);
  }

  @Test
  void aTokenThatOthersMayReadIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), TOKEN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    HttpSecurity security = security(Optional.empty(), Optional.of(file), true, Optional.empty());
    assertThatThrownBy(() -> open("127.0.0.1", security))
        .hasMessageContaining("rw-r--r--")
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void aTokenThatCannotBeKeptIsRefusedWithTheReason() {
    Path file = directory.resolve("none").resolve("token");
    HttpSecurity security = security(Optional.empty(), Optional.of(file), true, Optional.empty());
    assertThatThrownBy(() -> open("0.0.0.0", security))
        .hasMessage(file + ": No such file or directory");
  }

  @Test
  void aTokenThatIsTooShortIsRefused() {
    HttpSecurity security =
        security(Optional.of("short"), Optional.empty(), false, Optional.empty());
    assertThatThrownBy(() -> open("127.0.0.1", security))
        .hasMessageContaining("16 to 256")
        .hasMessageNotContaining("short ");
  }

  // ---------------------------------------------------------------- TLS

  @Test
  void aSelfMadeCertificateIsKeptAndEncrypts() throws Exception {
    HttpSecurity security =
        security(
            Optional.of(TOKEN),
            Optional.empty(),
            false,
            Optional.of(new HttpTls(Optional.empty(), Optional.empty(), Optional.of(directory))));
    open("127.0.0.1", security);
    X509Certificate certificate = certificate();
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("SHA-256");
    assertThat(overTls(certificate)).isEqualTo(200);
    array.close();
    open("127.0.0.1", security);
    assertThat(notices).hasSize(1);
    assertThat(overTls(certificate)).isEqualTo(200);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("http-key.pem"))))
        .isEqualTo("rw-------");
  }

  private X509Certificate certificate() throws Exception {
    String pem = Files.readString(directory.resolve("http-certificate.pem"));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /** As a client that trusts this certificate, and checks the name. */
  private int overTls(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setCertificateEntry("facsim", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:" + door().getPort() + "/api/v1/array"))
                .header("Authorization", "Bearer " + TOKEN)
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }
}
