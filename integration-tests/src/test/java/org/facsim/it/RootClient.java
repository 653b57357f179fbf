/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;

/** A connection of root's to a server: what tests set up, or ask, beside the client under test. */
public final class RootClient implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final RpcClient rpc;
  private long lastRequestId;

  private RootClient(RpcClient rpc) {
    this.rpc = rpc;
  }

  public static RootClient connect(InetSocketAddress server)
      throws InterruptedException, ExecutionException, TimeoutException {
    RpcClientOptions asRoot =
        RpcClientOptions.defaults()
            .withCredential(new Credential.Sys(0, "facsim-it", 0, 0, List.of()));
    return new RootClient(
        RpcClient.connect(server, asRoot).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  public Nfs3Client nfs() {
    return new Nfs3Client(rpc);
  }

  public VaaiClient vaai() {
    return new VaaiClient(rpc);
  }

  /** The handle of an export's root. */
  public Nfs3Handle mount(String export)
      throws InterruptedException, ExecutionException, TimeoutException {
    return new Mount3Client(rpc).mount(export).get(PATIENCE_SECONDS, TimeUnit.SECONDS).handle();
  }

  /** A session as a host's plugin would start it. */
  public SessionId startSession(String export)
      throws InterruptedException, ExecutionException, TimeoutException {
    SessionStartCall call =
        new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, export, "facsim-it", 0);
    return new VaaiClient(rpc)
        .startSession(call)
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .value()
        .session();
  }

  /** Full clone into a file that exists and has the source's size. The job must succeed. */
  public CloneJob cloneFile(SessionId session, String source, String destination)
      throws InterruptedException, ExecutionException, TimeoutException {
    CloneCall call =
        CloneCall.within(
            session, ++lastRequestId, VaaiFile.byPath(source), VaaiFile.byPath(destination), 0);
    CloneJob job =
        new VaaiClient(rpc).cloneFile(call).get(PATIENCE_SECONDS, TimeUnit.SECONDS).value();
    if (job.state() != JobState.SUCCEEDED) {
      throw new AssertionError("the clone of " + source + " did not succeed: " + job);
    }
    return job;
  }

  @Override
  public void close() {
    rpc.close();
  }
}
