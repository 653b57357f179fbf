/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.access.ExportSyntax;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The directory above all exports. */
class PseudoRootTest {
  private final Door4 door = new Door4();
  private final Volume other = door.array.createVolume("other", 16L << 20);

  @AfterEach
  void close() {
    door.close();
  }

  private void export(Volume volume, String rules) {
    door.exports.export(volume, ExportSyntax.parseRules(rules));
  }

  private List<String> names() {
    Call4.Reply reply =
        Call4.of(0).root().readdir(0, 4096, Attr4.FSID, Attr4.MOUNTED_ON_FILEID).send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
    reply.done(Op4.PUTROOTFH, Op4.READDIR);
    reply.in.skipBytes(Nfs4.VERIFIER_BYTES);
    List<String> names = new ArrayList<>();
    while (reply.in.readInt() == 1) {
      reply.in.readLong();
      names.add(new String(reply.opaque(), UTF_8));
      reply.attributes(Attr4.FSID, Attr4.MOUNTED_ON_FILEID);
    }
    return names;
  }

  private Nfs4Status lookup(String name) {
    return Call4.of(0).root().lookup(name).send(door.rpc).status;
  }

  @Test
  void showsTheExportsThatTheClientMayUse() {
    export(other, "*(rw)");
    assertThat(names()).containsExactly(Door4.VOLUME, "other");
    export(other, "192.0.2.1(rw)");
    assertThat(names()).containsExactly(Door4.VOLUME);
    assertThat(lookup("other")).isEqualTo(Nfs4Status.NOENT);
  }

  @Test
  void hidesAnExportOverAVersionThatItIsNotFor() {
    export(other, "*(rw,vers=3,4.1,4.2)");
    assertThat(names()).containsExactly(Door4.VOLUME);
    assertThat(lookup("other")).isEqualTo(Nfs4Status.NOENT);
    byte[] handle = other.root().handle().toBytes();
    assertThat(Call4.of(0).handle(handle).send(door.rpc).status).isEqualTo(Nfs4Status.ACCESS);
    export(other, "*(rw,vers=4.0)");
    assertThat(lookup("other")).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void cannotBeListedByAClientThatMayUseNothing() {
    export(door.volume, "192.0.2.1(rw)");
    assertThat(Call4.of(0).root().readdir(0, 4096).send(door.rpc).status)
        .isEqualTo(Nfs4Status.ACCESS);
    assertThat(lookup(Door4.VOLUME)).isEqualTo(Nfs4Status.NOENT);
  }

  @Test
  void eachExportIsAFileSystemOfItsOwn() {
    export(other, "*(rw)");
    assertThat(List.of(fsid(), fsid(Door4.VOLUME), fsid("other"))).doesNotHaveDuplicates();
  }

  private long fsid(String... path) {
    Call4 call = Call4.of(0).root();
    List.of(path).forEach(call::lookup);
    Call4.Reply reply = call.getattr(Attr4.FSID).send(door.rpc);
    reply.done(Op4.PUTROOTFH);
    for (int i = 0; i < path.length; i++) {
      reply.done(Op4.LOOKUP);
    }
    reply.done(Op4.GETATTR);
    return reply.attributes(Attr4.FSID).readLong();
  }

  @Test
  void itsChangeAttributeGrowsWhenExportsChange() {
    long before = change();
    export(other, "*(rw)");
    assertThat(change()).isGreaterThan(before);
  }

  private long change() {
    Call4.Reply reply = Call4.of(0).root().getattr(Attr4.CHANGE).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.GETATTR);
    ByteBuf values = reply.attributes(Attr4.CHANGE);
    return values.readLong();
  }

  @Test
  void readOnlyExportRefusesChangesAndSaysSoInAccess() {
    export(door.volume, "*(ro)");
    assertThat(Call4.of(0).root().lookup(Door4.VOLUME).makeDirectory("d").send(door.rpc).status)
        .isEqualTo(Nfs4Status.ROFS);
    Call4.Reply reply =
        Call4.of(0).root().lookup(Door4.VOLUME).access(Nfs4.ACCESS_MODIFY).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.ACCESS);
    assertThat(reply.in.readInt()).isEqualTo(Nfs4.ACCESS_MODIFY);
    assertThat(reply.in.readInt()).isZero();
  }
}
