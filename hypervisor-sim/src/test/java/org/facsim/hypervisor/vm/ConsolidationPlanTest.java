/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.facsim.hypervisor.vm.ConsolidationPlan.Step;
import org.facsim.hypervisor.vm.DiskLayer.Kind;
import org.junit.jupiter.api.Test;

class ConsolidationPlanTest {
  private static DiskLayer layer(String name, String parent, Kind kind) {
    return new DiskLayer("vm/" + name, kind, null, parent == null ? null : "vm/" + parent, null);
  }

  private static DiskLayer log(String name, String parent) {
    return layer(name, parent, Kind.REDO_LOG);
  }

  private static final DiskLayer BASE = layer("base", null, Kind.BASE);

  private static String next(List<DiskLayer> layers, String... needed) {
    Set<String> paths =
        Set.of(needed).stream()
            .map(each -> "vm/" + each)
            .collect(java.util.stream.Collectors.toSet());
    return ConsolidationPlan.next(DiskLayers.of(layers), paths, "vm")
        .map(
            step ->
                step instanceof Step.Merge merge
                    ? "merge %s into %s".formatted(merge.child().path(), merge.into().path())
                    : step instanceof Step.Detach detach
                        ? "detach " + detach.child().path()
                        : "drop " + ((Step.Drop) step).layer().path())
        .orElse("nothing");
  }

  @Test
  void everyShapeHasItsStep() {
    List<DiskLayer> chain = List.of(BASE, log("1", "base"), log("2", "1"));
    assertThat(next(List.of(BASE), "base")).isEqualTo("nothing");
    assertThat(next(chain, "base", "1", "2")).isEqualTo("nothing");
    assertThat(next(chain, "base", "2")).isEqualTo("merge vm/2 into vm/1");
    assertThat(next(chain, "2")).isEqualTo("merge vm/1 into vm/base");
    assertThat(next(chain, "1")).isEqualTo("drop vm/2");

    List<DiskLayer> fork = List.of(BASE, log("1", "base"), log("2", "base"));
    assertThat(next(fork, "1", "2")).as("two stand on it").isEqualTo("nothing");
    assertThat(next(fork, "1")).isEqualTo("drop vm/2");

    List<DiskLayer> nativeOne = new ArrayList<>(List.of(BASE));
    nativeOne.add(layer("1", "base", Kind.NATIVE_SNAPSHOT));
    assertThat(next(nativeOne, "base", "1")).isEqualTo("nothing");
    assertThat(next(nativeOne, "1")).isEqualTo("detach vm/1");
    nativeOne.add(log("2", "base"));
    assertThat(next(nativeOne, "1", "2")).isEqualTo("nothing");
  }

  @Test
  void layersOfAnotherVmStayAsTheyAre() {
    List<DiskLayer> linked =
        List.of(
            new DiskLayer("source/source.vmdk", Kind.BASE, null, null, null),
            new DiskLayer("vm/1", Kind.REDO_LOG, null, "source/source.vmdk", null));
    assertThat(next(linked, "1")).isEqualTo("nothing");
  }
}
