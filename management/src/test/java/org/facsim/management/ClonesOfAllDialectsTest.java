/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.calls.Door;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Precondition;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Verification;
import org.facsim.services.journal.VerificationResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A clone is a CLONE in every dialect: rules meet it and verifications count it, whichever one a
 * plugin speaks.
 */
class ClonesOfAllDialectsTest {
  private static final int BYTES = 1 << 20;

  /** No clone can be answered these over OpenSDS, which has no sessions, versions or requests. */
  private static final Set<VaaiStatus> NOT_OF_OPENSDS =
      Set.of(
          VaaiStatus.SESSION,
          VaaiStatus.TOO_MANY_SESSIONS,
          VaaiStatus.VERSION,
          VaaiStatus.REQUEST,
          VaaiStatus.JOB,
          VaaiStatus.ABORTED,
          VaaiStatus.LOST);

  private FacsimArray array;
  private Inode source;
  private Inode copy;
  private RpcClient rpc;
  private long requestId;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .journal(1000)
            .management(HttpManagement.onPort(0))
            .start();
    rpc = RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults()).join();
    source = make("source");
    copy = make("copy");
    source.volume().files().write(Caller.ROOT, source, 0, ByteBuffer.allocate(BYTES));
    source
        .volume()
        .attributes()
        .setAttributes(Caller.ROOT, copy, AttributeChanges.ofSize(BYTES), null);
  }

  @AfterEach
  void stop() {
    rpc.close();
    array.close();
  }

  private Inode make(String name) {
    Volume volume = array.storage().volume("ds").orElseThrow();
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0666))
        .inode();
  }

  private static Nfs3Handle handle(Inode file) {
    return Nfs3Handle.of(file.handle().toBytes());
  }

  private OpenSdsReply openSds(Optional<Nfs3Handle> from, OpenSdsRequest request) {
    OpenSdsCall call = new OpenSdsCall(handle(copy), from, request.toBlock());
    return rpc.call(
            Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, call::encode, OpenSdsReply::decode)
        .join();
  }

  private OpenSdsReply openSdsClone() {
    return openSds(Optional.of(handle(source)), OpenSdsRequest.clone(0, "copy"));
  }

  private String session() throws Exception {
    return new ApiClient(array)
        .send("POST", "/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}", 201)
        .path("session")
        .asText();
  }

  private JsonNode jsonClone(String session, int status) throws Exception {
    requestId++;
    return new ApiClient(array)
        .send(
            "POST",
            "/vaai/v1/sessions/" + session + "/clones",
            "{\"requestId\": %d, \"source\": {\"path\": \"source\"}, \"destination\": {\"path\": \"copy\"}}"
                .formatted(requestId),
            status);
  }

  private VerificationResult none(CallFilter filter) {
    return array.journal().check(new Verification.Count(filter, exactly(0), null, null));
  }

  private static List<CallFilter> clones() {
    return List.of(
        calls().procedure("CLONE"),
        calls().door(Door.VAAI).procedure("CLONE"),
        calls().with("procedure", "clone", Instant.EPOCH).with("door", "vaai", Instant.EPOCH),
        calls().procedure("CLONE").path("/ds/copy"));
  }

  // ---------------------------------------------------------------- the journal

  @Test
  void thatNoCloneWasAskedForIsNotProvedByAPluginThatSpeaksOpenSds() {
    assertThat(openSds(Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.PROGRESS)).status())
        .isNotEqualTo(Nfs3Status.OK);
    for (CallFilter each : clones()) {
      assertThat(none(each).holds()).as("a question is no clone: %s", each).isTrue();
    }

    assertThat(openSdsClone().status()).isEqualTo(Nfs3Status.OK);

    for (CallFilter each : clones()) {
      assertThat(none(each).holds()).as("%s", each).isFalse();
      assertThat(none(each).count()).isEqualTo(1);
    }
    array.journal().verify(calls().procedure("OPENSDS"), exactly(2));
    array.journal().verify(calls().door(Door.OPENSDS).procedure("CLONE_STATUS"), exactly(1));
    array.journal().verify(calls().door(Door.HTTP).procedure("CLONE"), exactly(0));
  }

  @Test
  void norByOneThatSpeaksJson() throws Exception {
    String session = session();
    for (CallFilter each : clones()) {
      assertThat(none(each).holds()).as("a session is no clone: %s", each).isTrue();
    }

    jsonClone(session, 200);

    for (CallFilter each : clones()) {
      assertThat(none(each).holds()).as("%s", each).isFalse();
    }
    array.journal().verify(calls().door(Door.HTTP).procedure("CLONE"), exactly(1));
    array.journal().verify(calls().door(Door.VAAI).procedure("SESSION_START"), exactly(1));
    array.journal().verify(calls().door(Door.OPENSDS).procedure("CLONE"), exactly(0));
  }

  @Test
  void whatNoDialectCallsSoIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> none(calls().door(Door.VAAI).procedure("CLONES")))
        .withMessageContaining("allowed: VAAI: NULL, SESSION_START");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> none(calls().door(Door.HTTP).procedure("CLONES")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> none(calls().door(Door.OPENSDS).procedure("UNMAP")));
  }

  // ---------------------------------------------------------------- rules

  @Test
  void aRuleForClonesMeetsThoseOfEveryDialect() throws Exception {
    String session = session();
    for (boolean namesDoor : new boolean[] {true, false}) {
      var rule = FaultRule.of(new FaultAction.Status("TOO_DEEP")).procedure("CLONE");
      if (namesDoor) {
        rule.door(Door.VAAI);
      }
      array.faults().clear();
      array.faults().add(rule.rule());

      assertThat(openSdsClone().result()).isEqualTo(OpenSdsResult.TOO_DEEP);
      JsonNode problem = jsonClone(session, 409);
      assertThat(problem.path("vaaiStatus").asText()).isEqualTo("TOO_DEEP");
      assertThat(problem.path("vaaiCode").asInt()).isEqualTo(20_002);
      assertThat(array.faults().list().get(0).hits()).isEqualTo(2);
      assertThat(openSds(Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.CLONE_SUPPORT)))
          .extracting(OpenSdsReply::result)
          .isNotEqualTo(OpenSdsResult.TOO_DEEP);
    }
  }

  @Test
  void everyStatusOfTheProgramIsSaidOverJsonAndWhatOpenSdsHasOverOpenSds() throws Exception {
    String session = session();
    for (VaaiStatus status : VaaiStatus.values()) {
      if (status == VaaiStatus.OK) {
        continue;
      }
      array.faults().clear();
      array
          .faults()
          .add(
              FaultRule.of(new FaultAction.Status(status.name()))
                  .door(Door.VAAI)
                  .procedure("CLONE")
                  .rule());
      boolean isSaid = !NOT_OF_OPENSDS.contains(status);
      OpenSdsReply reply = openSdsClone();
      assertThat(reply.status() != Nfs3Status.OK || reply.result() != OpenSdsResult.OK)
          .as("OpenSDS %s: %s", status, reply)
          .isEqualTo(isSaid);
      assertThat(array.faults().list().get(0).hits()).as("%s", status).isEqualTo(isSaid ? 1 : 0);
      int http = VaaiProblems.named(status.name(), "").map(Problem::status).orElseThrow();
      assertThat(jsonClone(session, http).path("vaaiStatus").asText()).isEqualTo(status.name());
    }
  }

  @Test
  void aFullVolumeRefusesClonesOfEveryDialect() throws Exception {
    String session = session();
    array.faults().preset("full", Map.of("volume", "ds"));

    assertThat(openSdsClone().status()).isEqualTo(Nfs3Status.NOSPC);
    assertThat(jsonClone(session, 507).path("vaaiStatus").asText()).isEqualTo("NOSPC");

    array.faults().clear();
    assertThat(openSdsClone().status()).isEqualTo(Nfs3Status.OK);
    jsonClone(session, 200);
  }

  // ---------------------------------------------------------------- why there is no clone

  @Test
  void aCloneThatARuleKeepsFromTheArrayIsExplained() {
    array
        .faults()
        .add(
            FaultRule.of(new FaultAction.Close(false))
                .door(Door.VAAI)
                .procedure("CLONE")
                .name("lab")
                .rule());
    assertThatThrownBy(this::openSdsClone).isInstanceOf(CompletionException.class);

    Explanation why = array.why("/ds/copy").orElseThrow();
    assertThat(why.outcome()).isEqualTo(CloneOutcome.NOT_EXECUTED);
    assertThat(why.firstFailed()).contains(Precondition.FAULT);
    assertThat(why.headline())
        .contains("the array never executed it")
        .contains("rule 1 (lab), closed the connection when the call arrived");
    assertThat(why.dialect()).isEqualTo("opensds");
  }

  @Test
  void aCloneThatIsHeldSaysSoAndIsExplainedAnewWhenItIsMade() throws Exception {
    long rule =
        array
            .faults()
            .add(
                FaultRule.of(new FaultAction.Pause(Optional.empty()))
                    .door(Door.OPENSDS)
                    .procedure("CLONE")
                    .rule())
            .id();
    var clone = CompletableFuture.supplyAsync(this::openSdsClone);
    for (int i = 0; i < 3000 && array.faults().list().get(0).hits() == 0; i++) {
      Thread.sleep(10);
    }
    Explanation held = array.why("/ds/copy").orElseThrow();
    for (int i = 0; i < 3000 && held.outcome() != CloneOutcome.UNDER_WAY; i++) {
      Thread.sleep(10); // the hit is counted before the clone is told of
      held = array.why("/ds/copy").orElseThrow();
    }
    assertThat(held.headline())
        .contains("is not cloned yet")
        .contains("rule 1, keeps the call back");

    array.faults().remove(rule);
    assertThat(clone.get().status()).isEqualTo(Nfs3Status.OK);
    assertThat(array.why("/ds/copy").orElseThrow().outcome()).isEqualTo(CloneOutcome.SHARED);
  }
}
