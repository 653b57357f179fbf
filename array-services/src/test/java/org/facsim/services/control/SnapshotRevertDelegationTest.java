/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients hold is given back before a directory goes back to a snapshot, and only that. */
class SnapshotRevertDelegationTest {
  private record Client(String name) implements LockClient {}

  private static final LockOwner HOLDER = new LockOwner(new Client("holder"), 1);

  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, () -> Instant.EPOCH, 1));
  private final Volume volume = array.createVolume("ds", 1L << 30);
  private final Delegations delegations = Holdings.ofNobody().delegations();
  private final List<String> atRecall = new ArrayList<>();

  @AfterEach
  void close() {
    array.close();
  }

  private Inode file(Inode directory, String name, char content) {
    Inode file =
        volume
            .names()
            .create(
                Caller.ROOT,
                directory,
                Name.of(name),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.ofMode(0644))
            .inode();
    write(file, content);
    return file;
  }

  private void write(Inode file, char content) {
    var unused =
        volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(new byte[] {(byte) content}));
  }

  private char contentOf(Inode file) {
    ByteBuffer read = ByteBuffer.allocate(1);
    var unused = volume.files().read(Caller.ROOT, file, 0, read);
    return (char) read.get(0);
  }

  private void delegate(Inode file, String name) {
    DelegationHolder holder =
        new DelegationHolder() {
          @Override
          public void recall(Delegation delegation) {
            atRecall.add(name + " " + contentOf(file));
            delegations.giveBack(delegation);
          }

          @Override
          public void revoked(Delegation delegation) {}
        };
    assertThat(delegations.grant(file, DelegationKind.WRITE, HOLDER, holder).join()).isNotNull();
  }

  @Test
  void delegationsAreRecalledBeforeAnythingChanges() {
    Inode vm =
        volume
            .names()
            .makeDirectory(Caller.ROOT, volume.root(), Name.of("vm"), AttributeChanges.ofMode(0755))
            .inode();
    Inode disk = file(vm, "disk", 'a');
    Inode elsewhere = file(volume.root(), "elsewhere", 'x');
    Snapshot snapshot = volume.snapshots().create(Caller.ROOT, vm, "clean");
    write(disk, 'b');
    Inode added = file(vm, "added", 'c');
    delegate(disk, "disk");
    delegate(added, "added");
    delegate(elsewhere, "elsewhere");

    assertThat(new SnapshotRevert(volume, snapshot).run(delegations)).isEqualTo("vm");

    assertThat(atRecall).containsExactlyInAnyOrder("disk b", "added c");
    assertThat(contentOf(disk)).isEqualTo('a');
    assertThat(delegations.isEmpty()).as("that of another file").isFalse();
  }
}
