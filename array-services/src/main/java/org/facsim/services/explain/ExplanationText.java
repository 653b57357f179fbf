/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.facsim.array.FileSpace;
import org.facsim.array.NotedSpace;
import org.facsim.services.explain.Explanation.Moved;

/** An explanation for people: a sentence, then tables. */
public final class ExplanationText {
  private static final String INDENT = "  ";

  private final Explanation of;
  private final List<String> lines = new ArrayList<>();

  private ExplanationText(Explanation of) {
    this.of = of;
  }

  /** The lines, without ends of lines. */
  public static List<String> lines(Explanation explanation) {
    ExplanationText text = new ExplanationText(explanation);
    text.lines.add(explanation.headline());
    text.who();
    text.preconditions();
    text.moved();
    text.cost();
    text.advice();
    for (Explanation.Section section : explanation.sections()) {
      text.title(section.title() + " (told by " + section.teller() + ")");
      section.lines().forEach(line -> text.lines.add(INDENT + line));
    }
    return text.lines;
  }

  private void title(String title) {
    lines.add("");
    lines.add(title);
  }

  private void row(String what, String value) {
    lines.add(INDENT + String.format("%-34s", what) + " " + value);
  }

  private void who() {
    if (of.kind().isEmpty()) {
      return;
    }
    title("What was asked");
    row("a " + of.kind(), "by " + of.client() + ", over " + of.dialect());
    of.at().ifPresent(at -> row("decided", at.toString()));
    of.jobId().ifPresent(job -> row("job", Long.toUnsignedString(job)));
    if (!of.status().isEmpty()) {
      row("answered", of.status());
    }
  }

  private void preconditions() {
    if (of.preconditions().isEmpty()) {
      return;
    }
    title(
        of.kind().isEmpty()
            ? "What must hold, judged now, as if the host had asked for a clone"
            : "What must hold, as the array judged it");
    int widest =
        of.preconditions().stream()
            .mapToInt(each -> each.precondition().words().length())
            .max()
            .orElse(1);
    for (Finding each : of.preconditions()) {
      lines.add(
          String.format(
                  "%s%-15s %-" + widest + "s  %s",
                  INDENT,
                  each.judgement().words(),
                  each.precondition().words(),
                  each.evidence())
              .stripTrailing());
    }
  }

  private void moved() {
    Moved moved = of.moved();
    title("What it moved");
    if (moved.cloneCalls() > 0) {
      row(
          "the call for the clone",
          moved.argumentBytes() == 0
              ? "1 call"
              : "1 call, "
                  + (moved.argumentBytes() + moved.resultBytes())
                  + " bytes of arguments and results");
      row(
          "questions about the job",
          moved.statusCalls() + " calls, " + moved.abortCalls() + " asked to abort it");
      row("shared inside the array", Headlines.size(moved.sharedBytes()));
      row("copied inside the array", Headlines.size(moved.copiedBytes()));
    }
    row(
        moved.cloneCalls() > 0 ? "written over NFS since then" : "written over NFS",
        moved.writes() + " WRITEs, " + Headlines.size(moved.writtenBytes()));
    for (FileTransfers.ByClient each : moved.byClient()) {
      row(
          INDENT + "by " + each.client() + ", in all",
          each.writes()
              + " WRITEs, "
              + Headlines.size(each.writtenBytes())
              + "; "
              + each.reads()
              + " READs, "
              + Headlines.size(each.readBytes()));
    }
    for (Explanation.Source each : moved.readMeanwhile()) {
      row(
          INDENT + "while " + each.client() + " read",
          each.path() + ": " + each.reads() + " READs, " + Headlines.size(each.readBytes()));
    }
  }

  private void cost() {
    title("What it cost");
    CloneCost cost = of.cost();
    noted("the source before", cost.sourceBefore());
    noted("the source after", cost.sourceAfter());
    noted("the file before", cost.destinationBefore());
    noted("the file after", cost.destinationAfter());
    space("the source now", of.sourceNow());
    if (of.spaceNow().isPresent()) {
      space("the file now", of.spaceNow());
    } else {
      row("the file now", "is not there");
    }
  }

  private void noted(String what, Optional<NotedSpace> space) {
    space.ifPresent(
        of ->
            space(
                what,
                of.chargedBytes(),
                of.referencedBytes(),
                of.exclusiveBytes(),
                of.logicalBytes()));
  }

  private void space(String what, Optional<FileSpace> space) {
    space.ifPresent(
        of ->
            space(
                what,
                of.chargedBytes(),
                of.referencedBytes(),
                OptionalLong.of(of.exclusiveBytes()),
                of.logicalBytes()));
  }

  private void space(
      String what, long charged, long referenced, OptionalLong exclusive, long logical) {
    row(
        what,
        "charged "
            + Headlines.size(charged)
            + (exclusive.isPresent()
                ? ", shared "
                    + Headlines.size(referenced - exclusive.getAsLong())
                    + ", exclusive "
                    + Headlines.size(exclusive.getAsLong())
                : ", mapped " + Headlines.size(referenced) + ", exclusive not counted then")
            + ", size "
            + Headlines.size(logical));
  }

  private void advice() {
    title("What to change");
    if (of.advice().isEmpty()) {
      lines.add(INDENT + "nothing");
    }
    of.advice().forEach(each -> lines.add(INDENT + each));
  }
}
