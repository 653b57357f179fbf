/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/** One connection of a host to an array, with short words for what tests do over it. */
final class NfsHost implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 20;
  static final int BLOCK = 4096;

  final RpcClient rpc;
  final Nfs3Client nfs;
  final Nfs3Handle root;

  NfsHost(InetSocketAddress address, String path) throws Exception {
    rpc =
        RpcClient.connect(
                address,
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "host", 0, 0, List.of())))
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    nfs = new Nfs3Client(rpc);
    root = new Mount3Client(rpc).mount(path).get(TIMEOUT_SECONDS, TimeUnit.SECONDS).handle();
  }

  static <T> T join(CompletableFuture<T> answer) throws Exception {
    return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  Nfs3Handle create(String name) throws Exception {
    return join(nfs.create(root, name, new Create3.Unchecked(Sattr3.ofMode(0644)))).handle();
  }

  static ByteBuf pattern(int value, int bytes) {
    ByteBuf data = Unpooled.buffer(bytes);
    while (data.readableBytes() < bytes) {
      data.writeInt(value * 1000 + data.writerIndex() % 64);
    }
    return data;
  }

  Write3.Ok write(Nfs3Handle file, long offset, int value, int bytes, StableHow how)
      throws Exception {
    return join(nfs.write(file, offset, pattern(value, bytes), how));
  }

  Commit3.Ok commit(Nfs3Handle file) throws Exception {
    return join(nfs.commit(file, 0, 0));
  }

  /** The value with which {@link #write} filled this range; empty if it is not one pattern. */
  Optional<Integer> valueAt(Nfs3Handle file, long offset, int bytes) throws Exception {
    return join(
        nfs.read(
            file,
            offset,
            bytes,
            ok -> {
              ByteBuf data = ok.data();
              if (data.readableBytes() != bytes) {
                return Optional.<Integer>empty();
              }
              int value = data.getInt(data.readerIndex()) / 1000;
              ByteBuf wanted = pattern(value, bytes);
              return wanted.equals(data) ? Optional.of(value) : Optional.<Integer>empty();
            }));
  }

  NlmStatus lock(Nfs3Handle file, boolean reclaim) throws Exception {
    NetObject name = NetObject.of("host".getBytes(StandardCharsets.US_ASCII));
    NlmLock whole = new NlmLock("host", file, name, 1, 0, 0);
    return join(new NlmClient(rpc).lock(new NlmLockArgs(name, false, true, whole, reclaim, 3)))
        .status();
  }

  @Override
  public void close() {
    rpc.close();
  }
}
