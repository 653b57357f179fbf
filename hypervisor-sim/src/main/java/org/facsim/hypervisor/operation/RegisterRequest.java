/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.Objects;
import org.facsim.hypervisor.datastore.Datastore;

/**
 * A VM to be registered from its files.
 *
 * @param datastore where they are
 * @param path of the {@code .vmx} ({@code .vmtx} for a template), relative to the datastore
 */
public record RegisterRequest(Datastore datastore, String path) {
  public RegisterRequest {
    Objects.requireNonNull(datastore);
    if (!path.endsWith(".vmx") && !path.endsWith(".vmtx")) {
      throw new IllegalArgumentException(path + ": allowed: a path that ends in .vmx or .vmtx");
    }
  }
}
