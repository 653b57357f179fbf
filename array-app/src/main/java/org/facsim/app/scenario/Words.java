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
    throw unknown("", word, all(type));
  }

  /** The words of all constants, in their order. */
  static <E extends Enum<E>> List<String> all(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
  }

  /**
   * A word that is one of those that are known.
   *
   * @param what is named, for example {@code counter}; may be empty
   * @throws IllegalArgumentException says what is allowed
   */
  static String known(String what, String word, List<String> known) {
    if (!known.contains(word)) {
      throw unknown(what, word, known);
    }
    return word;
  }

  private static IllegalArgumentException unknown(String what, String word, List<String> known) {
    return new IllegalArgumentException(
        "%s'%s' is unknown%s; allowed: %s"
            .formatted(
                what.isEmpty() ? "" : what + " ",
                word,
                NearestWord.didYouMean(word, known),
                String.join(", ", known)));
  }
}
