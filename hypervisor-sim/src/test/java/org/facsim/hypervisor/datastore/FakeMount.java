/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import org.facsim.hypervisor.time.HostTime;

/** A datastore over files in the heap, on an array that clones them. */
public final class FakeMount {
  private static final MountOptions OPTIONS =
      MountOptions.of("ds", InetSocketAddress.createUnresolved("array", 2049), "/datastore1");

  public final InHeapFileService files;
  public final FakeOffload offload;
  public final HostSide host;
  public final Datastore datastore;

  public FakeMount() {
    this(HostTime.system());
  }

  public FakeMount(HostTime time) {
    this(HostSide.of("esx1", time, Patience.ESXI), OPTIONS);
  }

  FakeMount(HostSide host, MountOptions options) {
    this(host, options, new InHeapFileService());
  }

  private FakeMount(HostSide host, MountOptions options, InHeapFileService files) {
    this.host = host;
    this.files = files;
    this.offload = new FakeOffload(files);
    this.datastore = new Datastore(options, "array", host, files, offload, this::status);
  }

  /** The same files, mounted by another host. */
  public FakeMount on(String hostName, HostTime time) {
    return new FakeMount(HostSide.of(hostName, time, Patience.ESXI), OPTIONS, files);
  }

  private DatastoreStatus status() {
    return new DatastoreStatus(
        OPTIONS.label(),
        OPTIONS.server(),
        OPTIONS.export(),
        true,
        PathState.ACCESSIBLE,
        OPTIONS.readOnly(),
        1,
        datastore.accelerationStatus());
  }
}
