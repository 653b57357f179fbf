/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/** A client of an array, with short words for what the tests do over the wire. */
final class NfsGuest implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 20;

  private final RpcClient rpc;
  private final Nfs3Client nfs;
  private final Nfs3Handle root;

  NfsGuest(InetSocketAddress address, String export) throws Exception {
    rpc =
        join(
            RpcClient.connect(
                address,
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "guest", 0, 0, List.of()))));
    nfs = new Nfs3Client(rpc);
    root = join(new Mount3Client(rpc).mount(export)).handle();
  }

  private static <T> T join(CompletableFuture<T> answer) throws Exception {
    return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Makes a file in the root unless it is there, and writes one block with unlike bytes. */
  void write(String name, int block) throws Exception {
    byte[] bytes = new byte[4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (block + i);
    }
    Nfs3Handle file =
        join(nfs.create(root, name, new Create3.Unchecked(Sattr3.ofMode(0644)))).handle();
    var unused =
        join(nfs.write(file, block * 4096L, Unpooled.wrappedBuffer(bytes), StableHow.FILE_SYNC));
  }

  @Override
  public void close() {
    rpc.close();
  }
}
