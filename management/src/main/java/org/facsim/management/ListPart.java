/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of a list that a request asks for, the same way for every list: {@code text} is a part
 * of any text in an item, the name of any field of an item is its whole value, and {@code offset}
 * and {@code limit} take a piece of what is left.
 */
final class ListPart {
  /** The most items in one answer, and as many as there are without a limit. */
  static final int MOST = 10_000;

  private static final String TEXT = "text";
  private static final Set<String> PIECE = Set.of("offset", "limit");

  private final Asked asked;
  private final Map<String, String> conditions;

  private ListPart(Asked asked, Map<String, String> conditions) {
    this.asked = asked;
    this.conditions = conditions;
  }

  /**
   * Reads what is asked for.
   *
   * @param item the record of an item
   * @param others parameters that the route itself knows
   * @throws Problem 400 for a parameter that is neither one of these nor a field
   */
  static ListPart of(RoutingContext context, Class<?> item, String... others) {
    Set<String> fields = new TreeSet<>();
    addFields(item, fields, true);
    Set<String> allowed = new TreeSet<>(fields);
    allowed.addAll(PIECE);
    allowed.add(TEXT);
    allowed.addAll(List.of(others));
    Asked asked = Asked.of(context, allowed.toArray(String[]::new));
    Map<String, String> conditions = new TreeMap<>();
    for (String name : allowed) {
      boolean isCondition = name.equals(TEXT) || fields.contains(name);
      if (isCondition && !PIECE.contains(name) && !List.of(others).contains(name)) {
        asked.text(name).ifPresent(value -> conditions.put(name, value));
      }
    }
    return new ListPart(asked, conditions);
  }

  /** The fields that are values, those of records within it included. */
  private static void addFields(Class<?> item, Set<String> fields, boolean isOuter) {
    for (RecordComponent each : item.getRecordComponents()) {
      if (each.getType().isRecord()) {
        if (isOuter) {
          addFields(each.getType(), fields, false);
        }
      } else if (!Iterable.class.isAssignableFrom(each.getType())
          && !Map.class.isAssignableFrom(each.getType())) {
        fields.add(each.getName());
      }
    }
  }

  Asked asked() {
    return asked;
  }

  /** The items that meet all conditions. */
  <T> List<T> matching(List<T> all) {
    if (conditions.isEmpty()) {
      return all;
    }
    List<T> found = new ArrayList<>();
    for (T each : all) {
      JsonNode item = JsonBodies.tree(each);
      if (conditions.entrySet().stream().allMatch(wanted -> meets(item, wanted))) {
        found.add(each);
      }
    }
    return found;
  }

  private static boolean meets(JsonNode item, Map.Entry<String, String> wanted) {
    if (wanted.getKey().equals(TEXT)) {
      return hasText(item, wanted.getValue().toLowerCase(Locale.ROOT));
    }
    return item.findValues(wanted.getKey()).stream()
        .anyMatch(value -> value.isValueNode() && value.asText().equals(wanted.getValue()));
  }

  private static boolean hasText(JsonNode node, String lowerCase) {
    if (node.isTextual()) {
      return node.asText().toLowerCase(Locale.ROOT).contains(lowerCase);
    }
    for (JsonNode each : node) {
      if (hasText(each, lowerCase)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a piece is asked for. */
  boolean hasPiece() {
    return asked.has("offset") || asked.has("limit");
  }

  /** The piece that is asked for of those that meet the conditions. */
  <T> List<T> piece(List<T> matching) {
    return asked.part(matching, MOST, MOST);
  }

  /** Answers with the part of a list that is asked for. */
  static <T> void answer(RoutingContext context, Class<T> item, List<T> all) {
    Answers.json(context, 200, listing(context, item, all));
  }

  /** The part of a list that is asked for. */
  static <T> ArrayJson.Listing<T> listing(RoutingContext context, Class<T> item, List<T> all) {
    ListPart part = of(context, item);
    List<T> matching = part.matching(all);
    return new ArrayJson.Listing<>(matching.size(), part.piece(matching));
  }
}
