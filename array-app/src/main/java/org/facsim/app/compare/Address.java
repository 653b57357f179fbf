/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/**
 * Where a server is.
 *
 * @param nfs of NFS
 * @param mountPort of MOUNT; that of NFS, if MOUNT is served there
 * @param lockPort of NLM; 0 for none, and then NFSv3 is compared without locks
 * @param export for example {@code /data}
 */
public record Address(InetSocketAddress nfs, int mountPort, int lockPort, String export) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The users of the two clients: root, and one who owns nothing at first. */
  private static final List<Credential.Sys> USERS =
      List.of(
          new Credential.Sys(0, "facsim-compare-a", 0, 0, List.of()),
          new Credential.Sys(0, "facsim-compare-b", 1000, 1000, List.of(1001L)));

  static final int CLIENTS = 2;

  /**
   * The address of a server.
   *
   * @param exportOrNull null for the first that MOUNT lists
   * @throws CompareException if MOUNT is asked and lists none
   */
  public static Address of(
      InetSocketAddress nfs, int mountPort, int lockPort, String exportOrNull) {
    Address address = new Address(nfs, mountPort, lockPort, exportOrNull);
    return exportOrNull != null
        ? address
        : new Address(nfs, mountPort, lockPort, address.firstExport());
  }

  /** The same server, without locks over NFSv3. */
  public Address withoutLocks() {
    return new Address(nfs, mountPort, 0, export);
  }

  private String firstExport() {
    try (RpcClient rpc = connect(0, mountPort)) {
      return new Mount3Client(rpc)
          .exports().join().lines().stream()
              .findFirst()
              .orElseThrow(() -> new CompareException(nfs + " lists no export"))
              .path();
    } catch (CompletionException e) {
      throw new CompareException(
          "%s does not tell its exports: %s; name one behind the port".formatted(nfs, reason(e)),
          e);
    }
  }

  RpcClient connect(int client) {
    return connect(client, nfs.getPort());
  }

  RpcClient connect(int client, int port) {
    InetSocketAddress where = new InetSocketAddress(nfs.getAddress(), port);
    try {
      return RpcClient.connect(
              where,
              RpcClientOptions.defaults()
                  .withCredential(USERS.get(client))
                  .withTimeouts(Duration.ofSeconds(10), LIMIT))
          .join();
    } catch (CompletionException e) {
      throw new CompareException("cannot connect to " + where + ": " + reason(e), e);
    }
  }

  /** The handle of the export, by MOUNT. */
  Nfs3Handle mount() {
    try (RpcClient rpc = connect(0, mountPort)) {
      return new Mount3Client(rpc).mount(export).join().handle();
    } catch (CompletionException e) {
      throw new CompareException(this + " cannot be mounted: " + reason(e), e);
    }
  }

  static String reason(CompletionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  @Override
  public String toString() {
    return nfs.getHostString() + ":" + nfs.getPort() + export;
  }
}
