/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.facsim.app.lab.Facts.Change;
import org.facsim.management.LabView.Check;
import org.facsim.management.LabView.Part;

/**
 * Judges how an incident was handled, by evidence and not by the end state alone. A pure function.
 *
 * <table>
 *   <caption>Of 100 points</caption>
 *   <tr><td>cause</td><td>40: all of them within the par time, down to 20 at four times that; 10 less
 *       for each wrong answer</td></tr>
 *   <tr><td>mended</td><td>30, in equal shares for what must hold and did not at the start</td></tr>
 *   <tr><td>bytes</td><td>10: none if hosts copied more than was needed by 64 MiB or more</td></tr>
 *   <tr><td>downtime</td><td>10: none at a minute too much</td></tr>
 *   <tr><td>collateral</td><td>10: 5 less for each change that the solution does not need</td></tr>
 *   <tr><td>hints</td><td>less what they cost</td></tr>
 *   <tr><td>peeking</td><td>20 less if the fault rules were looked at</td></tr>
 * </table>
 *
 * <p>A change that the solution does not need, or more downtime than {@link #TOLERANCE} beyond what
 * it needs, makes the fix a wrong one: nothing counts as mended, bytes, downtime and collateral
 * give nothing, and the verdict is {@code wrong}. Without a right answer the verdict is {@code
 * open}, and of what must hold only the number is told: its words would name the cause.
 */
final class Scoring {
  static final String SOLVED = "solved";
  static final String OPEN = "open";
  static final String WRONG = "wrong";

  /** More downtime than is needed by this makes a fix wrong. */
  static final Duration TOLERANCE = Duration.ofSeconds(5);

  private static final int CAUSE = 40;
  private static final int MENDED = 30;
  private static final int CARE = 10;
  private static final int WRONG_ANSWER = 10;
  private static final int PEEK = 20;
  private static final int COLLATERAL = 5;
  private static final int LATE_FACTOR = 4;
  private static final long TOO_MANY_BYTES = 64L << 20;
  private static final double TOO_LONG_SECONDS = 60;
  private static final int MAX_SHOWN = 8;

  private final LabFile.Incident incident;
  private final Evidence evidence;
  private final List<Change> collateral;
  private final Duration needlessDowntime;
  private final long needlessBytes;
  private final boolean isWrong;

  private Scoring(LabFile.Incident incident, Evidence evidence) {
    this.incident = incident;
    this.evidence = evidence;
    this.collateral =
        evidence.now().changesSince(evidence.start()).stream()
            .filter(
                change ->
                    incident.mayChange().stream()
                        .noneMatch(glob -> Facts.matches(glob, change.name())))
            .toList();
    Duration over = evidence.downtime().minus(incident.downtime());
    this.needlessDowntime = over.isNegative() ? Duration.ZERO : over;
    this.needlessBytes = Math.max(0, evidence.copiedBytes() - incident.bytes());
    this.isWrong = !collateral.isEmpty() || needlessDowntime.compareTo(TOLERANCE) > 0;
  }

  static Check judge(LabFile.Incident incident, Evidence evidence) {
    return new Scoring(incident, evidence).check();
  }

  private Check check() {
    List<Part> parts =
        List.of(cause(), mended(), bytes(), downtime(), collateral(), hints(), peeking());
    boolean holds = incident.holds().stream().allMatch(each -> each.holds(evidence.now()));
    String verdict =
        isWrong ? WRONG : holds && evidence.found(incident).isPresent() ? SOLVED : OPEN;
    int score = Math.max(0, Math.min(100, parts.stream().mapToInt(Part::points).sum()));
    return new Check(verdict, score, parts, text(verdict, score, parts));
  }

  private Part cause() {
    List<String> seen = new ArrayList<>();
    int points = 0;
    if (evidence.found(incident).isPresent()) {
      Duration after = evidence.found(incident).get();
      points = Math.max(0, timely(after) - WRONG_ANSWER * evidence.wrongAnswers(incident));
      seen.add(
          "the right cause was stated after "
              + seconds(after)
              + ", par is "
              + seconds(incident.par()));
    } else {
      seen.add("the right cause has not been stated");
    }
    if (evidence.wrongAnswers(incident) > 0) {
      int wrong = evidence.wrongAnswers(incident);
      seen.add(counted(wrong, "wrong answer") + ", " + WRONG_ANSWER + " points less for each");
    }
    return new Part("cause", points, CAUSE, seen);
  }

  private int timely(Duration after) {
    double late =
        (double) after.minus(incident.par()).toMillis()
            / ((LATE_FACTOR - 1) * Math.max(1, incident.par().toMillis()));
    return (int) Math.round(CAUSE - CAUSE / 2.0 * Math.max(0, Math.min(1, late)));
  }

