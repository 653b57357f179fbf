/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrayListenerTest {
  private static final long SIZE_BYTES = 1 << 20;

  private record Heard(Set<Volume> gone, Set<Volume> returned) {}

  private final StorageArray array =
      StorageArray.ephemeral(new ArrayOptions(1L << 30, () -> Instant.EPOCH, 42));
  private final List<Heard> heard = new ArrayList<>();

  @AfterEach
  void close() {
    array.close();
  }

  @Test
  void deletionsAndRestoresAreToldInOrderAndFailedOnesAreNot() {
    Volume a = array.createVolume("a", SIZE_BYTES);
    array.saveState("with-a");
    array.addListener((gone, returned) -> heard.add(new Heard(gone, returned)));
    Volume b = array.createVolume("b", SIZE_BYTES);
    array.deleteVolume(a);
    array.restoreState("with-a");
    array.restoreState("with-a");
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> array.deleteVolume(b));
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> array.restoreState("none"));
    assertThat(heard)
        .containsExactly(
            new Heard(Set.of(a), Set.of()),
            new Heard(Set.of(b), Set.of(a)),
            new Heard(Set.of(), Set.of()));
  }
}
