/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.offload.Requester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks for too much is told so in the door's own words, and a good client goes on. */
final class GreedyClientTest {
  private static final Requester GOOD = at(1);
  private static final Requester GREEDY = at(2);
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final int SESSIONS = 8;
  private static final int SESSIONS_PER_CLIENT = 6;
  private static final int JOBS = 8;
  private static final int JOBS_PER_CLIENT = 4;

  private VaaiLab lab;
  private OffloadEngine engine;
  private VaaiEndpoint endpoint;
  private long lastId;

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
    lab = new VaaiLab();
    lab.profiles().set("one", EndpointScenarios.SLOW);
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
                RecordedLatency::new,
                JOBS,
                JOBS_PER_CLIENT));
    endpoint =
        new VaaiEndpoint(
            engine,
            lab.exports(),
            VaaiOptions.of(lab.clock(), () -> ++lastId)
                .withSessions(SESSIONS, SESSIONS_PER_CLIENT));
  }

  @AfterEach
  void stop() {
    engine.close();
    lab.close();
  }

  private VaaiReply<SessionGrant> ask(Requester who) {
    return VaaiWire.await(endpoint.startSession(who, VaaiLab.startCall("/one")));
  }

  private SessionId session(Requester who) {
    return ask(who).value().session();
  }

  private boolean lives(Requester who, SessionId session) {
    SupportCall query = new SupportCall(session, VaaiPrimitive.FULL_CLONE);
    return VaaiWire.await(endpoint.support(who, query)).isOk();
  }

  private VaaiReply<CloneJob> copy(Requester who, SessionId session, Inode destination) {
    CloneCall call = lab.clone(session, SOURCE, VaaiLab.handleOf(destination), 0);
    return VaaiWire.await(endpoint.cloneFile(who, call));
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
    VaaiReply<SessionGrant> refused = ask(GREEDY);
    assertThat(refused.status()).isEqualTo(VaaiStatus.TOO_MANY_SESSIONS);
    assertThat(refused.reason()).isEqualTo("6 sessions of this client are in use");
    assertThat(ask(GOOD).isOk()).isTrue();
    assertThat(greedy).allMatch(session -> lives(GREEDY, session));

    VaaiWire.await(endpoint.endSession(GREEDY, new SessionEndCall(greedy.get(0))));
    assertThat(ask(GREEDY).isOk()).as("works again").isTrue();
  }

  @Test
  void whenAllAreTakenAnIdleSessionOfTheGreediestMakesRoomAndNoBusyOne() {
    List<SessionId> greedy = new ArrayList<>();
    for (int i = 0; i < SESSIONS_PER_CLIENT; i++) {
      greedy.add(session(GREEDY));
      lab.skip(Duration.ofSeconds(1));
    }
    CloneJob job = copy(GREEDY, greedy.get(0), destination("busy")).value();
    session(at(3));
    session(at(4)); // 8 of 8

    SessionId good = session(GOOD);

    assertThat(lives(GOOD, good)).isTrue();
    assertThat(lives(GREEDY, greedy.get(0))).as("a clone of it is under way").isTrue();
    assertThat(lives(GREEDY, greedy.get(1))).as("idle for longest").isFalse();
    assertThat(lives(GREEDY, greedy.get(2))).isTrue();
    assertThat(lives(GOOD, good)).isTrue();
    JobCall status = new JobCall(greedy.get(0), job.jobId());
    assertThat(VaaiWire.await(endpoint.cloneStatus(GREEDY, status)).value().state())
        .isEqualTo(JobState.RUNNING);
  }

  @Test
  void clonesOfOneClientAreBoundedAndAnotherClones() {
    SessionId greedy = session(GREEDY);
    SessionId good = session(GOOD);
    for (int i = 0; i < JOBS_PER_CLIENT; i++) {
      assertThat(copy(GREEDY, greedy, destination("greedy-" + i)).isOk()).isTrue();
    }
    Inode next = destination("greedy-next");
    VaaiReply<CloneJob> refused = copy(GREEDY, greedy, next);
    assertThat(refused.status()).isEqualTo(VaaiStatus.TOO_MANY_CLONES);
    assertThat(refused.reason()).isEqualTo("4 clones of this client are under way");
    Inode mine = destination("good");
    assertThat(copy(GOOD, good, mine).isOk()).isTrue();
    lab.passSeconds(30);
    assertThat(lab.seedAt(mine, 9)).isEqualTo(1);
    assertThat(copy(GREEDY, greedy, next).isOk()).as("works again").isTrue();
  }

  /** A storm of finished clones does not push out what a slow host still asks about. */
  @Test
  void finishedJobsOfAQuietClientAreRememberedBesideAStorm() {
    SessionId good = session(GOOD);
    Inode mine = destination("good");
    CloneJob job = copy(GOOD, good, mine).value();
    lab.passSeconds(30);
    SessionId greedy = session(GREEDY);
    for (int i = 0; i < 3 * JOBS; i++) {
      assertThat(copy(GREEDY, greedy, destination("greedy-" + i)).isOk()).isTrue();
      lab.passSeconds(30);
    }
    JobCall status = new JobCall(good, job.jobId());
    assertThat(VaaiWire.await(endpoint.cloneStatus(GOOD, status)).value().state())
        .isEqualTo(JobState.SUCCEEDED);
    assertThat(engine.lastJobInto(mine.handle())).isPresent();
  }
}
