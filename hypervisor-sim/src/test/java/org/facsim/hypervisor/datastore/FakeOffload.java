/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** An array's clone call over {@link InHeapFileService}, which can be told to fail. */
public final class FakeOffload implements CloneOffload {
  private final InHeapFileService service;
  public HardwareAcceleration acceleration = HardwareAcceleration.complete();
  public String failure;
  public int calls;
  public int reservations;

  /** What a reservation answers; as asked if null. */
  public Long reservedBytes;

  /** What the array says is allocated; as the attributes say if null. */
  public Long allocatedBytes;

  FakeOffload(InHeapFileService service) {
    this.service = service;
  }

  @Override
  public HardwareAcceleration acceleration() {
    return acceleration;
  }

  @Override
  public void cloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    calls++;
    service.cloneFile(source.ref(), destination.ref());
    if (failure != null) {
      throw new OffloadException(failure);
    }
  }

  @Override
  public long reserveSpace(DatastoreFile file, boolean eagerly, long sizeBytes) {
    reservations++;
    if (failure != null) {
      throw new OffloadException(failure);
    }
    return reservedBytes == null ? sizeBytes : reservedBytes;
  }

  @Override
  public Space extendedStatistics(DatastoreFile file) {
    if (failure != null) {
      throw new OffloadException(failure);
    }
    FileService.SizeAndUse attributes = file.sizeAndUse();
    long allocated = allocatedBytes == null ? attributes.usedBytes() : allocatedBytes;
    return new Space(attributes.sizeBytes(), allocated, 0);
  }

  @Override
  public void close() {}
}
