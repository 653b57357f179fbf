/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.Optional;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.VaaiExports;

/** Shows the NFS door's exports to the VAAI door, so that both judge a client by one table. */
final class ExportedVolumes implements VaaiExports {
  private final ExportTable exports;

  ExportedVolumes(ExportTable exports) {
    this.exports = exports;
  }

  @Override
  public Optional<Access> access(String exportPath, Requester requester) {
    return exports.find(exportPath).flatMap(export -> accessTo(export, requester));
  }

  private static Optional<Access> accessTo(Export export, Requester requester) {
    ExportOptions terms = export.termsFor(requester.client());
    if (terms == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Access(
            export.volume(),
            terms.vaaiAllowed(),
            terms.readOnly(),
            terms.squash(requester.claimed().orElse(null))));
  }
}
