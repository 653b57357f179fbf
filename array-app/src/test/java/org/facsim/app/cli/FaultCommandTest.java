/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultMatch;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.RuleStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code facsim fault} against a running array. */
class FaultCommandTest {
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
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

  private int exit(String... command) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("fault"));
    arguments.addAll(List.of(command));
    String http = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return Main.run(
        Map.of(),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        withHttp(arguments, http));
  }

  private static String[] withHttp(List<String> arguments, String http) {
    arguments.add(2, "--http=" + http);
    return arguments.toArray(String[]::new);
  }

  /** What it prints if all is well. */
  private String run(String... command) {
    assertThat(exit(command)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString().strip();
  }

  private FaultRule last() {
    List<RuleStatus> rules = array.faults().list();
    return rules.get(rules.size() - 1).rule();
  }

  @Test
  void aRuleIsAddedListedAndRemoved() {
    assertThat(
            run(
                "add",
                "--door",
                "nfs",
                "--procedure",
                "WRITE",
                "--path",
                "/ds/**/*-flat.vmdk",
                "--nth",
                "3",
                "--no-answer",
                "--count",
                "1"))
        .isEqualTo(
            "1  doors=nfs procedures=WRITE path=/ds/**/*-flat.vmdk  -> noAnswer  nth=3 count=1"
                + "  matched 0, applied 0");
    assertThat(last())
        .isEqualTo(
            FaultRule.of(new FaultAction.NoAnswer())
                .door(Door.NFS)
                .procedure("WRITE")
                .path("/ds/**/*-flat.vmdk")
                .nth(3)
                .count(1)
                .rule());
    run("add", "--executed-but-lost", "--name", "lost", "--seed=-7", "--probability", "0.5");
    assertThat(run("list").lines())
        .hasSize(2)
        .last()
        .asString()
        .isEqualTo(
            "2  'lost'  all calls but those of http  -> executedButLost  probability=0.5  seed=-7"
                + "  matched 0, applied 0");
    assertThat(run("remove", "1")).isEqualTo("removed 1 rule");
    assertThat(run("clear")).isEqualTo("removed 1 rule");
    assertThat(run("list")).isEqualTo("there are no fault rules");
  }

  @Test
  void theAnswerAsJson() throws Exception {
    JsonNode added = new ObjectMapper().readTree(run("add", "--json", "--twice"));
    assertThat(added.path("items").get(0).path("rule").path("act").path("twice").asBoolean())
        .isTrue();
    assertThat(new ObjectMapper().readTree(run("list", "--json"))).isEqualTo(added);
    assertThat(run("remove", "--json", "1")).isEqualTo("{\"removed\":1}");
    assertThat(run("clear", "--json")).isEqualTo("{\"removed\":0}");
    assertThat(new ObjectMapper().readTree(run("presets", "--json")).path("items"))
        .hasSizeGreaterThan(7);
    assertThat(new ObjectMapper().readTree(run("preset", "apd", "--json")).path("count").asInt())
        .isEqualTo(1);
  }

  @Test
  void everyActionHasItsOption() {
    assertAction(new FaultAction.NoAnswer(), "--no-answer");
    assertAction(new FaultAction.Close(false), "--close");
    assertAction(new FaultAction.Close(true), "--close", "--executed");
    assertAction(new FaultAction.Reset(true), "--reset", "--executed");
    assertAction(new FaultAction.LoseReply(), "--executed-but-lost");
    assertAction(new FaultAction.Twice(), "--twice");
    assertAction(
        new FaultAction.Behind(2, Duration.ofSeconds(3)), "--behind=2", "--behind-limit=3s");
    assertAction(new FaultAction.ShortTransfer(10), "--short=10");
    assertAction(new FaultAction.StopReading(Optional.empty()), "--zero-window");
    assertAction(new FaultAction.Pause(Optional.of(Duration.ofSeconds(2))), "--pause", "--time=2s");
    assertAction(new FaultAction.Limit(1 << 20, true), "--bandwidth=1MiB", "--each-connection");
    assertAction(new FaultAction.Corrupt(3, 16), "--mistake=3x16");
    assertAction(new FaultAction.Corrupt(3, 1), "--mistake=3");
    run("add", "--wrong-size=+4096", "--wrong-mtime=-60", "--wrong-file-id=7", "--wrong-links=0");
    assertThat(last().action().orElseThrow().toString())
        .contains("amount=4096", "amount=-60000000000", "isOffset=false, amount=7");
    run(
        "add",
        "--clone-rate=1MiB",
        "--clone-slowdown=2",
        "--clone-stall=40",
        "--clone-fail=60",
        "--clone-error=NOSPC");
    assertThat(last().action().orElseThrow().toString())
        .contains("1048576", "2.0", "40", "60", "NO_SPACE");
    run("add", "--delay=20ms", "--jitter=5ms");
    assertThat(last().delay())
        .contains(new FaultAction.Delay(Duration.ofMillis(20), Duration.ofMillis(5)));
  }

  private void assertAction(FaultAction action, String... options) {
    List<String> command = new ArrayList<>(List.of("add"));
    command.addAll(List.of(options));
    run(command.toArray(String[]::new));
    assertThat(last().action()).contains(action);
  }

  @Test
  void everyPartOfAMatchHasItsOption() {
    run(
        "add",
        "--no-answer",
        "--door=nfs,nlm",
        "--procedure=WRITE,LOCK",
        "--volume=ds",
        "--client=10.0.0.0/8",
        "--user=5",
        "--host=esx1",
        "--after-door=nlm",
        "--after-procedure=LOCK",
        "--after-path=/ds/**",
        "--same=client",
        "--from=1s",
        "--for=1h",
        "--every=2");
    FaultRule rule = last();
    FaultMatch lock =
        FaultRule.of(new FaultAction.NoAnswer())
            .door(Door.NLM)
            .procedure("LOCK")
            .path("/ds/**")
            .match();
    assertThat(rule.match())
        .isEqualTo(
            FaultRule.of(new FaultAction.NoAnswer())
                .door(Door.NFS)
                .door(Door.NLM)
                .procedure("WRITE")
                .procedure("LOCK")
                .volume("ds")
                .client("10.0.0.0/8")
                .uid(5)
                .host("esx1")
                .after(lock, FaultMatch.Same.CLIENT)
                .match());
    assertThat(rule.limits().every()).isEqualTo(2);
    assertThat(rule.limits().length()).contains(Duration.ofHours(1));
  }

  private void assertRefused(String saying, String... command) {
    assertThat(exit(command)).isEqualTo(2);
    assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
    assertThat(err.toString()).contains(saying).contains("allowed: ");
    assertThat(array.faults().list()).isEmpty();
  }

  @Test
  void whatIsRefusedIsWrongUsageInOneLine() {
    assertRefused(
        "facsim fault add: procedure 'WRTE': door nfs has none of that name; did you mean 'WRITE'?",
        "add",
        "--door=nfs",
        "--procedure=WRTE",
        "--no-answer");
    assertRefused("door 'nsf' is not there", "add", "--door=nsf", "--no-answer");
    assertRefused("nothing would happen", "add", "--door=nfs");
    assertRefused("noAnswer and reset", "add", "--no-answer", "--reset");
    assertRefused("--mistake: 'x'", "add", "--mistake=x");
    assertRefused("--power-failure: 'later'", "add", "--power-failure=later");
    assertRefused(
        "path '/none/x' lies outside of every export", "add", "--twice", "--path=/none/x");
    assertRefused("facsim fault preset: preset 'apdd' is not there", "preset", "apdd");
    assertRefused("has no 'x'", "preset", "apd", "--set", "x=1");
    assertThat(exit("remove", "9")).isEqualTo(1);
    assertThat(err.toString()).contains("rule 9 is not there");
  }

  @Test
  void presetsAreListedAndApplied() {
    assertThat(run("presets"))
        .contains("takeover ", "full ", "flaky-network ", "array-reboot ", "slow-clone ")
        .contains("leftover-lock ", "zero-window ", "apd ", "for=150s: how long");
    assertThat(run("preset", "apd", "--for", "2s", "--set", "client=10.0.0.1"))
        .startsWith("1  'apd'  client=10.0.0.1/32  -> noAnswer  lasting=2s");
  }

  /** A mistake in a value is answered with what the value may be, not with all options. */
  @Test
  void aWrongNumberIsAnsweredWithANumber() {
    assertThat(exit("add", "--nth", "x", "--no-answer")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--nth: 'x'; allowed: a whole number")
        .doesNotContain("--after-door");
    assertThat(exit("add", "--probability", "x", "--no-answer")).isEqualTo(2);
    assertThat(err.toString()).contains("--probability: 'x'; allowed: a number");
    assertThat(exit("remove", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("ID: 'x'; allowed: a whole number");
    assertThat(exit("preset", "takeover", "--set", "foo")).isEqualTo(2);
    assertThat(err.toString()).contains("--set: 'foo'; allowed: NAME=VALUE");
    assertThat(exit("preset")).isEqualTo(2);
    assertThat(err.toString()).contains("PRESET is missing; allowed: Such as takeover");
  }

  @Test
  void aTakeoverThatTakesNoTimeIsRefused() {
    assertThat(exit("add", "--takeover", "0s")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("takeover");
    assertThat(exit("preset", "takeover", "--for", "0s")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(array.faults().list()).isEmpty();
    assertThat(array.arrayFaults().isAway()).isFalse();
  }

  @Test
  void whatWaitsForTheEndOfARuleGoesOnAndTheRuleStays() throws Exception {
    run("add", "--door", "nfs", "--procedure", "NULL", "--pause");
    assertThat(run("resume", "1")).as("nothing waits").isEqualTo("resumed 0");
    try (RpcClient rpc =
        RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join()) {
      var waiting = rpc.call(Nfs3.PROGRAM, Nfs3.VERSION, Nfs3.NULL, out -> {}, in -> true);
      String resumed = "{\"resumed\":0}";
      for (int i = 0; i < 3000 && resumed.equals("{\"resumed\":0}"); i++) {
        Thread.sleep(10);
        resumed = run("resume", "1", "--json");
      }
      assertThat(new ObjectMapper().readTree(resumed).path("resumed").asInt()).isEqualTo(1);
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(array.faults().list()).hasSize(1);
    assertThat(exit("resume", "7")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(exit("resume", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("ID: 'x'; allowed: a whole number");
  }
}
