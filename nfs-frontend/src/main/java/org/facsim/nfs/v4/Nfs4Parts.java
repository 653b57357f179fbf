/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.util.Objects;
import org.facsim.array.StorageArray;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.Calls;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.offload.Offload;
import org.facsim.services.state.Delegations;

/**
 * What the door stands on.
 *
 * @param array whose files it serves
 * @param exports what the pseudo-root shows
 * @param grants decides who may do what
 * @param delegations recalls delegations before an operation touches a file
 * @param transfers what is told of every READ and WRITE
 * @param offload makes the clones of CLONE and COPY
 * @param calls the call chain, whose links hear of every operation
 * @param startNanos when this run of the array began, in nanoseconds since 1970: the times of the
 *     pseudo-root
 */
public record Nfs4Parts(
    StorageArray array,
    ExportTable exports,
    Grants grants,
    Delegations delegations,
    FileTransfers transfers,
    Offload offload,
    Calls calls,
    long startNanos) {
  public Nfs4Parts {
    Objects.requireNonNull(array);
    Objects.requireNonNull(exports);
    Objects.requireNonNull(grants);
    Objects.requireNonNull(delegations);
    Objects.requireNonNull(transfers);
    Objects.requireNonNull(offload);
    Objects.requireNonNull(calls);
  }
}
