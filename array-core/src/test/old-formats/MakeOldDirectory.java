/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a data directory, and beside it a listing of what is in it. Runs with the classes of an old commit, see
 * {@code make} beside it: MakeOldDirectory DIRECTORY LISTING [snapshots] [states] [crash].
 */
public final class MakeOldDirectory {
  private static final Volume.CreateMode GUARDED = new Volume.CreateMode.Guarded();
  private static final AtomicLong NOW = new AtomicLong(Instant.parse("2025-11-25T12:00:00Z").getEpochSecond());

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    List<String> with = List.of(arguments).subList(2, arguments.length);
    StorageArray array =
        StorageArray.open(new ArrayOptions(1L << 40, () -> Instant.ofEpochSecond(NOW.getAndIncrement()), 7), directory);
    Volume volume = array.createVolume("datastore1", 1L << 33);
    Volume gone = array.createVolume("gone", 1L << 30);
    Inode root = volume.root();
    Inode disk = file(volume, root, "disk");
    write(disk, 0, noise(30_001));
    write(disk, 1L << 30, noise(5_000));
    volume.punchHole(Caller.ROOT, disk, 8192, 4096);
    Inode clone = volume.cloneAs(Caller.ROOT, disk, root, Name.of("clone"), AttributeChanges.NONE).inode();
    write(clone, 4096, noise(4096));
    write(disk, 20_480, noise(100));
    Inode folder = volume.makeDirectory(Caller.ROOT, root, Name.of("folder"), AttributeChanges.ofMode(0750)).inode();
    // more leaves than a slab of nodes has, and many inodes
    for (int i = 0; i < 300; i++) {
      write(file(volume, folder, "f" + i), 0, words(i + 1, 1));
    }
    for (int i = 0; i < 300; i += 3) {
      volume.remove(Caller.ROOT, folder, Name.of("f" + i));
    }
    // more blocks than a slab of block entries has, of which none takes payload
    Inode large = file(volume, root, "large");
    for (int i = 0; i < 160; i++) {
      write(large, (long) i << 20, words(1000 + i, 256));
    }
    volume.cloneAs(Caller.ROOT, large, folder, Name.of("large-clone"), AttributeChanges.NONE);
    volume.makeSymbolicLink(Caller.ROOT, root, Name.of("link"), "folder/f1".getBytes(StandardCharsets.UTF_8), AttributeChanges.NONE);
    volume.link(Caller.ROOT, disk, folder, Name.of("hard"));
    volume.setAttributes(Caller.ROOT, clone, new AttributeChanges(0640, 17L, 18L, null, AttributeChanges.TimeChange.KEEP, new AttributeChanges.TimeChange.To(1_000_000_007L)), null);
    write(file(gone, gone.root(), "x"), 0, noise(9_000));
    if (with.contains("snapshots")) {
      volume.setExtendedAttribute(Caller.ROOT, disk, "user.a", noise(70), Volume.AttributeMode.EITHER);
      volume.createSnapshot(Caller.ROOT, disk, "first");
      write(disk, 0, noise(4_097));
    }
    if (with.contains("states")) {
      array.getClass().getMethod("saveState", String.class).invoke(array, "before");
      write(disk, 12_288, noise(9_999));
      volume.remove(Caller.ROOT, folder, Name.of("f1"));
      file(volume, folder, "new");
    }
    array.deleteVolume(gone);
    array.createVolume("second", 1L << 30);
    array.awaitReclaim();
    Files.writeString(Path.of(arguments[1]), listing(array));
    if (with.contains("crash")) {
      array.commitIfDurable();
      Runtime.getRuntime().halt(0);
    }
    array.close();
  }

  private static Inode file(Volume volume, Inode directory, String name) {
    return volume.create(Caller.ROOT, directory, Name.of(name), GUARDED, AttributeChanges.NONE).inode();
  }

  private static void write(Inode file, long offset, byte[] bytes) {
    file.volume().write(Caller.ROOT, file, offset, ByteBuffer.wrap(bytes));
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(noise);
    return noise;
  }

  private static byte[] words(long word, int blocks) {
    ByteBuffer bytes = ByteBuffer.allocate(blocks * 4096).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putLong(word * 0x9E3779B97F4A7C15L);
    }
    return bytes.array();
  }

  /** One line for each volume and each name below it, in the order of names. */
  private static String listing(StorageArray array) {
    StringBuilder lines = new StringBuilder("physical " + array.physicalUsedBytes() + "\n");
    for (Volume volume : array.volumes()) {
      lines.append(volume.name()).append(' ').append(volume.sizeBytes()).append('\n');
      list(volume, volume.root(), "", lines);
    }
    return lines.toString();
  }

  private static void list(Volume volume, Inode directory, String path, StringBuilder lines) {
    List<Volume.DirectoryEntry> entries = new ArrayList<>();
    Volume.DirectoryPage page = volume.readDirectory(Caller.ROOT, directory, 0, 100);
    while (true) {
      page.entries().stream().filter(e -> !e.name().isDot() && !e.name().isDotDot()).forEach(entries::add);
      if (page.endOfDirectory()) {
        break;
      }
      page = volume.readDirectory(Caller.ROOT, directory, page.entries().get(page.entries().size() - 1).cookie(), 100);
    }
    for (Volume.DirectoryEntry entry : entries) {
      FileAttributes a = entry.inode().attributes();
      String name = path + "/" + entry.name();
      lines.append(name).append(' ').append(entry.cookie()).append(' ').append(a.type()).append(' ');
      lines.append(Integer.toOctalString(a.mode())).append(' ').append(a.linkCount()).append(' ');
      lines.append(a.uid()).append(' ').append(a.gid()).append(' ').append(a.sizeBytes()).append(' ');
      lines.append(a.changeTimeNanos()).append(' ').append(a.modifyTimeNanos()).append(' ');
      lines.append(a.changeCounter()).append(' ').append(entry.inode().handle()).append(' ');
      lines.append(Integer.toHexString(contents(volume, entry.inode(), a))).append('\n');
      if (a.type() == FileType.DIRECTORY) {
        list(volume, entry.inode(), name, lines);
      }
    }
  }

  private static int contents(Volume volume, Inode inode, FileAttributes attributes) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    if (attributes.type() == FileType.REGULAR) {
      long at = 0;
      while (at < attributes.sizeBytes()) {
        Volume.Seek data = volume.seekData(Caller.ROOT, inode, at);
        if (data.endOfFile()) {
          break;
        }
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        volume.read(Caller.ROOT, inode, data.offsetBytes(), bytes);
        crc.update(ByteBuffer.allocate(8).putLong(data.offsetBytes()).flip());
        crc.update(bytes.flip());
        at = data.offsetBytes() + 4096;
      }
    } else if (attributes.type() == FileType.SYMBOLIC_LINK) {
      crc.update(volume.readLink(Caller.ROOT, inode));
    }
    return (int) crc.getValue();
  }
}
