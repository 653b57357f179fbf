/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.stream.Collectors;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;

/** The volume that a request's path names. */
final class RequestedVolume {
  private RequestedVolume() {}

  /**
   * Finds it.
   *
   * @throws Problem 404, which names the volumes that exist
   */
  static Volume of(RoutingContext context, ArrayControl array) {
    return named(context.pathParam("volume"), array);
  }

  /** The same of a name in a body. */
  static Volume named(String name, ArrayControl array) {
    return array
        .volumes()
        .find(name)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "volume '"
                        + name
                        + "' is not there; there are: "
                        + array.volumes().all().stream()
                            .map(Volume::name)
                            .collect(Collectors.joining(", "))));
  }
}
