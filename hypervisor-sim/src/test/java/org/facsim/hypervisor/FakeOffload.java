/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/** An array's clone call over {@link InHeapFileService}, which can be told to fail. */
final class FakeOffload implements CloneOffload {
  private final InHeapFileService service;
  HardwareAcceleration acceleration = HardwareAcceleration.complete();
  String failure;
  int calls;

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
  public void close() {}
}
