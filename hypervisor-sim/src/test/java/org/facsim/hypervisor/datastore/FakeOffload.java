/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
  public void fastCloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    cloneFile(sourceDatastore, source, destination, progress);
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

  /** What was unmapped, call by call. */
  public final List<List<FileRange>> unmaps = Collections.synchronizedList(new ArrayList<>());

  /** What an UNMAP answers; as if the array were done if null. */
  public CompletableFuture<UnmappedSpace> unmapAnswer;

  public UnmapGranularity granularity = new UnmapGranularity(4096, 256);

  @Override
  public UnmapGranularity unmapGranularity(DatastoreFile file) {
    if (granularity == null) {
      throw new OffloadException("NOTSUPP");
    }
    return granularity;
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(DatastoreFile file, List<FileRange> ranges) {
    unmaps.add(ranges);
    long bytes = ranges.stream().mapToLong(FileRange::lengthBytes).sum();
    return unmapAnswer == null
        ? CompletableFuture.completedFuture(new UnmappedSpace(bytes, bytes))
        : unmapAnswer;
  }

  @Override
  public void close() {}
}
