/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Volume;

/**
 * The exports as the VAAI door sees them; the program wires it to the array's export table. Asked
 * on every call, so that a changed rule takes effect at once.
 */
public interface VaaiExports {
  /**
   * What the requester may do on an export.
   *
   * @param exportPath as given to MOUNT, for example {@code /datastore1}
   * @return empty if there is no such export, or none that this client may know of
   */
  Optional<Access> access(String exportPath, Requester requester);

  /**
   * The same for the export that shows a volume, for wires that name a file and no export.
   *
   * @return as {@link #access(String, Requester)}; every volume is exported as {@code /NAME}
   */
  default Optional<Access> access(Volume volume, Requester requester) {
    return access("/" + volume.name(), requester);
  }

  /**
   * One client's rights on one export.
   *
   * @param volume what the export shows; the export's root is the volume's root
   * @param vaaiAllowed whether this client may offload; it may be refused where NFS is allowed
   * @param readOnly whether this client may not change the volume
   * @param caller the credential's ids after any squashing
   */
  record Access(Volume volume, boolean vaaiAllowed, boolean readOnly, Caller caller) {
    public Access {
      Objects.requireNonNull(volume);
      Objects.requireNonNull(caller);
    }
  }
}
