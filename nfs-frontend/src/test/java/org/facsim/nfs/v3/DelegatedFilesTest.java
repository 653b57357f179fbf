/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What NFSv3 does to a file that a client of another door has in its hands. */
class DelegatedFilesTest {
  private record Client(String name) implements LockClient {}

  private static final LockOwner HOLDER = new LockOwner(new Client("holder"), 1);

  private final Door door = new Door();
  private final BlockingQueue<Delegation> recalls = new LinkedBlockingQueue<>();
  private final Nfs3Handle file = made("f");

  private final DelegationHolder holder =
      new DelegationHolder() {
        @Override
        public void recall(Delegation delegation) {
          recalls.add(delegation);
        }

        @Override
        public void revoked(Delegation delegation) {}
      };

  @AfterEach
  void close() {
    door.close();
  }

  private Nfs3Handle made(String name) {
    return Door.join(door.client.create(door.root, name, new Create3.Guarded(Sattr3.ofMode(0640))))
        .handle();
  }

  private void delegate(DelegationKind kind) {
    assertThat(door.holdings.delegations().grant(door.inode(file), kind, HOLDER, holder).join())
        .isNotNull();
  }

  private Delegation recalled() throws InterruptedException {
    return recalls.take();
  }

  /** Runs what waits for no time, or for this time; until there is something. */
  private void runLater(Duration delay) {
    while (true) {
      for (Map.Entry<Duration, Runnable> task : List.copyOf(door.later)) {
        if (task.getKey().equals(delay)) {
          door.later.remove(task);
          task.getValue().run();
          return;
        }
      }
      Thread.onSpinWait();
    }
  }

  /** Every procedure that changes the file f, by handle or by name, and waits. */
  enum Change {
    SETATTR,
    CREATE_UNCHECKED,
    REMOVE,
    RENAME_FROM,
    RENAME_OVER,
    LINK
  }

  private CompletableFuture<? extends Nfs3Result> call(Change change) {
    return switch (change) {
      case SETATTR -> door.client.setAttributes(setSize());
      case CREATE_UNCHECKED ->
          door.client.create(
              new Create3.Args(door.root, Name3.of("f"), new Create3.Unchecked(Sattr3.NONE)));
      case REMOVE -> door.client.remove(new DirOpArgs3(door.root, Name3.of("f")));
      case RENAME_FROM ->
          door.client.rename(new Rename3.Args(door.root, Name3.of("f"), door.root, Name3.of("g")));
      case RENAME_OVER -> {
        made("g");
        yield door.client.rename(
            new Rename3.Args(door.root, Name3.of("g"), door.root, Name3.of("f")));
      }
      case LINK -> door.client.link(new Link3.Args(file, door.root, Name3.of("g")));
    };
  }

  private SetAttr3.Args setSize() {
    return new SetAttr3.Args(file, Sattr3.ofSize(0), null);
  }

  @ParameterizedTest
  @EnumSource
  void aChangeWaitsUntilTheFileIsGivenBack(Change change) throws Exception {
    delegate(DelegationKind.READ);
    CompletableFuture<? extends Nfs3Result> answer = call(change);
    Delegation held = recalled();
    assertThat(answer).isNotDone();
    door.holdings.delegations().giveBack(held);
    runLater(Duration.ZERO);
    assertThat(Door.join(answer).status()).isEqualTo(Nfs3Status.OK);
  }

  @Test
  void aChangeThatWaitsTooLongIsToComeAgainAndChangesNothing() throws Exception {
    delegate(DelegationKind.READ);
    String before = door.picture();
    CompletableFuture<? extends Nfs3Result> answer = call(Change.REMOVE);
    Delegation held = recalled();
    while (door.later.size() < 2) { // the patience, and this call's
      Thread.onSpinWait();
    }
    runLater(Duration.ofSeconds(5));
    runLater(Duration.ZERO);
    assertThat(Door.join(answer).status()).isEqualTo(Nfs3Status.JUKEBOX);
    assertThat(door.picture()).isEqualTo(before);
    assertThat(recalls).as("asked once").isEmpty();
    door.holdings.delegations().giveBack(held);
    assertThat(Door.join(call(Change.REMOVE)).status()).isEqualTo(Nfs3Status.OK);
  }

  @Test
  void aWriteIsToComeAgainBecauseItsDataCannotBeKept() throws Exception {
    delegate(DelegationKind.READ);
    Write3.Args write =
        new Write3.Args(
            file, 0, 3, StableHow.UNSTABLE, io.netty.buffer.Unpooled.wrappedBuffer(new byte[3]));
    assertThat(Door.join(door.client.write(write)).status()).isEqualTo(Nfs3Status.JUKEBOX);
    assertThat(door.attributes(file).sizeBytes()).isZero();
    door.holdings.delegations().giveBack(recalled());
    Write3.Args again =
        new Write3.Args(
            file, 0, 3, StableHow.UNSTABLE, io.netty.buffer.Unpooled.wrappedBuffer(new byte[3]));
    assertThat(Door.join(door.client.write(again)).status()).isEqualTo(Nfs3Status.OK);
  }

  @Test
  void aLookWaitsForAWriterOnly() throws Exception {
    delegate(DelegationKind.READ);
    assertThat(Door.join(door.client.getAttributes(new GetAttr3.Args(file))).status())
        .isEqualTo(Nfs3Status.OK);
    assertThat(readStatus()).isEqualTo(Nfs3Status.OK);
    door.holdings.delegations().release(owner -> true);

    delegate(DelegationKind.WRITE);
    CompletableFuture<GetAttr3.Result> answer = door.client.getAttributes(new GetAttr3.Args(file));
    Delegation held = recalled();
    assertThat(answer).isNotDone();
    assertThat(readStatus()).isEqualTo(Nfs3Status.JUKEBOX);
    door.holdings.delegations().giveBack(held);
    runLater(Duration.ZERO);
    assertThat(Door.join(answer).status()).isEqualTo(Nfs3Status.OK);
    assertThat(readStatus()).isEqualTo(Nfs3Status.OK);
  }

  private Nfs3Status readStatus() {
    return Door.join(door.client.read(new Read3.Args(file, 0, 10), Read3.Result::status));
  }
}
