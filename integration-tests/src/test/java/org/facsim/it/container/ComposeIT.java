/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.container.FacsimImage.succeeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.facsim.it.Processes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * What compose.yaml starts, with the commands, environment and restrictions that it says, and what
 * Prometheus would scrape of it. Compose and Prometheus themselves are not run: neither is there
 * without a registry. So that two runs on one machine do not meet, ports are free ones.
 */
class ComposeIT {
  private static final Path ROOT = Path.of("..");
  private static final int HTTP_PORT = 8080;
  private static final String TOKEN = "0123456789abcdef";

  /** What Compose puts in place of a variable that must be set. */
  private static final Pattern NEEDED_TOKEN = Pattern.compile("\\$\\{FACSIM_TOKEN:\\?[^}]*}");

  private static final String RUN = "facsim-it-" + ProcessHandle.current().pid() + "-";

  @BeforeAll
  static void buildTheImage() {
    FacsimImage.require();
  }

  @Test
  void everyServiceIsHealthyAndEveryTargetAnswersToItsName() throws Exception {
    JsonNode compose = yaml("compose.yaml");
    JsonNode scraped = yaml("container/prometheus.yaml").get("scrape_configs").get(0);
    List<String> targets = texts(scraped.get("static_configs").get(0).get("targets"));
    assertThat(targets).containsExactly("array:8080", "lab:8080");
    assertThat(scraped.at("/authorization/credentials_file").asText())
        .isEqualTo("/run/secrets/facsim-token");
    try {
      for (String target : targets) {
        String service = target.substring(0, target.indexOf(':'));
        start(service, compose.get("services").get(service), compose.get("x-facsim"));
      }
      for (String target : targets) {
        String service = target.substring(0, target.indexOf(':'));
        awaitHealth(RUN + service);
        assertThat(scrape(RUN + service, target, "")).startsWith("HTTP/1.1 401");
        String answer = scrape(RUN + service, target, "Authorization: Bearer " + TOKEN + "\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("facsim_");
      }
    } finally {
      for (String target : targets) {
        String name = RUN + target.substring(0, target.indexOf(':'));
        Processes.run(List.of("docker", "rm", "-f", "-v", name));
        Processes.run(List.of("docker", "volume", "rm", "-f", name));
      }
    }
    System.out.println("compose: array and lab are healthy, and answer Prometheus by their names");
  }

  @Test
  void everyPortIsPublishedToThisMachineOnlyAndEveryFileIsThere() throws IOException {
    JsonNode services = yaml("compose.yaml").get("services");
    for (JsonNode service : services) {
      assertThat(texts(service.get("ports")))
          .isNotEmpty()
          .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
      for (String volume : texts(service.path("volumes"))) {
        String from = volume.substring(0, volume.indexOf(':'));
        assertThat(!from.startsWith(".") || Files.exists(ROOT.resolve(from))).as(volume).isTrue();
      }
    }
  }

  private static void start(String name, JsonNode service, JsonNode common) {
    assertThat(common.get("read_only").asBoolean()).isTrue();
    List<String> command = new ArrayList<>(List.of("docker", "run", "-d", "--name", RUN + name));
    command.add("--read-only");
    texts(common.get("tmpfs")).forEach(each -> command.addAll(List.of("--tmpfs", each)));
    texts(common.get("cap_drop")).forEach(each -> command.addAll(List.of("--cap-drop", each)));
    texts(common.get("security_opt"))
        .forEach(each -> command.addAll(List.of("--security-opt", each)));
    service
        .path("environment")
        .properties()
        .forEach(
            each -> {
              String value = NEEDED_TOKEN.matcher(each.getValue().asText()).replaceFirst(TOKEN);
              command.addAll(List.of("-e", each.getKey() + "=" + value));
            });
    texts(service.path("volumes"))
        .forEach(
            each -> command.addAll(List.of("-v", RUN + name + each.substring(each.indexOf(':')))));
    texts(service.get("ports"))
        .forEach(
            each ->
                command.addAll(
                    List.of("-p", "127.0.0.1::" + each.substring(each.lastIndexOf(':') + 1))));
    // The health check of the file, asked more often than an older Docker would.
    JsonNode health = common.get("healthcheck");
    List<String> probe = texts(health.get("test"));
    assertThat(probe).first().isEqualTo("CMD");
    command.addAll(List.of("--health-cmd", String.join(" ", probe.subList(1, probe.size()))));
    command.addAll(List.of("--health-interval", "1s"));
    command.add(FacsimImage.NAME);
    command.addAll(texts(service.get("command")));
    succeeds(command);
  }

  private static void awaitHealth(String container) throws InterruptedException {
    String state = "";
    for (int i = 0; i < 600 && !state.equals("healthy"); i++) {
      state =
          succeeds(List.of("docker", "inspect", "-f", "{{.State.Health.Status}}", container))
              .out()
              .strip();
      Thread.sleep(200);
    }
    assertThat(state)
        .as(() -> Processes.run(List.of("docker", "logs", container)).toString())
        .isEqualTo("healthy");
  }

  private static String scrape(String container, String target, String authorization)
      throws IOException {
    String published =
        succeeds(List.of("docker", "port", container, HTTP_PORT + "/tcp"))
            .out()
            .lines()
            .findFirst()
            .orElseThrow();
    int port = Integer.parseInt(published.substring(published.lastIndexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
                  .formatted(target, authorization)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Anchors and merge keys are resolved by SnakeYAML, which Jackson's own reader leaves alone. */
  private static JsonNode yaml(String file) throws IOException {
    Object read = new Yaml().load(Files.readString(ROOT.resolve(file)));
    return new ObjectMapper().valueToTree(read);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
