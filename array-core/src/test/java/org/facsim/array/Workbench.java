/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.facsim.array.Volume.CreateMode;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeLimits;

/** An array with one volume, and short words for what tests do with it. */
public final class Workbench implements AutoCloseable {
  public static final long MIB = 1 << 20;
  static final CreateMode UNCHECKED = new CreateMode.Unchecked();
  public static final CreateMode GUARDED = new CreateMode.Guarded();

  final TestClock clock = new TestClock();
  private final ArrayOptions options;
  private final VolumeLimits limits;
  private SimulatedDisk disk;
  public ArrayEngine array;
  public Volume volume;
  public Inode root;

  public Workbench() {
    this(1024 * MIB, 256 * MIB, VolumeLimits.DEFAULT);
  }

  /** With so much metadata at most. */
  public Workbench(long metadataBytes) {
    disk = null;
    limits = VolumeLimits.DEFAULT;
    options = new ArrayOptions(1024 * MIB, clock, 42, OptionalLong.of(metadataBytes));
    array = ArrayEngine.ephemeral(options, limits);
    volume = array.createVolume("datastore1", 256 * MIB);
    root = volume.root();
  }

  public Workbench(long capacityBytes, long volumeBytes, VolumeLimits limits) {
    this(capacityBytes, volumeBytes, limits, null);
  }

  /**
   * @param disk where the array lives, with groups committed by hand; null for one in memory
   */
  public Workbench(long capacityBytes, long volumeBytes, VolumeLimits limits, SimulatedDisk disk) {
    this.disk = disk;
    this.limits = limits;
    options = new ArrayOptions(capacityBytes, clock, 42);
    array =
        disk == null
            ? ArrayEngine.ephemeral(options, limits)
            : ArrayEngine.open(options, limits, disk, false);
    volume = array.createVolume("datastore1", volumeBytes);
    root = volume.root();
  }

  /** The array dies with the power of its host, and is opened again. */
  void failPower() {
    array.abandon();
    disk = disk.afterPowerFailure();
    reopen();
  }

  /** The array is closed in order, and is opened again. */
  void restart() {
    array.close();
    disk = disk.afterPowerFailure();
    reopen();
  }

  /** Another array, on what would be found if the power failed now. */
  Workbench copyAfterPowerFailure() {
    return new Workbench(this, disk.afterPowerFailure());
  }

  private Workbench(Workbench other, SimulatedDisk disk) {
    this.disk = disk;
    options = other.options;
    limits = other.limits;
    reopen();
  }

  private void reopen() {
    array = ArrayEngine.open(options, limits, disk, false);
    volume = array.volume("datastore1").orElseThrow();
    root = volume.root();
  }

  /** What a recount of everything finds wrong. */
  List<String> audit() {
    return ArrayAudit.of(array);
  }

  public static Caller user(long uid, Long... groups) {
    return new Caller(uid, groups.length == 0 ? uid : groups[0], List.of(groups));
  }

  static Name name(String text) {
    return Name.of(text);
  }

  public Inode file(String path) {
    return file(root, path);
  }

  public Inode file(Inode directory, String name) {
    return file(Caller.ROOT, directory, name, AttributeChanges.NONE);
  }

  public Inode file(Caller caller, Inode directory, String name, AttributeChanges wanted) {
    return volume.names().create(caller, directory, Name.of(name), GUARDED, wanted).inode();
  }

  public Inode directory(String name) {
    return directory(root, name);
  }

  public Inode directory(Inode parent, String name) {
    return volume
        .names()
        .makeDirectory(Caller.ROOT, parent, Name.of(name), AttributeChanges.NONE)
        .inode();
  }

  Inode lookup(Inode directory, String name) {
    return volume.names().lookup(Caller.ROOT, directory, Name.of(name));
  }

  Mutation write(Inode file, long offsetBytes, byte[] data) {
    return volume.files().write(Caller.ROOT, file, offsetBytes, ByteBuffer.wrap(data));
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
      var result = volume.files().read(Caller.ROOT, file, offsetBytes + target.position(), target);
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
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, pageEntries);
      entries.addAll(page.entries());
      cookie = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).cookie();
    } while (!page.endOfDirectory());
    return entries;
  }

  List<String> names(Inode directory) {
    return list(directory, 7).stream().map(entry -> entry.name().toString()).toList();
  }

  /** As the array itself knows it. */
  static VolumeInode inner(Inode inode) {
    return (VolumeInode) inode;
  }

  static OpenVolume inner(Volume volume) {
    return (OpenVolume) volume;
  }

  /** The error of an operation that must fail. */
  public static ArrayError errorOf(Runnable operation) {
    ArrayException thrown = catchThrowableOfType(ArrayException.class, operation::run);
    return thrown == null ? null : thrown.error();
  }

  /** The error of an operation that must fail and leave everything as it was. */
  ArrayError refusal(Runnable operation) {
    SeenVolume before = SeenVolume.of(this);
    ArrayError error = errorOf(operation);
    SeenVolume.of(this).assertSameAs(before);
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
