/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/** A client of volume {@code v} that asks for little, and must be served whatever others do. */
final class GoodClient implements AutoCloseable {
  private static final int MIB = 1 << 20;

  private final FacsimServer server;
  private final RpcClient rpc;
  final Nfs3Client nfs;
  final Nfs3Handle root;

  GoodClient(FacsimServer server) throws Exception {
    this.server = server;
    rpc =
        RpcClient.connect(
                server.address(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "good", 0, 0, List.of())))
            .get(10, TimeUnit.SECONDS);
    root = new Mount3Client(rpc).mount("/v").get(10, TimeUnit.SECONDS).handle();
    nfs = new Nfs3Client(rpc);
  }

  /** A GETATTR within a second. */
  void assertServed() throws Exception {
    try {
      nfs.getAttributes(root).get(1, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("a good client waits for longer than a second", e);
    }
  }

  /** Everything: a file is made, written, read and removed, HTTP answers, a new client gets in. */
  void assertWorks() throws Exception {
    Nfs3Handle file =
        nfs.create(root, "works", new Create3.Guarded(Sattr3.NONE))
            .get(10, TimeUnit.SECONDS)
            .handle();
    try (GoodClient another = new GoodClient(server)) {
      another
          .nfs
          .write(file, 0, Unpooled.wrappedBuffer(new byte[MIB]), StableHow.FILE_SYNC)
          .get(10, TimeUnit.SECONDS);
      another.nfs.remove(root, "works").get(10, TimeUnit.SECONDS);
    }
    assertThat(httpStatus()).isEqualTo(200);
    assertServed();
  }

  int httpStatus() throws IOException {
    HttpURLConnection http =
        (HttpURLConnection)
            URI.create("http://" + server.httpAddress() + "/api/v1/array").toURL().openConnection();
    http.setReadTimeout(10_000);
    try {
      return http.getResponseCode();
    } finally {
      http.disconnect();
    }
  }

  @Override
  public void close() {
    rpc.close();
  }
}
