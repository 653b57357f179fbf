/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.OffloadLab;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks for too much is told so in the door's own words, and a good client goes on. */
final class GreedyClientTest {
  /** Copies one block a second. */
  private static final ArrayProfile SLOW =
      NamedProfiles.SHARING
          .draft()
          .fullClone(FullClone.COPY)
          .copyBytesPerSecond(OffloadLab.BLOCK)
          .freeze();

  private static final Requester GOOD = at(1);
  private static final Requester GREEDY = at(2);
  private static final FileRef SOURCE = FileRef.byPath("source");
  private static final int SESSIONS = 8;
  private static final int SESSIONS_PER_CLIENT = 6;
  private static final int JOBS = 8;
  private static final int JOBS_PER_CLIENT = 4;

  private OffloadLab lab;
  private OffloadEngine engine;
  private HostSessions sessions;
  private long lastId;
  private long lastRequestId;

  private static Requester at(int lastByte) {
    try {
      InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) lastByte});
      return new Requester(new InetSocketAddress(address, 1000), Optional.of(Caller.ROOT));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    lab = new OffloadLab();
    lab.profiles().set("one", SLOW);
    lab.makeFile("source", 1, 10);
    engine =
        new OffloadEngine(
            lab.array(),
            lab.profiles(),
            new OffloadOptions(
                lab.clock(),
                lab.scheduler()::nanoTime,
                lab.scheduler(),
                CloneJobListener.NONE,
                lab.meters(),
                JOBS,
                JOBS_PER_CLIENT));
    sessions =
        new HostSessions(
            engine,
            lab.exports().grants(),
            SessionOptions.of(lab.clock(), () -> ++lastId)
                .withSessions(SESSIONS, SESSIONS_PER_CLIENT),
            Dialect.VAAI_NAS);
  }

  @AfterEach
  void stop() {
    engine.close();
    lab.close();
  }

  private CompletableFuture<StartedSession> ask(Requester who) {
    return sessions.startSession(who, new SessionStart("/one", "host", 3, 0));
  }

  private SessionId session(Requester who) {
    return OffloadLab.await(ask(who)).id();
  }

  private boolean lives(Requester who, SessionId session) {
    return !sessions.support(who, session, Primitive.FULL_CLONE).isCompletedExceptionally();
  }

  private CompletableFuture<JobSnapshot> copy(Requester who, SessionId session, Inode destination) {
    return sessions.cloneFile(
        who,
        CloneRequest.within(
            session, ++lastRequestId, SOURCE, OffloadLab.refOf(destination), CloneOptions.NONE));
  }

  private Inode destination(String name) {
    return lab.makeFile(lab.volume(), name, 0644);
  }

  @Test
  void sessionsOfOneClientAreBoundedAndAnotherHasItsOwn() {
    List<SessionId> greedy = new ArrayList<>();
    for (int i = 0; i < SESSIONS_PER_CLIENT; i++) {
      greedy.add(session(GREEDY));
    }
    OffloadFailure refused = OffloadLab.refusalOf(ask(GREEDY));
    assertThat(refused.error()).isEqualTo(OffloadError.TOO_MANY_SESSIONS);
    assertThat(refused).hasMessage("6 sessions of this client are in use");
    assertThat(ask(GOOD)).isCompleted();
    assertThat(greedy).allMatch(session -> lives(GREEDY, session));

    OffloadLab.await(sessions.endSession(GREEDY, greedy.get(0)));
    assertThat(ask(GREEDY)).as("works again").isCompleted();
  }

  @Test
  void whenAllAreTakenAnIdleSessionOfTheGreediestMakesRoomAndNoBusyOne() {
    List<SessionId> greedy = new ArrayList<>();
    for (int i = 0; i < SESSIONS_PER_CLIENT; i++) {
      greedy.add(session(GREEDY));
      lab.skip(Duration.ofSeconds(1));
    }
    JobSnapshot job = OffloadLab.await(copy(GREEDY, greedy.get(0), destination("busy")));
    session(at(3));
    session(at(4)); // 8 of 8

    SessionId good = session(GOOD);

    assertThat(lives(GOOD, good)).isTrue();
    assertThat(lives(GREEDY, greedy.get(0))).as("a clone of it is under way").isTrue();
    assertThat(lives(GREEDY, greedy.get(1))).as("idle for longest").isFalse();
    assertThat(lives(GREEDY, greedy.get(2))).isTrue();
    assertThat(lives(GOOD, good)).isTrue();
    assertThat(OffloadLab.await(sessions.cloneStatus(GREEDY, greedy.get(0), job.jobId())).state())
        .isEqualTo(JobState.RUNNING);
  }

  @Test
  void clonesOfOneClientAreBoundedAndAnotherClones() {
    SessionId greedy = session(GREEDY);
    SessionId good = session(GOOD);
    for (int i = 0; i < JOBS_PER_CLIENT; i++) {
      assertThat(copy(GREEDY, greedy, destination("greedy-" + i))).isCompleted();
    }
    Inode next = destination("greedy-next");
    OffloadFailure refused = OffloadLab.refusalOf(copy(GREEDY, greedy, next));
    assertThat(refused.error()).isEqualTo(OffloadError.TOO_MANY_CLONES);
    assertThat(refused).hasMessage("4 clones of this client are under way");
    Inode mine = destination("good");
    assertThat(copy(GOOD, good, mine)).isCompleted();
    lab.passSeconds(30);
    assertThat(lab.seedAt(mine, 9)).isEqualTo(1);
    assertThat(copy(GREEDY, greedy, next)).as("works again").isCompleted();
  }

  /** A storm of finished clones does not push out what a slow host still asks about. */
  @Test
  void finishedJobsOfAQuietClientAreRememberedBesideAStorm() {
    SessionId good = session(GOOD);
    Inode mine = destination("good");
    JobSnapshot job = OffloadLab.await(copy(GOOD, good, mine));
    lab.passSeconds(30);
    SessionId greedy = session(GREEDY);
    for (int i = 0; i < 3 * JOBS; i++) {
      assertThat(copy(GREEDY, greedy, destination("greedy-" + i))).isCompleted();
      lab.passSeconds(30);
    }
    assertThat(OffloadLab.await(sessions.cloneStatus(GOOD, good, job.jobId())).state())
        .isEqualTo(JobState.SUCCEEDED);
    assertThat(engine.lastJobInto(mine.handle())).isPresent();
  }
}
