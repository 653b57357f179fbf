/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.Comparator;
import org.facsim.array.log.RecordKind;

/** What is stored together: all records of one kind in one volume. */
record Section(RecordKind kind, int volume) implements Comparable<Section> {
  private static final Comparator<Section> ORDER =
      Comparator.comparing(Section::kind).thenComparingInt(Section::volume);

  @Override
  public int compareTo(Section other) {
    return ORDER.compare(this, other);
  }
}
