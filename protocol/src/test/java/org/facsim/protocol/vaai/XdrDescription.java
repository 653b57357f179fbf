/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an {@code .x} file describes (RFC 4506, section 6, and RFC 5531, section 12), as far as
 * {@code vaai_nas.x} uses the language. A comment {@code a TYPE} behind a number says which
 * enumeration its values are.
 */
final class XdrDescription {
  private static final Pattern COMMENT = Pattern.compile("/\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern HINT = Pattern.compile("\\s*an? (\\w+_\\w+)\\s*");
  private static final Pattern TOKEN = Pattern.compile("@?[\\w.]+|[{}()\\[\\]<>;,=:*]");

  final Map<String, Long> constants = new LinkedHashMap<>();
  final Map<String, Map<String, Long>> enums = new LinkedHashMap<>();
  final Map<String, List<Item>> structs = new LinkedHashMap<>();
  final Map<String, Union> unions = new LinkedHashMap<>();
  final Map<String, Item> typedefs = new LinkedHashMap<>();
  final List<Program> programs = new ArrayList<>();

  private final List<String> tokens;
  private int next;

  /** How often an item's type follows. */
  enum Count {
    ONE,
    OPTIONAL,
    FIXED,
    UP_TO
  }

  /**
   * A declaration.
   *
   * @param bound of {@link Count#FIXED} and {@link Count#UP_TO}
   * @param enumeration whose values a number has
   */
  record Item(String type, String name, Count count, long bound, Optional<String> enumeration) {}

  /** A discriminated union; the arm of {@code default} has no key. */
  record Union(Item discriminant, Map<Long, Item> arms, Optional<Item> others) {}

  record Procedure(String name, long number, String argument, String result) {}

  record Version(long number, List<Procedure> procedures) {}

  record Program(String name, long number, List<Version> versions) {}

  XdrDescription(String text) {
    String hinted =
        COMMENT
            .matcher(text)
            .replaceAll(
                (MatchResult comment) -> {
                  var hint = HINT.matcher(comment.group(1));
                  return hint.matches() ? " @" + hint.group(1) + " " : " ";
                });
    tokens = TOKEN.matcher(hinted).results().map(MatchResult::group).toList();
    while (next < tokens.size()) {
      definition();
    }
  }

  private void definition() {
    String kind = take();
    switch (kind) {
      case "const" -> {
        String name = take();
        expect("=");
        constants.put(name, number());
        expect(";");
      }
      case "enum" -> enumeration();
      case "struct" -> {
        String name = take();
        structs.put(name, items());
        expect(";");
      }
      case "typedef" -> {
        Item item = item();
        typedefs.put(item.name(), item);
      }
      case "union" -> union();
      case "program" -> program();
      default -> throw new IllegalStateException("'" + kind + "' begins no definition");
    }
  }

  private void enumeration() {
    Map<String, Long> values = new LinkedHashMap<>();
    enums.put(take(), values);
    expect("{");
    do {
      String name = take();
      expect("=");
      long value = number();
      values.put(name, value);
      constants.put(name, value);
    } while (isNext(","));
    expect("}");
    expect(";");
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    expect("{");
    while (!isNext("}")) {
      items.add(item());
    }
    return items;
  }

  private void union() {
    String name = take();
    expect("switch");
    expect("(");
    Item discriminant = new Item(take(), take(), Count.ONE, 0, Optional.empty());
    expect(")");
    expect("{");
    Map<Long, Item> arms = new LinkedHashMap<>();
    Optional<Item> others = Optional.empty();
    while (!isNext("}")) {
      if (isNext("default")) {
        expect(":");
        others = Optional.of(item());
      } else {
        expect("case");
        long value = number();
        expect(":");
        arms.put(value, item());
      }
    }
    expect(";");
    unions.put(name, new Union(discriminant, arms, others));
  }

  private void program() {
    String name = take();
    List<Version> versions = new ArrayList<>();
    expect("{");
    while (!isNext("}")) {
      expect("version");
      take();
      expect("{");
      List<Procedure> procedures = new ArrayList<>();
      while (!isNext("}")) {
        String result = take();
        String procedure = take();
        expect("(");
        String argument = take();
        expect(")");
        expect("=");
        procedures.add(new Procedure(procedure, number(), argument, result));
        expect(";");
      }
      expect("=");
      versions.add(new Version(number(), procedures));
      expect(";");
    }
    expect("=");
    programs.add(new Program(name, number(), versions));
    expect(";");
  }

  private Item item() {
    String type = take();
    if (type.equals("void")) {
      expect(";");
      return new Item("void", "", Count.ONE, 0, Optional.empty());
    }
    if (type.equals("unsigned")) {
      type = "unsigned " + take();
    }
    Count count = isNext("*") ? Count.OPTIONAL : Count.ONE;
    String name = take();
    long bound = 0;
    if (isNext("<")) {
      count = Count.UP_TO;
      bound = number();
      expect(">");
    } else if (isNext("[")) {
      count = Count.FIXED;
      bound = number();
      expect("]");
    }
    expect(";");
    Optional<String> enumeration = Optional.empty();
    if (next < tokens.size() && tokens.get(next).startsWith("@")) {
      enumeration = Optional.of(take().substring(1));
    }
    return new Item(type, name, count, bound, enumeration);
  }

  private long number() {
    String token = take();
    return constants.containsKey(token) ? constants.get(token) : Long.decode(token);
  }

  private String take() {
    return tokens.get(next++);
  }

  private boolean isNext(String token) {
    if (!tokens.get(next).equals(token)) {
      return false;
    }
    next++;
    return true;
  }

  private void expect(String token) {
    String found = take();
    if (!found.equals(token)) {
      throw new IllegalStateException("'" + found + "' where '" + token + "' is expected");
    }
  }
}
