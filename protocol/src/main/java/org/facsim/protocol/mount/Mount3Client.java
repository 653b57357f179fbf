/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;

/** A client of MOUNT version 3. No method blocks. */
public final class Mount3Client {
  private static final int VERSION = 3;

  private final RpcCaller rpc;

  /** Makes a client of the server to which {@code rpc} sends calls. */
  public Mount3Client(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  /** NULL: does nothing; shows whether the server answers. */
  public CompletableFuture<Void> ping() {
    return call(Mount.NULL, out -> {}, in -> null);
  }

  /**
   * The handle of an export; fails with {@link MountException} if the server refuses.
   *
   * @param path for example {@code /datastore1}
   */
  public CompletableFuture<Mnt3.Ok> mount(String path) {
    return call(
        Mount.MNT, new Mount.MountPath(path)::encode, in -> Mnt3.Result.decode(in).orThrow());
  }

  /** Which clients have mounted what, as far as the server remembers. */
  public CompletableFuture<MountDump> dump() {
    return call(Mount.DUMP, out -> {}, MountDump::decode);
  }

  /** Makes the server forget one mount of this client. */
  public CompletableFuture<Void> unmount(String path) {
    return call(Mount.UMNT, new Mount.MountPath(path)::encode, in -> null);
  }

  /** Makes the server forget all mounts of this client. */
  public CompletableFuture<Void> unmountAll() {
    return call(Mount.UMNTALL, out -> {}, in -> null);
  }

  /** What can be mounted. */
  public CompletableFuture<MountExports> exports() {
    return call(Mount.EXPORT, out -> {}, MountExports::decode);
  }

  private <T> CompletableFuture<T> call(
      int procedure, Consumer<ByteBuf> arguments, Function<ByteBuf, T> results) {
    return rpc.call(Mount.PROGRAM, VERSION, procedure, arguments, results);
  }
}
