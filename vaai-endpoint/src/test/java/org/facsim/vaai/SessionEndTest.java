/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.Requester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session has under way when it ends, or would end. */
final class SessionEndTest {
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");
  private static final Requester ROOT =
      new Requester(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000), Optional.of(Caller.ROOT));

  private VaaiLab lab;
  private Inode copy;

  /** Run when a clone has been started, before its session hears of it. */
  private final AtomicReference<Runnable> afterStart = new AtomicReference<>(() -> {});

  private VaaiEndpoint endpoint;
  private SessionId session;
  private long lastId;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    lab.profiles().set("one", EndpointScenarios.SLOW);
    lab.makeFile("source", 1, 10);
    copy = lab.makeFile("copy", 2, 3);
    VaaiOptions options = VaaiOptions.of(lab.clock(), () -> ++lastId);
    endpoint = new VaaiEndpoint(interrupted(lab.engine()), lab.exports(), options);
    session =
        VaaiWire.await(endpoint.startSession(ROOT, VaaiLab.startCall("/one"))).value().session();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private Offload interrupted(Offload engine) {
    return (Offload)
        Proxy.newProxyInstance(
            Offload.class.getClassLoader(),
            new Class<?>[] {Offload.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(engine, arguments);
                if (method.getName().equals("startClone")) {
                  afterStart.get().run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void endSession() {
    VaaiWire.await(endpoint.endSession(ROOT, new SessionEndCall(session)));
  }

  @Test
  void aCloneThatIsAddedWhileTheSessionEndsIsAborted() {
    afterStart.set(this::endSession);

    VaaiReply<CloneJob> reply =
        VaaiWire.await(endpoint.cloneFile(ROOT, lab.clone(session, SOURCE, COPY, 0)));

    assertThat(reply.status()).isEqualTo(VaaiStatus.SESSION);
    assertThat(lab.engine().lastJobInto(copy.handle()).orElseThrow().state().name())
        .isEqualTo("ABORTED");
    lab.passSeconds(30);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  @Test
  void aCloneThatIsDoneWhenTheSessionEndsHasSucceeded() {
    lab.profiles().reset("one");
    afterStart.set(this::endSession);
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    assertThat(VaaiWire.await(endpoint.cloneFile(ROOT, call)).value().state())
        .isEqualTo(JobState.SUCCEEDED);
  }

  /** Zeroing takes longer than the lease: the answer must still find its session. */
  @Test
  void aSessionDoesNotExpireBeforeItsLastRequestIsAnswered() {
    CompletableFuture<VaaiReply<ReservedSpace>> answer =
        endpoint.reserveSpace(
            ROOT, new ReserveCall(session, 1, COPY, ReserveMode.EAGER_ZEROED, 64L << 20));
    assertThat(answer).isNotDone();
    lab.skip(Duration.ofSeconds(901));
    SupportCall query = new SupportCall(session, VaaiPrimitive.FULL_CLONE);
    assertThat(VaaiWire.await(endpoint.support(ROOT, query)).isOk()).isTrue();
    lab.runSteps(answer);
    assertThat(VaaiWire.await(answer).isOk()).isTrue();
    lab.skip(Duration.ofSeconds(901));
    assertThat(VaaiWire.await(endpoint.support(ROOT, query)).status())
        .isEqualTo(VaaiStatus.SESSION);
  }
}
