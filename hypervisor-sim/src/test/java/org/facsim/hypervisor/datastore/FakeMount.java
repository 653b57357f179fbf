/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** A datastore over files in the heap, on an array that clones them. */
public final class FakeMount {
  public final InHeapFileService files = new InHeapFileService();
  public final FakeOffload offload = new FakeOffload(files);
  public final Datastore datastore = new Datastore("ds", "array", "/datastore1", files, offload);
}
