/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.facsim.app.certify.CaseFacts.Contents;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.journal.JournalEntry;

/** Compares what the command says with what the array knows. A pure function. */
final class Judge {
  /** Asking more often for one clone is asking without end. */
  private static final int MAX_CLONE_CALLS = 16;

  private Judge() {}

  /** What is wrong, most telling first; empty if the case is passed. */
  static List<String> problems(CertifyCase of, CaseFacts facts) {
    List<String> problems = new ArrayList<>();
    if (facts.isLate()) {
      problems.add(
          "the command did not end within " + facts.took().toSeconds() + " s and was killed");
    }
    Optional<Answer> said = Answer.of(facts.exitCode());
    if (!facts.isLate() && said.isEmpty()) {
      problems.add("exit code " + facts.exitCode() + " is none of the contract; it has " + codes());
    }
    said.ifPresent(answer -> judgeAnswer(of, facts, answer, problems));
    if (facts.calls().stream().noneMatch(call -> is(call, of.mustCall()))) {
      problems.add(
          "the command never called " + (of.mustCall().isEmpty() ? "VAAI" : of.mustCall()));
    }
    if (facts.clonesMade() > of.mostClones()) {
      problems.add(
          "the array cloned "
              + facts.clonesMade()
              + " times, at most "
              + of.mostClones()
              + " is right: a call that is sent again must be the same call");
    }
    if (facts.destination() == Contents.PARTIAL) {
      problems.add("the destination is " + Contents.PARTIAL.words());
    }
    if (facts.jobsLeft() > 0) {
      problems.add("the command left " + facts.jobsLeft() + " clone jobs under way");
    }
    long cloneCalls = facts.calls().stream().filter(call -> is(call, Cases.CLONE)).count();
    if (cloneCalls > MAX_CLONE_CALLS) {
      problems.add(cloneCalls + " CLONEs for one clone, at most " + MAX_CLONE_CALLS + " are right");
    }
    return problems;
  }

  private static boolean is(JournalEntry call, String procedure) {
    return procedure.equals(CertifyCase.ANY)
        || VaaiCalls.isNamed(procedure, call.door(), call.procedure());
  }

  private static String codes() {
    return Arrays.stream(Answer.values())
        .map(answer -> answer.exitCode() + " (" + answer.words() + ")")
        .collect(Collectors.joining(", "));
  }

  private static void judgeAnswer(
      CertifyCase of, CaseFacts facts, Answer said, List<String> problems) {
    if (!of.allows(said)) {
      problems.add(
          "the command says '"
              + said.words()
              + "' (exit code "
              + said.exitCode()
              + "), and here it must say "
              + of.answers().stream()
                  .sorted()
                  .map(answer -> "'" + answer.words() + "' (" + answer.exitCode() + ")")
                  .collect(Collectors.joining(" or ")));
    }
    switch (said) {
      case CLONED -> cloned(facts, problems);
      case COPIED -> copied(facts, problems);
      case NOT_CLONED, CANCELLED -> untouched(of, facts, problems);
    }
  }

  private static void cloned(CaseFacts facts, List<String> problems) {
    if (facts.clonesMade() == 0) {
      problems.add("the command says that the array cloned, and the array made no clone");
    }
    if (facts.destination() != Contents.CLONE) {
      problems.add(
          "the command says that the array cloned, and the destination is "
              + facts.destination().words());
    }
    if (facts.writes() > 0) {
      problems.add(facts.writes() + " WRITEs to the destination of an offloaded clone");
    }
    if (facts.exclusiveBytes() > 0) {
      problems.add(
          "the ledger says that " + facts.exclusiveBytes() + " bytes of the clone are not shared");
    }
  }

  private static void copied(CaseFacts facts, List<String> problems) {
    if (facts.destination() != Contents.CLONE || facts.writes() == 0) {
      problems.add(
          "the command says that it copied, and the destination is "
              + facts.destination().words()
              + " after "
              + facts.writes()
              + " WRITEs");
    }
  }

  private static void untouched(CertifyCase of, CaseFacts facts, List<String> problems) {
    boolean isRight =
        facts.destination() == Contents.AS_IT_WAS
            || (facts.destination() == Contents.MISSING && of.operation() == Operation.FAST_CLONE)
            || (facts.destination() == Contents.CLONE && of.mayHaveCloned());
    if (!isRight) {
      problems.add(
          "the command says that there is no clone, and the destination is "
              + facts.destination().words());
    }
    if (facts.takenBytes() > 0 && facts.clonesMade() == 0) {
      problems.add(
          "the ledger says that the volume uses "
              + facts.takenBytes()
              + " bytes more than before, for no clone");
    }
  }
}
