/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Volume;
import org.facsim.management.LabView.Outcome;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.calls.Door;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.units.TimeSpan;

/**
 * What happens in a lab before the trainee comes: lines such as {@code host esx1 guest web01 write
 * 64MiB}. The array's fault rules are no part of a named state; after a reset they are made again
 * by {@link #faults}.
 */
final class Beginning {
  private static final String ALLOWED =
      "host NAME COMMAND..., array snapshot VOLUME PATH NAME, array export VOLUME RULES, array"
          + " zero-window HOST, crash HOST [CLOCK-AHEAD]";

  private final Lab lab;

  Beginning(Lab lab) {
    this.lab = lab;
  }

  /** What is wrong with a line, in words; empty if nothing is. */
  static Optional<String> problemOf(LabFile.Begin begin) {
    List<String> words = begin.words();
    String first = words.isEmpty() ? "" : words.get(0);
    boolean isRight =
        switch (first) {
          case "host" -> words.size() >= 3;
          case "crash" -> words.size() == 2 || words.size() == 3;
          case "array" -> isOfArray(words);
          default -> false;
        };
    return isRight
        ? Optional.empty()
        : Optional.of("'" + String.join(" ", words) + "'; allowed: " + ALLOWED);
  }

  private static boolean isOfArray(List<String> words) {
    String what = words.size() > 1 ? words.get(1) : "";
    return switch (what) {
      case "snapshot" -> words.size() == 5;
      case "export" -> words.size() == 4;
      case "zero-window" -> words.size() == 3;
      default -> false;
    };
  }

  private static boolean isFault(LabFile.Begin begin) {
    return begin.words().get(0).equals("array") && begin.words().get(1).equals("zero-window");
  }

  /**
   * Does everything but faults.
   *
   * @throws IOException if something cannot be done, with its line
   */
  void run(List<LabFile.Begin> lines) throws IOException {
    for (LabFile.Begin begin : lines) {
      if (!isFault(begin)) {
        String failure = one(begin.words());
        if (!failure.isEmpty()) {
          throw new IOException(
              "line " + begin.line() + ": " + String.join(" ", begin.words()) + ": " + failure);
        }
      }
    }
  }

  /** Makes the fault rules. */
  void faults(List<LabFile.Begin> lines) {
    lines.stream().filter(Beginning::isFault).forEach(begin -> zeroWindow(begin.words().get(2)));
  }

  /** Does a line; returns why it failed, or nothing. */
  private String one(List<String> words) throws IOException {
    ArrayControl array = lab.array().control();
    return switch (words.get(0)) {
      case "host" -> {
        Outcome outcome = lab.runNow(words.get(1), words.subList(2, words.size()));
        yield outcome.exitCode() == 0 ? "" : outcome.stderr() + outcome.stdout();
      }
      case "crash" -> crash(words);
      default -> {
        Volume volume =
            array
                .volumes()
                .find(words.get(2))
                .orElseThrow(() -> new IOException("no volume '" + words.get(2) + "'"));
        if (words.get(1).equals("snapshot")) {
          array.snapshots().create(volume, words.get(3), words.get(4));
        } else {
          array.exports().set(volume, ExportSyntax.parseRules(words.get(3)));
        }
        yield "";
      }
    };
  }

  private String crash(List<String> words) {
    LabHost host = lab.host(words.get(1));
    host.die();
    if (words.size() == 3) {
      Duration ahead = TimeSpan.parse(words.get(2));
      if (LockFiles.setAhead(lab.array().storage(), host.name(), ahead) == 0) {
        return host.name() + " holds no lock";
      }
    }
    return "";
  }

  /** The array reads nothing more from the connections that a host has now. */
  private void zeroWindow(String host) {
    lab.array()
        .faults()
        .add(
            FaultRule.of(new FaultAction.StopReading(Optional.empty()))
                .door(Door.NFS)
                .host(host)
                .count(lab.host(host).connections())
                .rule());
  }
}
