/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ProfileField;
import org.facsim.services.units.ByteSize;

/** The fields of a profile as JSON: numbers are numbers, flags are booleans, lists are arrays. */
final class ProfileValues {
  private ProfileValues() {}

  /** All fields of a profile by key. */
  static Map<String, Object> of(ArrayProfile profile) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ProfileField field : ProfileField.values()) {
      String text = field.of(profile);
      values.put(
          field.key(),
          switch (field.kind()) {
            case WORD -> text;
            case FLAG -> Boolean.valueOf(text);
            case NUMBER, BYTES -> Long.valueOf(text);
            case LIST -> words(text);
          });
    }
    return values;
  }

  private static List<String> words(String list) {
    String inner = list.substring(1, list.length() - 1);
    return inner.isEmpty() ? List.of() : List.of(inner.split(", ", -1));
  }

  /**
   * Converts a value to the form that {@link ProfileField#set} takes. A size may be a number of
   * bytes or a text such as {@code 200MiB}.
   *
   * @throws Problem 400 if it is of another type
   */
  static String text(ProfileField field, JsonNode value) {
    boolean fits =
        switch (field.kind()) {
          case WORD -> value.isTextual();
          case FLAG -> value.isBoolean();
          case NUMBER -> value.isIntegralNumber();
          case BYTES -> value.isIntegralNumber() || value.isTextual();
          case LIST -> value.isArray() && isTexts(value);
        };
    if (!fits) {
      throw Problem.badRequest(
          "field 'fields." + field.key() + "': " + value + "; allowed: " + allowed(field));
    }
    if (field.kind() == ProfileField.Kind.BYTES && value.isTextual()) {
      return Long.toString(ByteSize.parse(value.asText()));
    }
    if (field.kind() == ProfileField.Kind.LIST) {
      List<String> words = new ArrayList<>();
      value.forEach(word -> words.add(word.asText()));
      return "[" + String.join(", ", words) + "]";
    }
    return value.asText();
  }

  private static boolean isTexts(JsonNode array) {
    for (JsonNode each : array) {
      if (!each.isTextual()) {
        return false;
      }
    }
    return true;
  }

  private static String allowed(ProfileField field) {
    String type =
        switch (field.kind()) {
          case WORD -> "a text: ";
          case FLAG -> "a boolean: ";
          case NUMBER -> "a number: ";
          case BYTES -> "a number, or a text such as 200MiB: ";
          case LIST -> "an array of texts: ";
        };
    return type + field.allowed();
  }
}
