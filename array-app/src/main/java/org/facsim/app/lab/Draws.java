/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.app.scenario.YamlNode;

/**
 * What a lab file leaves to the seed, so that neighbours cannot copy: names and numbers.
 *
 * <pre>
 * vary:
 *   app: [payroll, billing, crm]       # ${app}, ${app.2}, ${app.3}: all of them, in some order
 *   number: {from: 11, to: 89}         # ${number}
 * </pre>
 *
 * Each name is drawn for itself, so that a name more in the file changes no other.
 */
final class Draws {
  private static final Pattern NAME = Pattern.compile("\\$\\{([a-z][a-z0-9.-]*)\\}");
  private static final int MAX_ITEMS = 64;

  private final Map<String, String> valueByName;

  private Draws(Map<String, String> valueByName) {
    this.valueByName = valueByName;
  }

  /** Draws for a section {@code vary}; what is wrong in it becomes a problem of its file. */
  static Draws of(Map<String, YamlNode> vary, long seed) {
    Map<String, String> values = new LinkedHashMap<>();
    vary.forEach((name, node) -> draw(name, node, new Random(mix(seed, name)), values));
    return new Draws(values);
  }

  private static long mix(long seed, String name) {
    long z = seed + 0x9e3779b97f4a7c15L * (name.hashCode() + 1L);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    return z ^ (z >>> 27);
  }

  private static void draw(String name, YamlNode node, Random random, Map<String, String> values) {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      node.wrongKey("'" + name + "'; allowed: a small letter, then small letters, digits and '-'");
    } else if (node.get("from").isPresent() && node.get("to").isPresent()) {
      long from = node.number("from", 0);
      long to = node.number("to", 0);
      if (to < from || to - from >= Integer.MAX_VALUE) {
        node.wrong("from " + from + " to " + to + "; allowed: numbers, the smaller one first");
      } else {
        values.put(name, Long.toString(from + random.nextInt((int) (to - from) + 1)));
      }
    } else if (!node.entries().isEmpty()) {
      node.wrong("allowed: a list of texts, or {from: NUMBER, to: NUMBER}");
    } else {
      List<String> items = new ArrayList<>(node.elements().stream().map(YamlNode::text).toList());
      if (items.size() > MAX_ITEMS) {
        node.wrong(items.size() + " items; allowed: at most " + MAX_ITEMS);
      }
      Collections.shuffle(items, random);
      values.put(name, items.get(0));
      for (int i = 0; i < items.size(); i++) {
        values.put(name + "." + (i + 1), items.get(i));
      }
    }
  }

  /** The names that can be used, for messages. */
  List<String> names() {
    return List.copyOf(valueByName.keySet());
  }

  /** A text with every {@code ${name}} replaced. Unknown ones stay; {@link #unknown} finds them. */
  String in(String text) {
    Matcher found = NAME.matcher(text);
    StringBuilder drawn = new StringBuilder();
    while (found.find()) {
      String value = valueByName.getOrDefault(found.group(1), found.group());
      found.appendReplacement(drawn, Matcher.quoteReplacement(value));
    }
    return found.appendTail(drawn).toString();
  }

  /** A name in a text that nothing was drawn for; null if there is none. */
  String unknown(String text) {
    Matcher found = NAME.matcher(text);
    while (found.find()) {
      if (!valueByName.containsKey(found.group(1))) {
        return found.group();
      }
    }
    return null;
  }
}
