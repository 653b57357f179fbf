/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.facsim.app.scenario.Site;

/**
 * A lab as its file declares it, with everything drawn.
 *
 * @param name by which it is started
 * @param title a few words
 * @param text what the trainee is told
 * @param seed from which names and numbers were drawn
 * @param site arrays, hosts and VMs; one array
 * @param workload the profiles by which guests use their disks, by a glob of VM names; the first
 *     that matches counts
 * @param begin what happens before the trainee comes, in order
 * @param incident what is to be found; empty if the lab is for looking around only
 */
record LabFile(
    String name,
    String title,
    String text,
    long seed,
    Site site,
    Map<String, String> workload,
    List<Begin> begin,
    Optional<Incident> incident) {
  LabFile {
    Objects.requireNonNull(site);
    workload = Collections.unmodifiableMap(new LinkedHashMap<>(workload));
    begin = List.copyOf(begin);
  }

  /**
   * Something that happens before the trainee comes.
   *
   * @param line of the file
   * @param words the first one says what it is
   */
  record Begin(int line, List<String> words) {
    Begin {
      words = List.copyOf(words);
    }
  }

  /** A hint, and the points that it costs. */
  record Hint(int cost, String text) {}

  /**
   * What is wrong, and how it is mended.
   *
   * @param about the host, VM or volume; empty for none
   * @param par within this time the cause gives all points
   * @param downtime of VMs that a good solution needs
   * @param bytes that hosts must write into new files for a good solution
   * @param holds what must be so in the end; may be empty, if the cause is all
   * @param mayChange globs of facts that a good solution may change
   * @param steps command lines that solve it, as the trainee would type them
   * @param wrong command lines of fixes that are wrong, by a name
   */
  record Incident(
      Cause cause,
      String about,
      Duration par,
      Duration downtime,
      long bytes,
      List<Hint> hints,
      List<Wanted> holds,
      List<String> mayChange,
      List<String> steps,
      Map<String, List<String>> wrong) {
    Incident {
      hints = List.copyOf(hints);
      holds = List.copyOf(holds);
      mayChange = List.copyOf(mayChange);
      steps = List.copyOf(steps);
      wrong = Collections.unmodifiableMap(new LinkedHashMap<>(wrong));
    }
  }
}
