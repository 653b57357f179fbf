/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.Volume.CreateMode;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrayConsoleTest {
  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(ByteSize.GIB, Clock.systemUTC(), 1));
  private final ArrayEvents events = new ArrayEvents(Clock.systemUTC(), 0);
  private final Volume volume = array.createVolume("datastore1", ByteSize.GIB);
  private final Inode vm =
      volume
          .names()
          .makeDirectory(Caller.ROOT, volume.root(), Name.of("vm"), AttributeChanges.NONE)
          .inode();

  @AfterEach
  void close() {
    array.close();
  }

  private Inode file(Inode directory, String name, String text) {
    Inode file =
        volume
            .names()
            .create(
                Caller.ROOT,
                directory,
                Name.of(name),
                new CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode();
    volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(text.getBytes(UTF_8)));
    return file;
  }

  private List<String> names(String directory) {
    Inode inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
    return volume.names().readDirectory(Caller.ROOT, inode, 0, 100).entries().stream()
        .map(entry -> entry.name().toString())
        .toList();
  }

  private String read(String directory, String name) {
    Inode inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
    ByteBuffer bytes = ByteBuffer.allocate(100);
    volume
        .files()
        .read(Caller.ROOT, volume.names().lookup(Caller.ROOT, inode, Name.of(name)), 0, bytes);
    return UTF_8.decode(bytes.flip()).toString();
  }

  @Test
  void aCloneSharesEveryBlockAndLivesItsOwnLife() {
    Inode disk = file(vm, "vm-flat.vmdk", "as it was");
    file(vm, "vm.vmdk", "descriptor");
    long before = array.physicalUsedBytes();

    new ArrayConsole(volume, events).cloneVm("vm", "clone");

    assertThat(array.physicalUsedBytes()).isEqualTo(before);
    volume.files().write(Caller.ROOT, disk, 0, ByteBuffer.wrap("changed! ".getBytes(UTF_8)));
    assertThat(read("clone", "vm-flat.vmdk")).isEqualTo("as it was");
    assertThat(read("vm", "vm-flat.vmdk")).isEqualTo("changed! ");
  }

  @Test
  void locksAndSwapOfARunningVmStayBehind() {
    file(vm, "vm-flat.vmdk", "disk");
    file(vm, ".lck-0100000000000000", "lock");
    file(vm, "vm.vswp", "swap");

    new ArrayConsole(volume, events).cloneVm("vm", "clone");

    assertThat(names("clone")).containsExactly("vm-flat.vmdk");
    assertThat(names("vm")).hasSize(3);
  }
}
