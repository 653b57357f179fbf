/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/** Makes the files of new disks. */
final class NewDisk {
  private NewDisk() {}

  /**
   * Makes the files of an empty disk: first the data file at its full size (and has its space
   * reserved for a thick disk), then the descriptor.
   *
   * @param format the format to ask for; {@link VirtualDisk#provisioning} tells what the array
   *     provided
   * @param contents what the disk will hold once it is filled; empty for a new disk
   * @param contentsKnown whether that is complete
   * @throws DatastoreException DISK_FULL and others
   */
  static VirtualDisk create(
      Datastore datastore,
      String directory,
      String stem,
      DiskFormat format,
      DiskContents contents,
      boolean contentsKnown,
      RandomGenerator random) {
    String flatName = stem + "-flat.vmdk";
    String path = Datastore.join(directory, stem + ".vmdk");
    DatastoreFile flat = datastore.create(Datastore.join(directory, flatName));
    DiskLayer base = new DiskLayer(path, DiskLayer.Kind.BASE, null, null, flat);
    flat.setSizeBytes(contents.capacityBytes());
    DiskProvisioning provisioning =
        ThickProvisioning.provide(datastore, flat, format, contents.capacityBytes());
    DiskDescriptor descriptor =
        DiskDescriptor.base(
            DiskDescriptor.NEVER_WRITTEN,
            contents.capacityBytes(),
            flatName,
            VmFiles.diskUuid(random),
            provisioning.got() == DiskFormat.THIN);
    datastore.writeText(path, descriptor.toText());
    return new VirtualDisk(
        datastore,
        directory,
        stem,
        format,
        new SplittableRandom(random.nextLong()),
        new DiskState(
            contents.capacityBytes(),
            provisioning,
            DiskLayers.of(List.of(base)),
            path,
            contents,
            contentsKnown));
  }
}
