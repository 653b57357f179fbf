/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.session.HostSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions, the support query, reservations and extended statistics over an array. */
final class SessionsOverTheWireTest {
  private static final int BLOCK = VaaiLab.BLOCK;

  private VaaiLab lab;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private String start(SessionStartCall call) {
    return lab.wire().reply(VaaiNas.PROC_SESSION_START, call);
  }

  @Test
  void aSessionIsGrantedWithRootTimeoutAndLimits() {
    SessionGrant grant =
        VaaiWire.await(lab.client().startSession(VaaiLab.startCall("/one"))).value();
    assertThat(grant)
        .isEqualTo(
            new SessionGrant(
                grant.session(),
                Opaque.of(lab.volume().root().handle().toBytes()),
                10,
                new SessionLimits(900, 0, 0, 256, 4096, 1L << 44)));
    SessionStartCall patient = new SessionStartCall(1, 3, "/one", "", 4_000_000_000L);
    assertThat(VaaiWire.await(lab.client().startSession(patient)).value().timeoutSeconds())
        .isEqualTo(HostSessions.MAX_TIMEOUT_SECONDS);
  }

  @Test
  void sessionIdsDiffer() {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      ids.add(lab.session("/one").toString());
    }
    assertThat(ids).hasSize(100);
  }

  @Test
  void aSessionIsRefusedForUnknownVersionsAndExportsAndByTheExportsRules() {
    assertThat(start(new SessionStartCall(2, 3, "/one", "", 0)))
        .isEqualTo(VaaiLab.failure(VaaiStatus.VERSION, "protocol version 2, served: 1"));
    assertThat(start(new SessionStartCall(1, 42, "/one", "", 0)))
        .isEqualTo(VaaiLab.failure(VaaiStatus.VERSION, "file-system version 42, served: [3, 41]"));
    assertThat(start(VaaiLab.startCall("/none")))
        .isEqualTo(VaaiLab.failure(VaaiStatus.NOENT, "no export /none"));
    lab.exports().refuseVaai("/one");
    assertThat(start(VaaiLab.startCall("/one")))
        .isEqualTo(
            VaaiLab.failure(VaaiStatus.ACCESS, "the export's rules refuse VAAI to 127.0.0.1"));
  }

  @Test
  void sessionsAreBoundedAndExpiredOnesMakeRoom() {
    for (int i = 0; i < 256; i++) {
      lab.session("/one");
    }
    assertThat(start(VaaiLab.startCall("/one")))
        .isEqualTo(
            VaaiLab.failure(
                VaaiStatus.TOO_MANY_SESSIONS, "256 sessions of this client are in use"));
    lab.passSeconds(901);
    assertThat(VaaiWire.await(lab.client().startSession(VaaiLab.startCall("/one"))).isOk())
        .isTrue();
  }

  @Test
  void aSessionLivesWhileItIsUsedAndNoLongerThanItsLease() {
    SessionId session = lab.session("/one");
    SupportCall query = new SupportCall(session, VaaiPrimitive.FULL_CLONE);
    for (int i = 0; i < 3; i++) {
      lab.passSeconds(899);
      assertThat(VaaiWire.await(lab.client().support(query)).isOk()).isTrue();
    }
    lab.passSeconds(901);
    assertThat(VaaiWire.await(lab.client().support(query)).status()).isEqualTo(VaaiStatus.SESSION);
  }

  @Test
  void anEndedSessionIsUnknownToEveryCall() {
    SessionId session = lab.session("/one");
    lab.exports().refuseVaai("/one"); // does not keep a host from leaving
    SessionEndCall end = new SessionEndCall(session);
    assertThat(lab.wire().reply(VaaiNas.PROC_SESSION_END, end))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(new SessionEnded())));
    String unknown =
        VaaiLab.failure(VaaiStatus.SESSION, "session " + session + " is unknown or expired");
    assertThat(lab.wire().reply(VaaiNas.PROC_SESSION_END, end)).isEqualTo(unknown);
    VaaiFile file = VaaiFile.byPath("x");
    assertThat(
            lab.wire()
                .reply(VaaiNas.PROC_SUPPORT, new SupportCall(session, VaaiPrimitive.FULL_CLONE)))
        .isEqualTo(unknown);
    assertThat(lab.wire().reply(VaaiNas.PROC_STATX, new StatxCall(session, file)))
        .isEqualTo(unknown);
    assertThat(
            lab.wire()
                .reply(
                    VaaiNas.PROC_RESERVE,
                    new ReserveCall(session, 1, file, ReserveMode.LAZY_ZEROED, 0)))
        .isEqualTo(unknown);
  }

  @Test
  void supportIsToldPerPrimitive() {
    SessionId session = lab.session("/one");
    int common = CloneFlags.DRY_RUN | CloneFlags.GUARDED;
    assertSupport(session, VaaiPrimitive.FULL_CLONE.code(), true, common, "");
    assertSupport(session, VaaiPrimitive.LAZY_CLONE.code(), true, common | CloneFlags.LAZY, "");
    assertSupport(session, VaaiPrimitive.EXTENDED_STATISTICS.code(), true, 0, "");
    assertSupport(session, VaaiPrimitive.RESERVE_SPACE.code(), true, 0, "");
    assertSupport(
        session,
        VaaiPrimitive.CLONE_ACROSS_VOLUMES.code(),
        true,
        common | CloneFlags.OTHER_VOLUME,
        "");
    assertSupport(session, 77, false, 0, "primitive 77 is unknown");
    lab.exports().makeReadOnly("/one");
    assertSupport(
        session,
        VaaiPrimitive.FULL_CLONE.code(),
        false,
        0,
        "the export is read-only for this client");
  }

  private void assertSupport(
      SessionId session, int primitive, boolean supported, int flags, String reason) {
    assertThat(lab.wire().reply(VaaiNas.PROC_SUPPORT, new SupportCall(session, primitive)))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(new SupportAnswer(supported, flags, reason))));
  }

  @Test
  void statisticsAreExactBeforeAndAfterACloneAndAWrite() {
    lab.makeFile("source", 1, 8);
    lab.setSize(lab.lookup("source"), 100L * BLOCK);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    SessionGrant grant =
        VaaiWire.await(lab.client().startSession(VaaiLab.startCall("/one"))).value();
    VaaiSession session = new VaaiSession(lab.client(), grant);
    VaaiFile sourceFile = VaaiFile.byPath("source");
    VaaiFile copyFile = VaaiLab.handleOf(copy);

    assertStatistics(session, sourceFile, 100, 8, 8, 0, 8);
    assertStatistics(session, copyFile, 0, 0, 0, 0, 0);
    assertThat(VaaiWire.await(session.cloneFile(sourceFile, copyFile, 0)).isOk()).isTrue();
    assertStatistics(session, sourceFile, 100, 8, 0, 8, 8);
    assertStatistics(session, copyFile, 100, 8, 0, 8, 0);
    lab.write(copy, 3, 2);
    lab.write(copy, 50, 2);
    assertStatistics(session, sourceFile, 100, 8, 1, 7, 8);
    assertStatistics(session, copyFile, 100, 9, 2, 7, 2);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.EXT_STATS_SUCCESS))
        .isEqualTo(6);
    assertThat(VaaiWire.await(session.end()).isOk()).isTrue();
  }

  private void assertStatistics(
      VaaiSession session,
      VaaiFile file,
      long total,
      long allocated,
      long unique,
      long shared,
      long charged) {
    ExtendedStatistics expected =
        new ExtendedStatistics(
            total * BLOCK, allocated * BLOCK, unique * BLOCK, shared * BLOCK, 0, charged * BLOCK);
    assertThat(lab.wire().reply(VaaiNas.PROC_STATX, new StatxCall(session.grant().session(), file)))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(expected)));
  }

  @Test
  void statisticsOfWhatIsNoFileAreRefusedAndCounted() {
    lab.makeDirectory("vm", 0700);
    SessionId session = lab.session("/one");
    List<VaaiStatus> statuses = new ArrayList<>();
    for (String path : List.of("none", "vm", "vm/x", "..")) {
      StatxCall call = new StatxCall(session, VaaiFile.byPath(path));
      statuses.add(VaaiWire.await(lab.client().statistics(call)).status());
    }
    StatxCall hidden = new StatxCall(session, VaaiFile.byPath("vm/x"));
    statuses.add(VaaiWire.await(lab.clientOf(1000).statistics(hidden)).status());
    assertThat(statuses)
        .containsExactly(
            VaaiStatus.NOENT,
            VaaiStatus.ISDIR,
            VaaiStatus.NOENT,
            VaaiStatus.INVAL,
            VaaiStatus.ACCESS);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.EXT_STATS_FAILURE))
        .isEqualTo(5);
    assertThat(lab.engine().statistics().total("two", OffloadCounter.EXT_STATS_FAILURE)).isZero();
  }
}