  /** What held at the start gives nothing, but what is broken of it takes all. */
  private Part mended() {
    List<String> seen = new ArrayList<>();
    int toMend = 0;
    int holding = 0;
    boolean isBroken = false;
    for (Wanted wanted : incident.holds()) {
      boolean held = wanted.holds(evidence.start());
      boolean holds = wanted.holds(evidence.now());
      toMend += held ? 0 : 1;
      holding += holds && !held ? 1 : 0;
      isBroken |= held && !holds;
      seen.add(
          (holds ? "yes: " : "no: ")
              + wanted.words()
              + " ("
              + wanted.evidence(evidence.now())
              + ")");
    }
    int points = isWrong || isBroken || toMend == 0 ? 0 : MENDED * holding / toMend;
    if (evidence.found(incident).isEmpty()) {
      seen = new ArrayList<>(List.of(untold()));
    }
    if (isWrong) {
      seen.add("no points, because the fix is wrong: see downtime and collateral");
    }
    return new Part("mended", points, MENDED, seen);
  }

  private String untold() {
    long holding = incident.holds().stream().filter(each -> each.holds(evidence.now())).count();
    return "%d of %d conditions hold; the right answer shows them"
        .formatted(holding, incident.holds().size());
  }

  private Part bytes() {
    List<String> seen = new ArrayList<>();
    seen.add(
        "hosts wrote %s into new directories, %s are needed"
            .formatted(mebibytes(evidence.copiedBytes()), mebibytes(incident.bytes())));
    evidence.copiedBytesByDirectory().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MAX_SHOWN)
        .forEach(each -> seen.add(each.getKey() + ": " + mebibytes(each.getValue())));
    if (evidence.missedCalls() > 0) {
      seen.add(
          "the journal missed "
              + evidence.missedCalls()
              + " calls: there may have been more bytes");
    }
    return new Part("bytes", care((double) needlessBytes / TOO_MANY_BYTES), CARE, seen);
  }

  private Part downtime() {
    List<String> seen = new ArrayList<>();
    seen.add(
        "VMs were off for %s in all, %s are needed"
            .formatted(seconds(evidence.downtime()), seconds(incident.downtime())));
    evidence.downtimeByVm().entrySet().stream()
        .filter(each -> !each.getValue().isZero())
        .sorted(Map.Entry.comparingByKey())
        .limit(MAX_SHOWN)
        .forEach(each -> seen.add(each.getKey() + ": " + seconds(each.getValue())));
    double tooLong = needlessDowntime.toMillis() / 1000.0 / TOO_LONG_SECONDS;
    return new Part("downtime", care(tooLong), CARE, seen);
  }

  /** Points for care: all of them at 0, none at 1. */
  private int care(double excess) {
    return isWrong || !isAnythingDone()
        ? 0
        : (int) Math.round(CARE * Math.max(0, 1 - Math.max(0, excess)));
  }

  /** Care alone gives nothing: it counts when the cause was found or something is mended. */
  private boolean isAnythingDone() {
    return evidence.found(incident).isPresent();
  }

  private Part collateral() {
    List<String> seen = new ArrayList<>();
    collateral.stream().limit(MAX_SHOWN).forEach(change -> seen.add(change.toString()));
    if (collateral.size() > MAX_SHOWN) {
      seen.add("and " + (collateral.size() - MAX_SHOWN) + " more");
    }
    if (collateral.isEmpty()) {
      seen.add("nothing was changed that the solution does not need");
    }
    return new Part("collateral", care((double) COLLATERAL * collateral.size() / CARE), CARE, seen);
  }

  private Part hints() {
    int cost = evidence.hintCosts().stream().mapToInt(Integer::intValue).sum();
    return new Part(
        "hints", -cost, 0, List.of(evidence.hintCosts().size() + " taken, " + cost + " points"));
  }

  private Part peeking() {
    return new Part(
        "peeking",
        evidence.peeks() > 0 ? -PEEK : 0,
        0,
        List.of("the array's fault rules were looked at " + counted(evidence.peeks(), "time")));
  }

  private static List<String> text(String verdict, int score, List<Part> parts) {
    List<String> text = new ArrayList<>();
    text.add(verdict + ", " + score + " of 100 points");
    for (Part part : parts) {
      text.add(
          String.format(
              Locale.ROOT,
              "%-11s %3d%s",
              part.what(),
              part.points(),
              part.most() > 0 ? " of " + part.most() : ""));
      part.evidence().forEach(line -> text.add("            " + line));
    }
    return text;
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
