/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an audit finds, in words. A lost file can damage every block of a volume in the same way.
 * Therefore only the first {@value #MAX_OF_A_KIND} findings of each kind are kept, and the others
 * are counted. Findings that differ only in numbers are of one kind. Not thread-safe.
 */
public final class AuditFindings {
  /** The most lines of one kind, without the one that counts the rest. */
  public static final int MAX_OF_A_KIND = 20;

  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  private static final class Kind {
    private final List<String> first = new ArrayList<>();
    private long count;
  }

  public void add(String finding) {
    Kind kind = kinds.computeIfAbsent(withoutNumbers(finding), text -> new Kind());
    kind.count++;
    if (kind.first.size() < MAX_OF_A_KIND) {
      kind.first.add(finding);
    }
  }

  public void addAll(List<String> findings) {
    findings.forEach(this::add);
  }

  /**
   * Returns one line for each finding, with those of a kind together; empty if nothing was found.
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    kinds.forEach(
        (text, kind) -> {
          lines.addAll(kind.first);
          long more = kind.count - kind.first.size();
          if (more > 0) {
            lines.add(String.format(Locale.ROOT, "%,d more like it: %s", more, text));
          }
        });
    return lines;
  }

  /** Replaces each run of digits by an N. */
  private static String withoutNumbers(String finding) {
    StringBuilder text = new StringBuilder(finding.length());
    boolean wasDigit = false;
    for (int i = 0; i < finding.length(); i++) {
      char c = finding.charAt(i);
      boolean isDigit = c >= '0' && c <= '9';
      if (!isDigit) {
        text.append(c);
      } else if (!wasDigit) {
        text.append('N');
      }
      wasDigit = isDigit;
    }
    return text.toString();
  }
}
