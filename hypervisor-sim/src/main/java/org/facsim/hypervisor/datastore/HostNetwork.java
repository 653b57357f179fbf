/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcTransport;

/**
 * The threads that carry the NFS traffic of hosts. Any number of hosts may share one network; the
 * code that starts it closes it, after its hosts.
 */
public final class HostNetwork implements AutoCloseable {
  private final RpcEventLoops loops;

  private HostNetwork(RpcEventLoops loops) {
    this.loops = loops;
  }

  /**
   * Starts the threads.
   *
   * @param threads 1 and more
   * @param name of the threads
   */
  public static HostNetwork start(int threads, String name) {
    return new HostNetwork(RpcEventLoops.start(RpcTransport.AUTOMATIC, threads, name + "-nfs"));
  }

  RpcEventLoops loops() {
    return loops;
  }

  @Override
  public void close() {
    loops.close();
  }
}
