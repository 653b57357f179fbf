/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.Caller;
import org.facsim.array.StorageArray;

/** Every volume exported under its name; tests switch the rules while calls go on. */
public final class SwitchableExports implements VaaiExports {
  public static final Caller NOBODY = new Caller(65534, 65534, List.of());

  private final StorageArray array;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> readOnly = ConcurrentHashMap.newKeySet();
  private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

  SwitchableExports(StorageArray array) {
    this.array = array;
  }

  public void refuseVaai(String path) {
    refused.add(path);
  }

  public void makeReadOnly(String path) {
    readOnly.add(path);
  }

  public void withdraw(String path) {
    withdrawn.add(path);
  }

  @Override
  public Optional<Access> access(String exportPath, Requester requester) {
    if (!exportPath.startsWith("/") || withdrawn.contains(exportPath)) {
      return Optional.empty();
    }
    return array
        .volume(exportPath.substring(1))
        .map(
            volume ->
                new Access(
                    volume,
                    !refused.contains(exportPath),
                    readOnly.contains(exportPath),
                    requester.claimed().orElse(NOBODY)));
  }
}
