/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.calls.Arrival;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FilePathsTest {
  private StorageArray array;
  private Volume volume;

  @BeforeEach
  void open() {
    array = ArrayEngine.ephemeral(new ArrayOptions(1L << 30, InstantSource.system(), 7));
    volume = array.createVolume("ds", 1L << 30);
  }

  @AfterEach
  void close() {
    array.close();
  }

  private Inode directory(Inode in, String name) {
    return volume
        .names()
        .makeDirectory(Caller.ROOT, in, Name.of(name), AttributeChanges.NONE)
        .inode();
  }

  private Inode file(Inode in, String name) {
    return volume
        .names()
        .create(
            Caller.ROOT, in, Name.of(name), new Volume.CreateMode.Guarded(), AttributeChanges.NONE)
        .inode();
  }

  private void rename(Inode from, String name, Inode to, String newName) {
    volume.names().rename(Caller.ROOT, from, Name.of(name), to, Name.of(newName));
  }

  @Test
  void aFileIsFoundWhoeverMadeIt() {
    Inode vm = directory(directory(volume.root(), "lab"), "vm");
    Inode disk = file(vm, "vm-flat.vmdk");
    assertThat(FilePaths.of(disk)).contains("/ds/lab/vm/vm-flat.vmdk");
    assertThat(FilePaths.of(vm)).contains("/ds/lab/vm");
    assertThat(FilePaths.of(volume.root())).contains("/ds");
  }

  @Test
  void aRenameIsSeenAtOnceHoweverItWasMade() {
    Inode lab = directory(volume.root(), "lab");
    Inode vm = directory(lab, "vm");
    Inode disk = file(vm, "a");
    assertThat(FilePaths.of(disk)).contains("/ds/lab/vm/a");
    rename(vm, "a", vm, "b");
    assertThat(FilePaths.of(disk)).contains("/ds/lab/vm/b");
    rename(lab, "vm", volume.root(), "moved");
    assertThat(FilePaths.of(disk)).contains("/ds/moved/b");
    Inode other = file(lab, "other");
    rename(lab, "other", vm, "b"); // replaces the first
    assertThat(FilePaths.of(other)).contains("/ds/moved/b");
    assertThat(FilePaths.of(disk)).isEmpty();
  }

  @Test
  void whatHasNoNameHasNoPath() {
    Inode unnamed = volume.clones().createUnnamed(Caller.ROOT);
    Inode gone = file(volume.root(), "gone");
    volume.names().remove(Caller.ROOT, volume.root(), Name.of("gone"));
    assertThat(FilePaths.of(unnamed)).isEmpty();
    assertThat(FilePaths.of(gone)).isEmpty();
    volume.files().release(unnamed);
  }

  @Test
  void aCallIsAboutTheNameThatItBringsOrAboutItsFile() {
    assertThat(FilePaths.of(call(Door.NFS, "not-there"))).containsExactly("/ds/not-there");
    assertThat(FilePaths.of(call(Door.NFS, null))).containsExactly("/ds");
    assertThat(FilePaths.of(call(Door.VAAI, "/vm/disk"))).containsExactly("/ds/vm/disk");
    assertThat(FilePaths.of(call(Door.VAAI, "vm/disk"))).containsExactly("/ds/vm/disk");
    assertThat(FilePaths.of(call(Door.MOUNT, "/ds"))).containsExactly("/ds");
  }

  private CallRecord call(Door door, String name) {
    Calls calls = new Calls();
    try (Calls.Installed installed = calls.install(new CallInterceptor() {})) {
      assertThat(installed).isNotNull();
      CallRecord call =
          calls.received(
              new Arrival(
                  door,
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                  1,
                  100_003,
                  3,
                  3,
                  "LOOKUP",
                  4,
                  () -> ByteBuffer.allocate(4)));
      call.brings(null, name, null).operation(volume.root(), null, Caller.ROOT);
      return call;
    }
  }
}
