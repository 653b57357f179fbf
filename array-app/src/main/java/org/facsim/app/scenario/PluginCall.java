/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * A plugin that calls the clone primitive on one file, with flags that a host's clone does not use:
 * fast (lazy), guarded, dry run.
 *
 * @param flags see {@link CloneFlags}
 */
record PluginCall(
    String host, String datastore, String from, String to, int flags, boolean makesDestination) {
  private static final int NFS_VERSION = 3;
  private static final int TIMEOUT_SECONDS = 10;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int MAX_POLLS = 10_000;

  static Deed read(Names names, YamlNode node) {
    String host = names.host(node);
    String datastore = names.datastore(node, host).orElse(names.firstDatastore(host));
    String from = node.text("from").orElseThrow();
    String to = node.text("to").orElseThrow();
    boolean isFast = node.text("kind").orElse("full").equals("fast");
    boolean isGuarded = node.flag("guarded", false);
    boolean isDry = node.flag("dry-run", false);
    int flags =
        (isFast ? CloneFlags.LAZY : 0)
            | (isGuarded ? CloneFlags.GUARDED : 0)
            | (isDry ? CloneFlags.DRY_RUN : 0);
    PluginCall call =
        new PluginCall(host, datastore, from, to, flags, node.flag("make-destination", false));
    return new Deed(
        "a plugin on %s asks for a %s%s%s clone of %s to %s"
            .formatted(
                host,
                isDry ? "dry run of a " : "",
                isGuarded ? "guarded " : "",
                isFast ? "fast" : "full",
                from,
                to),
        call::run);
  }

  private Outcome run(Stage stage) {
    Site.Mount mount = stage.mount(host, datastore);
    if (makesDestination) {
      make(stage.datastore(host, datastore));
    }
    RpcClientOptions options =
        RpcClientOptions.defaults().withCredential(new Credential.Sys(0, host, 0, 0, List.of()));
    try (RpcClient rpc =
        RpcClient.connect(stage.array(mount.array()).nfsAddress(), options).join()) {
      VaaiClient vaai = new VaaiClient(rpc);
      VaaiSession session =
          new VaaiSession(
              vaai,
              value(
                  vaai.startSession(
                      new SessionStartCall(
                          VaaiNas.PROTOCOL_VERSION,
                          NFS_VERSION,
                          "/" + mount.volume(),
                          host,
                          TIMEOUT_SECONDS))));
      Outcome outcome = cloneFile(stage, vaai, session);
      var unused = session.end().join();
      return outcome;
    }
  }

  private void make(Datastore there) {
    DatastoreFile destination = there.create(to);
    destination.setSizeBytes(there.open(from).sizeBytes());
  }

  private Outcome cloneFile(Stage stage, VaaiClient vaai, VaaiSession session) {
    CloneCall call =
        CloneCall.within(
            session.grant().session(),
            session.nextRequestId(),
            VaaiFile.byPath(from),
            VaaiFile.byPath(to),
            flags);
    VaaiReply<CloneJob> reply = vaai.cloneFile(call).join();
    if (!reply.isOk() || (flags & CloneFlags.DRY_RUN) != 0) {
      return ended(reply.status(), reply.isOk() ? "" : reply.reason());
    }
    CloneJob job = reply.value();
    for (int poll = 0; poll < MAX_POLLS && !job.state().isFinal(); poll++) {
      pause(stage);
      job = value(session.cloneStatus(job.jobId()));
    }
    return ended(job.outcome(), job.reason());
  }

  private static Outcome ended(VaaiStatus status, String reason) {
    Outcome outcome = status == VaaiStatus.OK ? Outcome.DONE : Outcome.DONE.with("state", "error");
    return outcome.with("status", status.toString()).with("message", reason);
  }

  private static void pause(Stage stage) {
    try {
      stage.options().time().sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static <T extends org.facsim.protocol.vaai.VaaiMessage> T value(
      CompletableFuture<VaaiReply<T>> call) {
    VaaiReply<T> reply = call.join();
    if (!reply.isOk()) {
      throw new IllegalStateException(reply.status() + ": " + reply.reason());
    }
    return reply.value();
  }
}
