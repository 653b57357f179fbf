/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;

/**
 * What the bits mean that a host gives the plugin with a clone. The plugin passes them on
 * unchanged, and their values are not public, so they are configuration. A bit that has no meaning
 * here is ignored: it means something to the host, and if it were refused, every clone would be
 * refused.
 *
 * @param lazyBits any of these asks for a fast clone
 * @param guardedBits with any of these, a lazy clone fails if the destination exists; 0 = no bit
 *     has this meaning. A full clone is never guarded here, because the plugin makes its
 *     destination by CREATE before it asks, so a guarded one could only fail
 * @param dryRunBits with any of these, the array only checks; 0 = no bit has this meaning, because
 *     the plugin does not pass them
 */
public record OpenSdsFlags(int lazyBits, int guardedBits, int dryRunBits) {
  /** The lowest bit asks for a fast clone. */
  public static final OpenSdsFlags DEFAULT = new OpenSdsFlags(1, 0, 0);

  private static final Set<String> NAMES = Set.of("lazy", "guarded", "dry-run");

  /**
   * Parses {@code lazy=BITS,guarded=BITS,dry-run=BITS}. Each may be there once; it is 0 if it is
   * missing.
   *
   * @param text bits decimal or, behind 0x, hexadecimal
   * @throws IllegalArgumentException with a message that says what is allowed
   */
  public static OpenSdsFlags parse(String text) {
    Map<String, Integer> bits = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || !NAMES.contains(name) || bits.containsKey(name)) {
        throw notAllowed(text);
      }
      try {
        String number = Long.toString(Long.decode(part.substring(equals + 1)));
        bits.put(name, Integer.parseUnsignedInt(number));
      } catch (NumberFormatException e) {
        throw notAllowed(text);
      }
    }
    return new OpenSdsFlags(
        bits.getOrDefault("lazy", 0),
        bits.getOrDefault("guarded", 0),
        bits.getOrDefault("dry-run", 0));
  }

  private static IllegalArgumentException notAllowed(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' are no flags; allowed: NAME=BITS for lazy, guarded and dry-run, each once, for"
            + " example lazy=0x1,guarded=0x2");
  }

  /** What a host's bits ask for. */
  CloneOptions optionsOf(int hostBits) {
    Set<CloneOption> chosen = EnumSet.noneOf(CloneOption.class);
    if ((hostBits & lazyBits) != 0) {
      chosen.add(CloneOption.LAZY);
      if ((hostBits & guardedBits) != 0) {
        chosen.add(CloneOption.GUARDED);
      }
    }
    if ((hostBits & dryRunBits) != 0) {
      chosen.add(CloneOption.DRY_RUN);
    }
    return new CloneOptions(chosen, "");
  }
}
