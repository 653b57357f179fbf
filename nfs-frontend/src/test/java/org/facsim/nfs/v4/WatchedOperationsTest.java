/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.OperationVerdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operations of a COMPOUND, as links of the call chain meet them. */
class WatchedOperationsTest {
  private final Door4 door = new Door4();

  @AfterEach
  void close() {
    door.close();
  }

  /** Notes what it hears, and decides about one procedure. */
  private static final class Link implements CallInterceptor {
    final List<String> heard = new ArrayList<>();
    private final String procedure;
    private final OperationVerdict verdict;

    Link(String procedure, OperationVerdict verdict) {
      this.procedure = procedure;
      this.verdict = verdict;
    }

    @Override
    public OperationVerdict operation(CallRecord call) {
      return call.procedureName().equals(procedure) ? verdict : OperationVerdict.PERFORM;
    }

    @Override
    public void ended(CallRecord call) {
      heard.add(
          "%s %d.%d %s %d"
              .formatted(
                  call.procedureName(),
                  call.version(),
                  call.procedure(),
                  call.name().orElse("-"),
                  call.status().orElse(-1)));
    }
  }

  @Test
  void eachOperationIsACallWithItsNameFileAndStatus() {
    Link link = new Link("", OperationVerdict.PERFORM);
    try (var installed = door.calls.install(link)) {
      assertThat(installed).isNotNull();
      Call4.of(0).root().lookup(Door4.VOLUME).lookup("none").getattr(Attr4.TYPE).send(door.rpc);
    }
    assertThat(link.heard)
        .containsExactly("PUTROOTFH 4.24 - 0", "LOOKUP 4.15 - 0", "LOOKUP 4.15 none 2");
  }

  @Test
  void refusedOperationHasNotHappened() {
    door.file("a");
    Link link = new Link("REMOVE", OperationVerdict.refuse("full", ArrayError.NO_SPACE));
    try (var installed = door.calls.install(link)) {
      assertThat(installed).isNotNull();
      Call4.Reply reply =
          Call4.of(0).root().lookup(Door4.VOLUME).named(Op4.REMOVE, "a").send(door.rpc);
      reply.done(Op4.PUTROOTFH, Op4.LOOKUP).expect(Op4.REMOVE, Nfs4Status.NOSPC);
    }
    assertThat(door.volume.names().lookup(Caller.ROOT, door.volume.root(), Name.of("a")))
        .isNotNull();
  }

  @Test
  void alteredWriteIsShort() {
    door.file("a");
    Link link = new Link("WRITE", OperationVerdict.alter("short", Alteration.atMost(3)));
    try (var installed = door.calls.install(link)) {
      assertThat(installed).isNotNull();
      Call4.Reply reply =
          Call4.of(0)
              .root()
              .lookup(Door4.VOLUME)
              .lookup("a")
              .write(Stateid4.ANONYMOUS, 0, Nfs4.FILE_SYNC, new byte[10])
              .send(door.rpc);
      reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.WRITE);
      assertThat(reply.in.readInt()).isEqualTo(3);
    }
  }
}
