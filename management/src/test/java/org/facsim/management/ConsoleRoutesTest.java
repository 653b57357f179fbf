/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the door sends the console. */
class ConsoleRoutesTest {
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  private final HttpClient http = HttpClient.newHttpClient();
  private FacsimArray array;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://"
                        + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                        + path))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void aPageIsAskedForAnewAndWhatItLoadsIsKept() throws Exception {
    HttpResponse<String> page = send("GET", "/vms/ds/some/vm");
    assertThat(page.statusCode()).isEqualTo(OK);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    assertThat(send("GET", "/", "If-None-Match", header(page, "ETag")).statusCode())
        .isEqualTo(NOT_MODIFIED);
    assertThat(send("GET", "/", "If-None-Match", "\"other\"").body()).isEqualTo(page.body());

    var script = Pattern.compile("(/console/[0-9a-f]+)/app\\.js").matcher(page.body());
    assertThat(script.find()).isTrue();
    HttpResponse<String> app = send("GET", script.group());
    assertThat(app.statusCode()).isEqualTo(OK);
    assertThat(header(app, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(app, "Cache-Control")).contains("immutable");
    assertThat(send("GET", script.group(1) + "/none.js").statusCode()).isEqualTo(NOT_FOUND);
  }

  @Test
  void thePolicyAdmitsNothingInlineAndNothingFromElsewhere() throws Exception {
    String policy = header(send("GET", "/"), "Content-Security-Policy");
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .contains("style-src 'self'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "http:", "https:", "*");
    assertThat(header(send("GET", "/"), "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void headHasTheLengthAndOtherMethodsAreRefused() throws Exception {
    HttpResponse<String> head = send("HEAD", "/vms");
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Length"))
        .isEqualTo(Integer.toString(send("GET", "/vms").body().getBytes(UTF_8).length));
    HttpResponse<String> refused = send("DELETE", "/vms");
    assertThat(refused.statusCode()).isEqualTo(NOT_ALLOWED);
    assertThat(header(refused, "Allow")).isEqualTo("GET, HEAD");
  }
}
