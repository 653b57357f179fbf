/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import io.vertx.ext.web.RoutingContext;
import java.util.stream.Collectors;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/** The volume that a request's path names. */
final class RequestedVolume {
  private RequestedVolume() {}

  /**
   * Finds it.
   *
   * @throws Problem 404, which names the volumes that exist
   */
  static Volume of(RoutingContext context, StorageArray storage) {
    String name = context.pathParam("volume");
    return storage
        .volume(name)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "volume '"
                        + name
                        + "' is not there; there are: "
                        + storage.volumes().stream()
                            .map(Volume::name)
                            .collect(Collectors.joining(", "))));
  }
}
