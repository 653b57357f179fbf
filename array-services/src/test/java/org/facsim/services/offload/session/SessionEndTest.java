/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

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
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.OffloadLab;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.Support;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session has under way when it ends, or would end. */
final class SessionEndTest {
  private static final FileRef SOURCE = FileRef.byPath("source");
  private static final FileRef COPY = FileRef.byPath("copy");

  /** Copies one block a second. */
  private static final ArrayProfile SLOW =
      NamedProfiles.SHARING
          .draft()
          .fullClone(FullClone.COPY)
          .copyBytesPerSecond(OffloadLab.BLOCK)
          .freeze();

  private static final Requester ROOT =
      new Requester(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000), Optional.of(Caller.ROOT));

  private OffloadLab lab;
  private Inode copy;

  /** Run when a clone has been started, before its session hears of it. */
  private final AtomicReference<Runnable> afterStart = new AtomicReference<>(() -> {});

  private HostSessions sessions;
  private SessionId session;
  private long lastId;

  @BeforeEach
  void start() {
    lab = new OffloadLab();
    lab.profiles().set("one", SLOW);
    lab.makeFile("source", 1, 10);
    copy = lab.makeFile("copy", 2, 3);
    SessionOptions options = SessionOptions.of(lab.clock(), () -> ++lastId);
    sessions =
        new HostSessions(
            interrupted(lab.engine()), lab.exports().grants(), options, Dialect.VAAI_NAS);
    session =
        OffloadLab.await(sessions.startSession(ROOT, new SessionStart("/one", "host", 3, 0))).id();
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

  private CloneRequest cloneOfSource() {
    return CloneRequest.within(session, 1, SOURCE, COPY, CloneOptions.NONE);
  }

  private CompletableFuture<Support> supports() {
    return sessions.support(ROOT, session, Primitive.FULL_CLONE);
  }

  private void endSession() {
    OffloadLab.await(sessions.endSession(ROOT, session));
  }

  @Test
  void aCloneThatIsAddedWhileTheSessionEndsIsAborted() {
    afterStart.set(this::endSession);

    OffloadFailure refused = OffloadLab.refusalOf(sessions.cloneFile(ROOT, cloneOfSource()));

    assertThat(refused.error()).isEqualTo(OffloadError.UNKNOWN_SESSION);
    assertThat(lab.engine().lastJobInto(copy.handle()).orElseThrow().state())
        .isEqualTo(JobState.ABORTED);
    lab.passSeconds(30);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  @Test
  void aCloneThatIsDoneWhenTheSessionEndsHasSucceeded() {
    lab.profiles().reset("one");
    afterStart.set(this::endSession);
    assertThat(OffloadLab.await(sessions.cloneFile(ROOT, cloneOfSource())).state())
        .isEqualTo(JobState.SUCCEEDED);
  }

  /** Zeroing takes longer than the lease: the answer must still find its session. */
  @Test
  void aSessionDoesNotExpireBeforeItsLastRequestIsAnswered() {
    CompletableFuture<ReservedSpace> answer =
        sessions.reserveSpace(
            ROOT, new ReserveRequest(session, 1, COPY, ReserveMode.EAGER_ZEROED, 64L << 20));
    assertThat(answer).isNotDone();
    lab.skip(Duration.ofSeconds(901));
    assertThat(supports()).isCompleted();
    lab.runSteps(answer);
    assertThat(OffloadLab.await(answer).reservedBytes()).isEqualTo(64L << 20);
    lab.skip(Duration.ofSeconds(901));
    assertThat(OffloadLab.refusalOf(supports()).error()).isEqualTo(OffloadError.UNKNOWN_SESSION);
  }
}
