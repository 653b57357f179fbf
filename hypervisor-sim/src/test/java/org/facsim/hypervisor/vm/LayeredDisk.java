/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/** A disk with redo logs in a directory of a datastore, and what each of its states must hold. */
final class LayeredDisk {
  private static final int SECTOR_BYTES = 512;

  final Datastore datastore;
  final String directory;
  final long capacityBytes;
  private final DatastoreFile flat;
  private final SplittableRandom random;
  private final Map<String, RedoLog> logs = new HashMap<>();

  /** What a reader of a descriptor must find, by the descriptor's name. */
  final Map<String, byte[]> contents = new HashMap<>();

  LayeredDisk(Datastore datastore, String directory, long capacityBytes, long seed) {
    this.datastore = datastore;
    this.directory = directory;
    this.capacityBytes = capacityBytes;
    this.random = new SplittableRandom(seed);
    datastore.makeDirectory(directory);
    flat = datastore.create(directory + "/base-flat.vmdk");
    byte[] bytes = new byte[(int) capacityBytes];
    for (int i = 0; i < 8; i++) {
      int start = random.nextInt(bytes.length);
      Arrays.fill(bytes, start, Math.min(bytes.length, start + 100_000), (byte) (101 + i));
    }
    flat.writeStable(0, bytes);
    DiskDescriptor descriptor =
        DiskDescriptor.base(1, capacityBytes, "base-flat.vmdk", "60 00 C2 9f", true);
    datastore.writeText(directory + "/base.vmdk", descriptor.toText());
    contents.put("base.vmdk", bytes);
  }

  /** Makes {@code name.vmdk} on a parent. */
  RedoLog log(RedoLogFormat format, String name, String parentName) {
    ChainLink parent = ChainLink.read(datastore, directory + "/" + parentName);
    DatastoreFile file = datastore.create(directory + "/" + name + format.suffix());
    RedoLog log =
        RedoLog.create(format, file, DiskChain.open(datastore, directory + "/" + parentName));
    datastore.writeText(
        directory + "/" + name + ".vmdk",
        DiskDescriptor.redoLog(
                random.nextInt(1 << 20),
                parent.descriptor(),
                parentName,
                format.extentType(),
                name + format.suffix())
            .toText());
    contents.put(name + ".vmdk", contents.get(parentName).clone());
    logs.put(name + ".vmdk", log);
    return log;
  }

  /** Writes and trims at random, the end of the disk included. */
  void change(String name, int steps) {
    byte[] model = contents.get(name);
    int sectors = model.length / SECTOR_BYTES;
    for (int step = 0; step < steps; step++) {
      int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 2500 : 24);
      int start = random.nextInt(10) == 0 ? sectors - count : random.nextInt(sectors - count + 1);
      DiskRange range = new DiskRange((long) start * SECTOR_BYTES, (long) count * SECTOR_BYTES);
      if (random.nextInt(5) == 0) {
        Optional<DiskRange> done = logs.get(name).trim(range);
        if (done.isPresent()) {
          Arrays.fill(model, (int) done.get().offsetBytes(), (int) done.get().endBytes(), (byte) 0);
        }
      } else {
        byte[] data = new byte[count * SECTOR_BYTES];
        Arrays.fill(data, (byte) (1 + random.nextInt(100)));
        ByteBuf buffer = Unpooled.wrappedBuffer(data);
        logs.get(name).write(range.offsetBytes(), buffer);
        buffer.release();
        System.arraycopy(data, 0, model, (int) range.offsetBytes(), data.length);
      }
    }
  }

  List<String> descriptors() {
    return contents.keySet().stream().sorted().toList();
  }
}
