/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.rpc.RpcCaller;

/**
 * What a mount does in the words of one version of NFS. {@link NfsMount} decides when. Methods that
 * return no future block until they are done, and throw {@link DatastoreException}s.
 */
interface MountProtocol extends AutoCloseable {
  /** The files; the same object for as long as this one is used. */
  FileService service();

  /** The connections, which are the same ones for as long as this one is used. */
  DatastoreConnections connections();

  /** Carries the calls of the host to other programs of the server. */
  default RpcCaller ofHost() {
    return connections().ofHost();
  }

  /** On this, time waits for answers: {@link org.facsim.hypervisor.time.HostTime#expect}. */
  default Object path() {
    return connections();
  }

  default int connectionCount() {
    return connections().count();
  }

  /**
   * The server does not let the host mount.
   *
   * @param status in the protocol's words
   */
  static DatastoreException denied(
      MountOptions options, DatastoreError error, Object status, Throwable refusal) {
    return new DatastoreException(
        error,
        "the mount request of %s was denied by the NFS server: %s"
            .formatted(options.export(), status),
        refusal);
  }

  /** Opens or ends connections while the mount works. */
  void setConnections(int count);

  /**
   * Mounts once more what was closed. As soon as the server has answered on new connections, what
   * it was silent for before is forgotten: otherwise the calls that follow would fail at once.
   */
  void mountAgain(int connectionCount);

  /** Asks for the root of the export again, over the connections that there are. */
  void askForRootAgain();

  /**
   * Asks whether the server answers, once.
   *
   * @return whether the export is gone; fails if there is no answer
   */
  CompletableFuture<Boolean> heartbeat();

  /** Fails all calls under way that are not I/O of a VM: the APD timer has run out. */
  void giveUpCallsOfHost();

  /** Tells a server that answers; waits for a moment only, and a failure changes nothing. */
  void sayUnmounted();

  /** Ends all connections without a word; calls under way fail. */
  @Override
  void close();
}
