/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.OffloadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the array reserve a disk's space. If the array cannot, the disk stays thin and the task goes
 * on, as with the public plugin. Only a full datastore fails the task. The array's OK alone does
 * not count: the answer says how many bytes it guarantees.
 */
final class ThickProvisioning {
  private static final Logger log = LoggerFactory.getLogger(ThickProvisioning.class);

  private ThickProvisioning() {}

  /**
   * Has the space of a data file reserved; the file already has its full size.
   *
   * @throws DatastoreException DISK_FULL
   */
  static DiskProvisioning provide(
      Datastore datastore, DatastoreFile flat, DiskFormat format, long sizeBytes) {
    if (format == DiskFormat.THIN) {
      return DiskProvisioning.asAsked(format);
    }
    DiskProvisioning provisioning = reserve(datastore, flat, format, sizeBytes);
    provisioning.flag().ifPresent(flag -> log.warn("{}: {}", flat.path(), flag));
    return provisioning;
  }

  private static DiskProvisioning reserve(
      Datastore datastore, DatastoreFile flat, DiskFormat format, long sizeBytes) {
    if (!datastore.hardwareAcceleration().reserveSpace()) {
      return DiskProvisioning.staysThin(format, "the array does not reserve space");
    }
    try {
      long reservedBytes =
          datastore.reserveSpace(flat, format == DiskFormat.THICK_EAGER_ZEROED, sizeBytes);
      return reservedBytes >= sizeBytes
          ? DiskProvisioning.asAsked(format)
          : DiskProvisioning.staysThin(
              format,
              "the array said OK and reserved %d of %d bytes".formatted(reservedBytes, sizeBytes));
    } catch (OffloadException e) {
      return DiskProvisioning.staysThin(
          format, "the array did not reserve space (%s)".formatted(e.getMessage()));
    }
  }
}
