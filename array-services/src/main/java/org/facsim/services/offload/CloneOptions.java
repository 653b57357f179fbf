/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a host asks for with a clone.
 *
 * @param chosen the options that are set
 * @param unknown what else the host set, for example {@code clone flags 0x10}; empty if it set
 *     nothing else. If it is not empty, the clone is refused with {@link
 *     OffloadError#INVALID_ARGUMENT}
 */
public record CloneOptions(Set<CloneOption> chosen, String unknown) {
  /** A full clone without any option. */
  public static final CloneOptions NONE = of();

  public CloneOptions {
    chosen = Sets.immutableEnumSet(chosen);
    Objects.requireNonNull(unknown);
  }

  public static CloneOptions of(CloneOption... chosen) {
    List<CloneOption> list = Arrays.asList(chosen);
    return new CloneOptions(Sets.immutableEnumSet(list), "");
  }

  /** The chosen options, one bit each; different sets have different bits. */
  @SuppressWarnings("EnumOrdinal") // compared in this process only
  public int bits() {
    int bits = 0;
    for (CloneOption option : chosen) {
      bits |= 1 << option.ordinal();
    }
    return bits;
  }

  public boolean has(CloneOption option) {
    return chosen.contains(option);
  }
}
