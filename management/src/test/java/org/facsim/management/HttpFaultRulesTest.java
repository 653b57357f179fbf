/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.faults.ArrayFaults.PowerFailure;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every action of a rule on the HTTP door: rules set over HTTP, and met on another connection. */
class HttpFaultRulesTest {
  private static final Duration LATE = Duration.ofMillis(60);

  /** A request that makes something, and one of the offload's JSON dialect. */
  private enum Target {
    STATE("/api/v1/states", "{\"name\": \"one\"}"),
    SESSION("/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}");

    final String path;
    final String body;

    Target(String path, String body) {
      this.path = path;
      this.body = body;
    }

    RawHttp send(RawHttp client) throws IOException {
      return client.send(
          ("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: %d\r\n\r\n%s")
              .formatted(path, body.length(), body));
    }
  }

  /** What a client meets. */
  private enum Met {
    STATUS("\"status\": \"418\"", false),
    STATUS_OF_ANOTHER_CLASS("\"status\": \"599\"", false),
    DELAY("\"delay\": \"60ms\"", true),
    DELAYED_STATUS("\"status\": \"503\", \"delay\": \"60ms\"", false),
    BANDWIDTH("\"bytesPerSecond\": 1024", true),
    BANDWIDTH_OF_EACH_CONNECTION("\"bytesPerSecond\": 1024, \"eachConnection\": true", true),
    NO_ANSWER("\"noAnswer\": true", false),
    EXECUTED_BUT_LOST("\"executedButLost\": true", true),
    CLOSE("\"close\": true", false),
    CLOSE_EXECUTED("\"close\": true, \"executed\": true", true),
    RESET("\"reset\": true", false),
    RESET_EXECUTED("\"reset\": true, \"executed\": true", true),
    TWICE("\"twice\": true", true),
    BEHIND("\"behind\": 2, \"behindLimit\": \"60ms\"", true),
    SHORT("\"shortBytes\": 7", true),
    STOP_READING("\"zeroWindow\": true", true),
    PAUSE("\"pause\": true", true);

    final String act;
    final boolean isExecuted;

    Met(String act, boolean isExecuted) {
      this.act = act;
      this.isExecuted = isExecuted;
    }
  }

  @TempDir Path directory;

  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .seed(7)
            .start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private JsonNode api(String method, String path, String body, int status) throws Exception {
    return new ApiClient(array).send(method, path, body, status);
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(array.managementAddress().orElseThrow());
  }

  private static String rule(Target target, String act) {
    return ("{\"rules\": [{\"match\": {\"doors\": [\"http\"], \"procedures\": [\"POST %s\"]},"
            + " \"act\": {%s}, \"limits\": {\"count\": 1}}]}")
        .formatted(target.path, act);
  }

  @ParameterizedTest
  @EnumSource(Met.class)
  void everyAction(Met met) throws Exception {
    for (Target target : Target.values()) {
      api("POST", "/api/v1/faults", rule(target, met.act), 201);
      try (RawHttp client = connect()) {
        meet(met, target, client);
      }
      clearAfterOneHit(target);
    }
    assertThat(array.storage().states()).hasSize(met.isExecuted ? 1 : 0);
    try (RawHttp client = connect()) {
      assertThat(Target.SESSION.send(client).receive().status()).as("as ever").isEqualTo(201);
    }
  }

