/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Volume.CreateMode;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/** An array with one volume, and short words for what tests do with it. */
final class Workbench implements AutoCloseable {
  static final long MIB = 1 << 20;
  static final CreateMode UNCHECKED = new CreateMode.Unchecked();
  static final CreateMode GUARDED = new CreateMode.Guarded();

  final TestClock clock = new TestClock();
  final StorageArray array;
  final Volume volume;
  final Inode root;

  Workbench() {
    this(1024 * MIB, 256 * MIB, VolumeLimits.DEFAULT);
  }

  Workbench(long capacityBytes, long volumeBytes, VolumeLimits limits) {
    array = StorageArray.ephemeral(new ArrayOptions(capacityBytes, clock, 42), limits);
    volume = array.createVolume("datastore1", volumeBytes);
    root = volume.root();
  }

  static Caller user(long uid, Long... groups) {
    return new Caller(uid, groups.length == 0 ? uid : groups[0], List.of(groups));
  }

  static Name name(String text) {
    return Name.of(text);
  }

  Inode file(String path) {
    return file(root, path);
  }

  Inode file(Inode directory, String name) {
    return file(Caller.ROOT, directory, name, AttributeChanges.NONE);
  }

  Inode file(Caller caller, Inode directory, String name, AttributeChanges wanted) {
    return volume.create(caller, directory, Name.of(name), GUARDED, wanted).inode();
  }

  Inode directory(String name) {
    return directory(root, name);
  }

  Inode directory(Inode parent, String name) {
    return volume.makeDirectory(Caller.ROOT, parent, Name.of(name), AttributeChanges.NONE).inode();
  }

  Inode lookup(Inode directory, String name) {
    return volume.lookup(Caller.ROOT, directory, Name.of(name));
  }

  Mutation write(Inode file, long offsetBytes, byte[] data) {
    return volume.write(Caller.ROOT, file, offsetBytes, ByteBuffer.wrap(data));
  }

  /** Blocks that each hold their own number's bytes and the salt. */
  Mutation writeBlocks(Inode file, long firstBlock, int blocks, int salt) {
    return write(file, firstBlock * Volume.BLOCK_BYTES, pattern(blocks, salt));
  }

  static byte[] pattern(int blocks, int salt) {
    byte[] data = new byte[blocks * Volume.BLOCK_BYTES];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 31 + i / Volume.BLOCK_BYTES * 7 + salt);
    }
    return data;
  }

  byte[] read(Inode file) {
    return read(file, 0, Math.toIntExact(file.attributes().sizeBytes()));
  }

  byte[] read(Inode file, long offsetBytes, int countBytes) {
    ByteBuffer target = ByteBuffer.allocate(countBytes);
    while (target.hasRemaining()) {
      var result = volume.read(Caller.ROOT, file, offsetBytes + target.position(), target);
      if (result.endOfFile()) {
        break;
      }
    }
    byte[] data = new byte[target.position()];
    target.flip().get(data);
    return data;
  }

  /** The whole directory, in pages. */
  List<DirectoryEntry> list(Inode directory, int pageEntries) {
    List<DirectoryEntry> entries = new ArrayList<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = volume.readDirectory(Caller.ROOT, directory, cookie, pageEntries);
      entries.addAll(page.entries());
      cookie = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).cookie();
    } while (!page.endOfDirectory());
    return entries;
  }

  List<String> names(Inode directory) {
    return list(directory, 7).stream().map(entry -> entry.name().toString()).toList();
  }

  /** The error of an operation that must fail. */
  static ArrayError errorOf(Runnable operation) {
    ArrayException thrown = catchThrowableOfType(ArrayException.class, operation::run);
    return thrown == null ? null : thrown.error();
  }

  /** The error of an operation that must fail and leave everything as it was. */
  ArrayError refusal(Runnable operation) {
    VolumeImage before = VolumeImage.of(this);
    ArrayError error = errorOf(operation);
    VolumeImage.of(this).assertSameAs(before);
    return error;
  }

  void tick() {
    clock.advance(Duration.ofMillis(10));
  }

  @Override
  public void close() {
    array.close();
  }
}
