/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;

/**
 * The layers of a disk: a tree whose leaves are the live state and states of snapshots. Immutable.
 */
final class DiskLayers {
  private final Map<String, DiskLayer> layerByPath;

  private DiskLayers(Map<String, DiskLayer> layerByPath) {
    this.layerByPath = Collections.unmodifiableMap(layerByPath);
  }

  static DiskLayers of(Collection<DiskLayer> layers) {
    Map<String, DiskLayer> all = new LinkedHashMap<>();
    layers.forEach(layer -> all.put(layer.path(), layer));
    return new DiskLayers(all);
  }

  DiskLayers with(DiskLayer layer) {
    Map<String, DiskLayer> all = new LinkedHashMap<>(layerByPath);
    all.put(layer.path(), layer);
    return new DiskLayers(all);
  }

  DiskLayers without(String path) {
    Map<String, DiskLayer> all = new LinkedHashMap<>(layerByPath);
    all.remove(path);
    return new DiskLayers(all);
  }

  boolean has(String path) {
    return layerByPath.containsKey(path);
  }

  DiskLayer get(String path) {
    DiskLayer layer = layerByPath.get(path);
    if (layer == null) {
      throw new DatastoreException(DatastoreError.DAMAGED, path + " is no layer of this disk");
    }
    return layer;
  }

  Collection<DiskLayer> all() {
    return layerByPath.values();
  }

  List<DiskLayer> childrenOf(String path) {
    return layerByPath.values().stream().filter(layer -> path.equals(layer.parentPath())).toList();
  }

  /**
   * The layers that a reader of a state needs, top down: redo logs and the whole file below them.
   */
  List<DiskLayer> chain(String path) {
    List<DiskLayer> chain = new ArrayList<>();
    DiskLayer at = get(path);
    chain.add(at);
    while (!at.isWhole()) {
      at = get(at.parentPath());
      chain.add(at);
    }
    return chain;
  }
}
