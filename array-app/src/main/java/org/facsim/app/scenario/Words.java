/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.facsim.services.units.NearestWord;

/** Words of files that stand for constants. */
final class Words {
  private Words() {}

  /** {@code array-offload} for {@code ARRAY_OFFLOAD}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant of a word.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  static <E extends Enum<E>> E constant(Class<E> type, String word) {
    for (E each : type.getEnumConstants()) {
      if (of(each).equals(word.toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return each;
      }
    }
    List<String> known = Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
    throw new IllegalArgumentException(
        "'"
            + word
            + "' is unknown"
            + NearestWord.didYouMean(word, known)
            + "; allowed: "
            + String.join(", ", known));
  }
}
