/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.ProfileDraft;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.facsim.vaai.opensds.OpenSdsProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Procedure 22 of an array of two volumes, and a source of three blocks. */
abstract class OpenSdsWire {
  static final int LAZY = 1;

  VaaiLab lab;
  EmbeddedServer server;
  Inode source;
  int xid;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    server = serverWith(OpenSdsFlags.DEFAULT);
    source = lab.makeFile("source", 7, 3);
  }

  @AfterEach
  void stop() {
    server.close();
    lab.close();
  }

  final EmbeddedServer serverWith(OpenSdsFlags flags) {
    return serverWith(lab.engine(), flags);
  }

  final EmbeddedServer serverWith(Offload offload, OpenSdsFlags flags) {
    OpenSdsCommands commands = new OpenSdsCommands(lab.exports().grants(), offload, flags);
    return new EmbeddedServer(List.of(NoNfs.beside(new OpenSdsProgram(commands))));
  }

  final void profile(ProfileDraft draft) {
    lab.profiles().set("one", draft.named("test", "of this test").freeze());
  }

  static ProfileDraft sharing() {
    return NamedProfiles.SHARING.draft();
  }

  /** One block a second. */
  static ProfileDraft copying() {
    return sharing().fullClone(FullClone.COPY).copyBytesPerSecond(VaaiLab.BLOCK);
  }

  static Nfs3Handle handleOf(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  final ByteBuf record(int callXid, long uid, OpenSdsCall call) {
    return EmbeddedServer.call(
        callXid, Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, uid, call::encode);
  }

  final OpenSdsReply ask(long uid, OpenSdsCall call) {
    ByteBuf answer = server.exchange(record(++xid, uid, call));
    assertThat(EmbeddedServer.acceptStatus(answer)).as("accept status").isZero();
    OpenSdsReply reply = OpenSdsReply.decode(answer);
    assertThat(answer.isReadable()).isFalse();
    return reply;
  }

  final OpenSdsReply ask(Inode about, OpenSdsCommand command) {
    return ask(
        0,
        new OpenSdsCall(handleOf(about), Optional.empty(), OpenSdsRequest.of(command).toBlock()));
  }

  static OpenSdsCall cloneCall(Inode from, Inode to, int flags, String name) {
    return new OpenSdsCall(
        handleOf(to), Optional.of(handleOf(from)), OpenSdsRequest.clone(flags, name).toBlock());
  }

  final OpenSdsReply cloneInto(Inode destination) {
    return ask(0, cloneCall(source, destination, 0, "copy"));
  }

  final Inode emptyFile(String name) {
    return lab.makeFile(lab.volume(), name, 0644);
  }

  static OpenSdsReply failure(Nfs3Status status, OpenSdsCommand command) {
    return OpenSdsReply.failed(status, command.code(), OpenSdsResult.OK);
  }

  static OpenSdsReply complete(OpenSdsCommand command) {
    return OpenSdsReply.progress(command.code(), CloneState.COMPLETE, 3L * VaaiLab.BLOCK);
  }
}
