/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.StartedClone;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.ShareReservation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of NFSv4 hold against NFSv3, NLM and VAAI, and the other way round. */
class CrossVersionsTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private final StateDoor door = new StateDoor();
  private final Host anna = Host.ready(door, "anna");
  private final Host bert = Host.ready(door, "bert");

  @AfterEach
  void close() {
    anna.close();
    bert.close();
    door.close();
  }

  private record NlmHost() implements LockClient {}

  private void fill(String name, int blocks) {
    Inode file = door.inode(name);
    byte[] bytes = name.repeat(blocks * BLOCK / name.length() + 1).getBytes(UTF_8);
    door.volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(bytes, 0, blocks * BLOCK));
  }

  private Answer.Opened delegated(String name) {
    anna.close(anna.create(name));
    Answer.Opened opened = anna.open(Ops.wish(name).access(Ops.BOTH | Ops.WANT_WRITE));
    assertThat(opened.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);
    return opened;
  }

  private void giveBack(Answer.Opened opened) {
    anna.call(Ops.at(opened.handle).add(Op4.DELEGRETURN, out -> opened.delegated.encode(out)))
        .sequence()
        .handle()
        .ok(Op4.DELEGRETURN);
  }

  /** SHARE of NLM and OPEN of NFSv4 are in one table. */
  @Test
  void sharesOfNlmAndOpensOfNfs4DenyEachOther() {
    anna.close(anna.create("f"));
    Inode file = door.inode("f");
    LockOwner nlm = new LockOwner(new NlmHost(), 1);
    ShareReservation denies = new ShareReservation(ShareReservation.READ, ShareReservation.WRITE);
    assertThat(door.holdings.opens().open(file, nlm, denies))
        .isInstanceOf(LockOutcome.Granted.class);
    assertThat(anna.openStatus(Ops.wish("f"))).isEqualTo(Nfs4Status.SHARE_DENIED);
    door.holdings.opens().close(file, nlm);
    anna.open(Ops.wish("f").deny(Ops.BOTH));
    assertThat(door.holdings.opens().open(file, nlm, denies))
        .isInstanceOf(LockOutcome.Denied.class);
  }

  /** ADR 62: NFSv3 opens nothing, so nothing tells whose a WRITE is. */
  @Test
  void denialsOfNfs4StopNfs4AndNotNfs3() {
    Answer.Opened alone = anna.open(Ops.wish("f").create(OpenArgs.UNCHECKED).deny(Ops.BOTH));
    Ops unopened = Ops.at(alone.handle).writeData(Stateid4.ANONYMOUS, "x");
    assertThat(bert.call(unopened).status).isEqualTo(Nfs4Status.LOCKED);
    Nfs3Client old = new Nfs3Client(bert.rpc);
    ByteBuf data = Unpooled.copiedBuffer("x", UTF_8);
    Write3.Ok written = old.write(Nfs3Handle.of(alone.handle), 0, data, StableHow.FILE_SYNC).join();
    assertThat(written.countBytes()).isEqualTo(1);
    assertThat(door.inode("f").attributes().sizeBytes()).isEqualTo(1);
  }

  @Test
  void aCloneOfNfs4WaitsForTheDelegationOfAnother() throws InterruptedException {
    Answer.Opened source = delegated("source");
    fill("source", 2);
    Answer.Opened into = bert.create("into");
    bert.minor = 2;
    CompletableFuture<Answer> waits =
        bert.later(
            Ops.at(source.handle)
                .op(Op4.SAVEFH)
                .add(Op4.PUTFH, out -> Xdr.writeOpaque(out, into.handle))
                .add(
                    Op4.CLONE,
                    out -> {
                      Stateid4.ANONYMOUS.encode(out);
                      into.stateid.encode(out);
                      out.writeLong(0).writeLong(0).writeLong(0);
                    }));
    assertThat(anna.callbacks.next().stateid()).isEqualTo(source.delegated);
    assertThat(waits).isNotDone();
    giveBack(source);
    assertThat(waits.join().status).isEqualTo(Nfs4Status.OK);
    assertThat(door.inode("into").attributes().sizeBytes()).isEqualTo(2L * BLOCK);
  }

  @Test
  void aCloneOfVaaiWaitsForADelegationOfNfs4() throws InterruptedException {
    Answer.Opened into = delegated("into");
    bert.close(bert.create("source"));
    fill("source", 2);
    InetSocketAddress esx = new InetSocketAddress(InetAddress.getLoopbackAddress(), 700);
    Initiator initiator =
        new Initiator("127.0.0.1", Dialect.VAAI_NAS, door.grants.toExport("/v", esx, Caller.ROOT));
    StartedClone clone =
        door.offload.startClone(
            CloneOrder.within(
                initiator, FileRef.byPath("source"), FileRef.byPath("into"), CloneOptions.NONE));
    assertThat(anna.callbacks.next().stateid()).isEqualTo(into.delegated);
    assertThat(door.offload.job(clone.jobId()).state()).isEqualTo(JobState.QUEUED);
    assertThat(door.inode("into").attributes().sizeBytes()).isZero();
    giveBack(into);
    assertThat(clone.end().join().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(door.inode("into").attributes().sizeBytes()).isEqualTo(2L * BLOCK);
  }
}
