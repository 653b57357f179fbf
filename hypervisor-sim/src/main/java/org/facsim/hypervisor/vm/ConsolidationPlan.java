/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.hypervisor.datastore.Datastore;

/**
 * Says what is to be done next so that a disk has only the layers that it needs: the live one,
 * those of snapshots, those that linked clones read, and what these stand on where several stand on
 * one. A pure function.
 */
final class ConsolidationPlan {
  private ConsolidationPlan() {}

  /** What is to be done next. */
  sealed interface Step {
    /** The child's data goes into the layer below, which then stands for both. */
    record Merge(DiskLayer child, DiskLayer into) implements Step {}

    /** A whole file that the array made needs its parent no more. */
    record Detach(DiskLayer child) implements Step {}

    /** Nobody reads the layer. */
    record Drop(DiskLayer layer) implements Step {}
  }

  /**
   * The next step, or empty if there is nothing to do.
   *
   * @param needed the paths of the live layer, of snapshots, and of what linked clones read
   * @param directory of the VM; layers elsewhere stay as they are
   */
  static Optional<Step> next(DiskLayers layers, Set<String> needed, String directory) {
    Optional<DiskLayer> unread = unread(layers, needed, directory);
    if (unread.isPresent()) {
      return unread.map(Step.Drop::new);
    }
    for (DiskLayer layer : unneeded(layers, needed, directory)) {
      List<DiskLayer> children = layers.childrenOf(layer.path());
      if (children.stream().allMatch(DiskLayer::isWhole)) {
        return Optional.of(new Step.Detach(children.get(0)));
      }
      if (children.size() == 1) {
        return Optional.of(new Step.Merge(children.get(0), layer));
      }
    }
    return Optional.empty();
  }

  /** A layer that nobody needs and on which nothing stands. */
  static Optional<DiskLayer> unread(DiskLayers layers, Set<String> needed, String directory) {
    return unneeded(layers, needed, directory).stream()
        .filter(layer -> layers.childrenOf(layer.path()).isEmpty())
        .findFirst();
  }

  private static List<DiskLayer> unneeded(DiskLayers layers, Set<String> needed, String directory) {
    return layers.all().stream()
        .filter(layer -> Datastore.parentOf(layer.path()).equals(directory))
        .filter(layer -> !needed.contains(layer.path()))
        .toList();
  }
}