  private void awaitHit() {
    long begin = System.nanoTime();
    while (array.faults().list().get(0).hits() == 0) {
      assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(30));
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Does nothing if it has been done already. */
  private void clearAfterOneHit(Target target) throws Exception {
    if (array.faults().list().isEmpty()) {
      return;
    }
    awaitHit();
    JsonNode told = api("GET", "/api/v1/faults/1", null, 200);
    assertThat(told.get("hits").asLong()).as(target.toString()).isEqualTo(1);
    assertThat(told.get("lastHit").get("procedure").asText()).isEqualTo("POST " + target.path);
    assertThat(api("DELETE", "/api/v1/faults", null, 200).get("removed").asInt()).isEqualTo(1);
  }

  private void meet(Met met, Target target, RawHttp client) throws Exception {
    long begin = System.nanoTime();
    target.send(client);
    switch (met) {
      case STATUS -> assertProblem(client, 418);
      case STATUS_OF_ANOTHER_CLASS -> assertProblem(client, 599);
      case DELAYED_STATUS -> {
        assertProblem(client, 503);
        assertLate(begin, LATE);
      }
      case DELAY, BEHIND -> {
        assertMade(client.receive());
        assertLate(begin, LATE);
        assertServes(client);
      }
      case BANDWIDTH, BANDWIDTH_OF_EACH_CONNECTION -> {
        RawHttp.Reply reply = client.receive();
        assertMade(reply);
        assertLate(begin, Duration.ofMillis(reply.body().length() * 1000L / 1024 - 1));
      }
      case NO_ANSWER, EXECUTED_BUT_LOST -> {
        awaitHit();
        assertThat(client.isSilentFor(LATE)).isTrue();
      }
      case CLOSE, CLOSE_EXECUTED -> assertThat(client.awaitEnd()).isEqualTo(RawHttp.End.CLOSED);
      case RESET, RESET_EXECUTED -> assertThat(client.awaitEnd()).isEqualTo(RawHttp.End.RESET);
      case TWICE -> {
        assertMade(client.receive());
        assertServes(
            client); // HTTP/1.1 knows no second answer; the next one is to the next request
      }
      case SHORT -> {
        RawHttp.Reply reply = client.receive();
        assertMade(reply);
        assertThat(reply.body()).hasSize(7);
        assertThat(Integer.parseInt(reply.header("content-length").orElseThrow())).isGreaterThan(7);
        assertThat(client.awaitEnd()).isEqualTo(RawHttp.End.CLOSED);
      }
      case STOP_READING -> {
        assertMade(client.receive());
        client.send("GET /api/v1/volumes HTTP/1.1", "Host: localhost");
        assertHeldUntilTheRuleIsGone(target, client, 200);
      }
      case PAUSE -> assertHeldUntilTheRuleIsGone(target, client, 201);
    }
  }

  private static void assertMade(RawHttp.Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  private static void assertProblem(RawHttp client, int status) throws IOException {
    RawHttp.Reply reply = client.receive();
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body()).contains("\"status\":" + status);
    assertServes(client);
  }

  private static void assertServes(RawHttp client) throws IOException {
    client.send("GET /api/v1/volumes HTTP/1.1", "Host: localhost");
    assertThat(client.receive().status()).isEqualTo(200);
  }

  private static void assertLate(long begin, Duration atLeast) {
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(atLeast.toNanos());
  }

  /** Others go on meanwhile. */
  private void assertHeldUntilTheRuleIsGone(Target target, RawHttp client, int status)
      throws Exception {
    try (RawHttp other = connect()) {
      assertServes(other);
    }
    awaitHit();
    assertThat(client.isSilentFor(LATE)).isTrue();
    clearAfterOneHit(target);
    assertThat(client.receive().status()).isEqualTo(status);
  }

  @Test
  void whatNoRequestCanMeetIsRefusedWithWhatIsAllowed() throws Exception {
    for (String act :
        new String[] {
          "\"attributes\": {\"size\": \"+1\"}", "\"mistake\": {\"count\": 1}", "\"status\": \"200\""
        }) {
      JsonNode problem = api("POST", "/api/v1/faults", rule(Target.STATE, act), 400);
      assertThat(problem.get("detail").asText()).contains("allowed: ");
    }
    assertThat(array.faults().list()).isEmpty();
  }

  @Test
  void theArrayRebootsFromItsDataDirectoryAndOnlyWithOne() throws Exception {
    String reboot = "/api/v1/fault-presets/array-reboot";
    String soon = "{\"parameters\": {\"for\": \"50ms\"}}";
    assertThat(api("POST", reboot, soon, 400).get("detail").asText()).contains("data directory");
    array.close();

    Path home = directory.resolve("home");
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .dataDirectory(home)
            .start();
    BlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    array.arrayFaults().whenBack(() -> back.add(true));
    api("POST", "/api/v1/states", "{\"name\": \"kept\"}", 201);
    Object before = array.storage();
    assertThat(api("POST", reboot, soon, 200).get("count").asInt()).isZero();
    assertThat(back.poll(30, TimeUnit.SECONDS)).isTrue();
    assertThat(array.storage()).as("opened again").isNotSameAs(before);
    assertThat(api("GET", "/api/v1/states", null, 200).toString()).contains("\"kept\"");
    array.close();
    assertThat(ArrayCheck.of(home)).isEmpty();
  }

  /**
   * A request that waits for its group is told that the array is away; so is whoever reads logs.
   */
  @Test
  void aCloneUnderWhichThePowerFailsIsRefusedAndIsOneLineInTheLog() throws Exception {
    array.close();
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .dataDirectory(directory.resolve("home"))
            .start();
    Volume volume = array.storage().volume("ds").orElseThrow();
    for (String name : List.of("source", "copy")) {
      Inode file =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  volume.root(),
                  Name.of(name),
                  new Volume.CreateMode.Guarded(),
                  AttributeChanges.NONE)
              .inode();
      volume.files().write(Caller.ROOT, file, 0, ByteBuffer.allocate(4096));
    }
    api("POST", "/api/v1/states", "{\"name\": \"kept\"}", 201); // all of it is durable
    BlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    array.arrayFaults().whenBack(() -> back.add(true));
    String session =
        api("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}", 201).path("session").asText();
    array.arrayFaults().powerFailure(PowerFailure.atGroup(1, Duration.ofMillis(50)));

    try (CapturedLog log = CapturedLog.from(Level.INFO)) {
      HttpResponse<String> answer =
          new ApiClient(array)
              .ask(
                  "POST",
                  "/vaai/v1/sessions/" + session + "/clones",
                  "{\"requestId\": 1, \"source\": {\"path\": \"source\"}, \"destination\": {\"path\": \"copy\"}}");
      // either the clone hears first that nothing can be made durable, or that the array stops
      assertThat(List.of(503, 410)).as(answer.body()).contains(answer.statusCode());
      assertThat(new ObjectMapper().readTree(answer.body()).path("vaaiStatus").asText())
          .isEqualTo(answer.statusCode() == 503 ? "BUSY" : "LOST");
      assertThat(back.poll(30, TimeUnit.SECONDS)).isTrue();
      assertThat(log.lines()).filteredOn(line -> line.contains("clone job")).hasSize(1);
      assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
    }
    array.close();
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }
}
