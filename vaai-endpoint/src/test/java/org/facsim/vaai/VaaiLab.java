/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.OffloadLab;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionOptions;

/** An array of two volumes behind the VAAI program, with a session of root on each. */
final class VaaiLab extends OffloadLab {
  private final VaaiWire wire;
  private final VaaiClient client;
  private long lastRequestId;

  VaaiLab() {
    this(array -> array);
  }

  /** A lab whose array makes things durable in its own way. */
  VaaiLab(Function<StorageArray, Durability> durability) {
    this(ArrayEngine::ephemeral, durability);
  }

  /** A lab whose array lives elsewhere. */
  VaaiLab(
      Function<ArrayOptions, StorageArray> home, Function<StorageArray, Durability> durability) {
    super(home, durability, RecordedLatency::new);
    SplittableRandom random = new SplittableRandom(1);
    HostSessions sessions =
        new HostSessions(
            engine(),
            exports().grants(),
            SessionOptions.of(clock(), random::nextLong),
            Dialect.VAAI_NAS);
    array()
        .addListener(
            new ArrayListener() {
              @Override
              public void restoring() {
                sessions.forgetRequests();
              }

              @Override
              public void changed(Set<Volume> gone, Set<Volume> returned) {}
            });
    wire = new VaaiWire(sessions);
    client = new VaaiClient(wire.client());
  }

  VaaiWire wire() {
    return wire;
  }

  VaaiClient client() {
    return client;
  }

  /** A client of another user. */
  VaaiClient clientOf(long uid) {
    return new VaaiClient(wire.connect(new Credential.Sys(0, "host", uid, uid, List.of())));
  }

  static SessionStartCall startCall(String exportPath) {
    return new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, exportPath, "host", 0);
  }

  SessionId session(String exportPath) {
    return VaaiWire.await(client.startSession(startCall(exportPath))).value().session();
  }

  /** A clone request with an id of its own. */
  CloneCall clone(SessionId session, VaaiFile source, VaaiFile destination, int flags) {
    return CloneCall.within(session, ++lastRequestId, source, destination, flags);
  }

  /** A reservation with an id of its own. */
  ReserveCall reserve(SessionId session, VaaiFile file, ReserveMode mode, long sizeBytes) {
    return new ReserveCall(session, ++lastRequestId, file, mode, sizeBytes);
  }

  /** All bytes that the call answers. */
  String replyBytes(CloneCall call) {
    return wire.reply(VaaiNas.PROC_CLONE, call);
  }

  /** The status that a clone is answered with. */
  VaaiStatus status(CloneCall call) {
    return VaaiWire.await(client.cloneFile(call)).status();
  }

  static String failure(VaaiStatus status, String reason) {
    return VaaiWire.bytes(VaaiReply.failed(status, reason));
  }

  static VaaiFile handleOf(Inode inode) {
    return VaaiFile.byHandle(inode.handle().toBytes());
  }

  @Override
  public void close() {
    wire.close();
    super.close();
  }
}
