/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explainer;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.explain.Teller;
import org.facsim.services.offload.ArrayErrors;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.OffloadEngine;

/** Why clones were offloaded, or why not. */
public final class ExplanationControl {
  /** A port that passes also where the export's rules want a privileged one. */
  private static final int PRIVILEGED_PORT = 1023;

  private final Grants grants;
  private final OffloadEngine offload;
  private final Explainer explainer;

  ExplanationControl(StorageArray storage, Grants grants, OffloadEngine offload) {
    this.grants = grants;
    this.offload = offload;
    this.explainer = new Explainer(storage, offload.explanations(), this::judge);
  }

  /** As the offload judges a full clone for the host's root. */
  private CloneReport judge(InetAddress from, Inode sourceOrNull, Inode destination) {
    String client = from.getHostAddress();
    FileRef source =
        sourceOrNull == null
            ? FileRef.byPath("no file that is known")
            : FileRef.byHandle(sourceOrNull.handle().toBytes());
    FileRef into = FileRef.byHandle(destination.handle().toBytes());
    InetSocketAddress address = new InetSocketAddress(from, PRIVILEGED_PORT);
    try {
      Grant to = grants.toExport("/" + destination.volume().name(), address, Caller.ROOT);
      Grant sourceGrant =
          sourceOrNull == null
              ? to
              : grants.toExport("/" + sourceOrNull.volume().name(), address, Caller.ROOT);
      CloneOrder order =
          new CloneOrder(
              new Initiator(client, Dialect.VAAI_NAS, to),
              sourceGrant,
              source,
              into,
              CloneOptions.NONE,
              Duration.ZERO);
      order.report().leaves(Precondition.SESSION, "a host would start one");
      order.report().leaves(Precondition.FAULT, "no call was made");
      return offload.examine(order);
    } catch (ArrayException notAdmitted) {
      CloneReport report =
          CloneOrder.report(client, Dialect.VAAI_NAS, null, source, into, CloneOptions.NONE, null);
      report.fails(Precondition.EXPORT, ArrayErrors.failureOf(notAdmitted));
      return report;
    }
  }

  /**
   * Explains a file by its path.
   *
   * @return empty if there is no such file and no clone of this name is remembered
   * @throws ArrayException INVALID_ARGUMENT, IS_DIRECTORY
   */
  public Optional<Explanation> ofPath(String path) {
    return explainer.ofPath(path);
  }

  /** Where the files of a clone are now, however the host named them. */
  public Explainer.Paths pathsOf(CloneReport report) {
    return explainer.pathsOf(report);
  }

  /** Explains the clone of a job; empty if it is not remembered, as those of an earlier run. */
  public Optional<Explanation> ofJob(long jobId) {
    return explainer.ofJob(jobId);
  }

  /** The last clones that were asked for, the newest last. */
  public List<CloneReport> last() {
    return offload.explanations().last();
  }

  /** How clones came out since the array started. */
  public List<Explanations.Count> counts() {
    return offload.explanations().counts();
  }

  /** Adds somebody who knows more of clones than the array does, for example a host. */
  public void add(Teller teller) {
    explainer.add(teller);
  }
}
