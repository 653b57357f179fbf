/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.VolumeSpace;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionOptions;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.facsim.vaai.opensds.OpenSdsProgram;

/**
 * A live array with both dialects, for messages that are mostly wrong: two volumes with a file to
 * clone and one to clone into on each, volume two copying. Whatever is asked, the answer is whole,
 * no defect shows, and nothing has changed unless the call was carried out.
 *
 * <p>Made anew after so many calls, so that what valid calls leave behind stays small; the handles
 * are the same each time.
 */
final class FuzzedArray {
  private static final int SUCCESS = 0;
  private static final int PROC_UNAVAIL = 3;
  private static final int GARBAGE_ARGS = 4;

  private static final int CALLS_OF_A_SESSION = 256;
  private static final int CHANGES_OF_AN_ARRAY = 1000;

  /** Fewer than the endpoint bounds them to, for they last for minutes. */
  private static final int SESSIONS_OF_AN_ARRAY = 512;

  private VaaiLab lab;
  private EmbeddedServer server;
  private List<Inode> files;
  private SessionId session;
  private List<Object> state;
  private int calls;
  private int changes;
  private int sessions;

  FuzzedArray() {
    begin();
  }

  private void begin() {
    lab = new VaaiLab();
    lab.profiles()
        .set(
            "two",
            NamedProfiles.SHARING
                .draft()
                .named("fuzzed", "copies")
                .fullClone(FullClone.COPY)
                .copyBytesPerSecond(VaaiLab.BLOCK)
                .freeze());
    files = new ArrayList<>();
    for (var volume : List.of(lab.volume(), lab.otherVolume())) {
      Inode source = lab.makeFile(volume, "source", 0644);
      lab.write(source, 0, 3);
      lab.write(source, 2, 3);
      files.add(source);
      files.add(lab.makeFile(volume, "copy", 0666));
      files.add(volume.root());
    }
    SessionOptions options =
        SessionOptions.of(Clock.systemUTC(), new SplittableRandom(2)::nextLong);
    server =
        new EmbeddedServer(
            List.of(
                new VaaiProgram(
                    new HostSessions(
                        lab.engine(), lab.exports().grants(), options, Dialect.VAAI_NAS)),
                NoNfs.beside(
                    new OpenSdsProgram(
                        new OpenSdsCommands(
                            lab.exports().grants(), lab.engine(), OpenSdsFlags.DEFAULT)))));
    session = null;
    changes = 0;
    sessions = 0;
    state = stateNow();
  }

  private void end() {
    server.close();
    lab.close();
  }

  /** A file that is there: source, copy and root of volume one, then of volume two. */
  Inode file(int index) {
    return files.get(index);
  }

  /** A session on volume one that is good for now. */
  SessionId session() {
    if (session == null || calls % CALLS_OF_A_SESSION == 0) {
      countSession();
      session = lab.session("/one");
    }
    return session;
  }

  private void countSession() {
    sessions++;
    if (sessions == SESSIONS_OF_AN_ARRAY) {
      end();
      begin();
    }
  }

  /** Everything that a client of NFS or an admin could see change. */
  private List<Object> stateNow() {
    List<Object> now = new ArrayList<>();
    VolumeSpace one = lab.volume().space().ofVolume();
    now.add(one);
    now.add(lab.otherVolume().space());
    for (Inode file : files) {
      FileAttributes attributes = file.attributes();
      now.add(attributes);
    }
    return now;
  }

  /** What a call is answered: the status of the RPC layer, and the first word of the results. */
  record Answer(int acceptStatus, int firstWord) {
    boolean isOk() {
      return acceptStatus == SUCCESS && firstWord == 0;
    }
  }

  /** Calls the VAAI program. */
  Answer vaai(int procedure, long uid, Consumer<ByteBuf> arguments) {
    boolean mayChange =
        procedure == VaaiNas.PROC_CLONE
            || procedure == VaaiNas.PROC_RESERVE
            || procedure == VaaiNas.PROC_UNMAP;
    int version = VaaiWire.versionOf(procedure);
    Answer answer = call(VaaiNas.PROGRAM, version, procedure, uid, arguments, mayChange);
    if (procedure == VaaiNas.PROC_SESSION_START && answer.isOk()) {
      countSession();
    }
    return answer;
  }

  /** Calls procedure 22 of NFSv3. */
  Answer openSds(long uid, Consumer<ByteBuf> arguments) {
    return call(Nfs3.PROGRAM, Nfs3.VERSION, 22, uid, arguments, true);
  }

  private Answer call(
      int program,
      int version,
      int procedure,
      long uid,
      Consumer<ByteBuf> arguments,
      boolean mayChange) {
    calls++;
    ByteBuf reply =
        server.exchange(EmbeddedServer.call(calls, program, version, procedure, uid, arguments));
    assertThat(reply).as("the connection ended").isNotNull();
    assertThat(reply.getInt(reply.readerIndex())).as("xid").isEqualTo(calls);
    int acceptStatus = EmbeddedServer.acceptStatus(reply);
    assertThat(acceptStatus).isIn(SUCCESS, PROC_UNAVAIL, GARBAGE_ARGS);
    Answer answer =
        new Answer(acceptStatus, reply.readableBytes() >= 4 ? reply.readInt() : SUCCESS);
    if (answer.isOk() && mayChange) {
      settle();
    } else {
      assertThat(stateNow()).as("state after a call that failed").isEqualTo(state);
    }
    return answer;
  }

  /** The call may have been valid: what it did is the new state. */
  private void settle() {
    changes++;
    if (changes == CHANGES_OF_AN_ARRAY) {
      end();
      begin();
    }
    if (changes % 16 == 0) {
      lab.passSeconds(5);
    }
    state = stateNow();
  }
}
