/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.facsim.app.certify.CaseFacts.Contents;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.JournalEntry;
import org.junit.jupiter.api.Test;

/** What passes a case and what does not, by what the array knows. */
class JudgeTest {
  private static final CertifyCase PLAIN = Cases.named("plain").orElseThrow();
  private static final CertifyCase LOST = Cases.named("lost-reply").orElseThrow();
  private static final CertifyCase CANCEL = Cases.named("cancel").orElseThrow();
  private static final CertifyCase STALL = Cases.named("stall").orElseThrow();

  private static JournalEntry call(String procedure) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return new JournalEntry(
        1,
        Instant.EPOCH,
        Door.VAAI,
        address,
        address,
        1,
        JournalEntry.Transport.TCP,
        procedure,
        1,
        1,
        1,
        "",
        "",
        "",
        "",
        null,
        null,
        0,
        0,
        JournalEntry.Outcome.ANSWERED,
        "OK",
        Duration.ZERO,
        List.of());
  }

  private static CaseFacts facts(int exitCode, long clonesMade, Contents destination) {
    return facts(exitCode, clonesMade, destination, 0, 0, 1);
  }

  private static CaseFacts facts(
      int exitCode,
      long clonesMade,
      Contents destination,
      long writes,
      long jobsLeft,
      int cloneCalls) {
    return new CaseFacts(
        exitCode,
        exitCode == -1,
        Duration.ofSeconds(1),
        Collections.nCopies(cloneCalls, call("CLONE")),
        clonesMade,
        jobsLeft,
        destination,
        writes,
        0,
        0,
        List.of());
  }

  private static void assertProblem(CertifyCase of, CaseFacts facts, String words) {
    assertThat(Judge.problems(of, facts)).anyMatch(problem -> problem.contains(words));
  }

  @Test
  void aCloneThatIsThereAndSaidToBePasses() {
    assertThat(Judge.problems(PLAIN, facts(0, 1, Contents.CLONE))).isEmpty();
  }

  @Test
  void theCommandsWordIsNotBelieved() {
    assertProblem(PLAIN, facts(0, 0, Contents.AS_IT_WAS), "the array made no clone");
    assertProblem(PLAIN, facts(0, 1, Contents.PARTIAL), "neither what it held before");
    assertProblem(PLAIN, facts(0, 0, Contents.CLONE, 8, 0, 1), "8 WRITEs to the destination");
    assertProblem(STALL, facts(0, 0, Contents.AS_IT_WAS), "here it must say");
    assertProblem(CANCEL, facts(11, 1, Contents.CLONE), "says that there is no clone");
  }

  @Test
  void aCloneThatRanTwiceFails() {
    assertThat(Judge.problems(LOST, facts(0, 1, Contents.CLONE))).isEmpty();
    assertThat(Judge.problems(LOST, facts(10, 1, Contents.CLONE))).isEmpty();
    assertProblem(LOST, facts(0, 2, Contents.CLONE), "the array cloned 2 times, at most 1");
  }

  @Test
  void aCommandThatDoesNotEndOrLeavesAJobFails() {
    assertProblem(STALL, facts(-1, 0, Contents.AS_IT_WAS), "did not end within 1 s");
    assertProblem(STALL, facts(10, 0, Contents.AS_IT_WAS, 0, 1, 1), "left 1 clone jobs under way");
  }

  @Test
  void aCommandThatAsksForNothingOrWithoutEndFails() {
    assertProblem(STALL, facts(10, 0, Contents.AS_IT_WAS, 0, 0, 0), "never called CLONE");
    assertProblem(STALL, facts(10, 0, Contents.AS_IT_WAS, 0, 0, 99), "99 CLONEs for one clone");
    assertProblem(PLAIN, facts(3, 1, Contents.CLONE), "exit code 3 is none of the contract");
  }

  @Test
  void aCopyMustBeThere() {
    assertThat(Judge.problems(STALL, facts(12, 0, Contents.CLONE, 8, 0, 1))).isEmpty();
    assertProblem(STALL, facts(12, 0, Contents.AS_IT_WAS), "says that it copied");
  }

  @Test
  void everyCaseHasANameOfItsOwn() {
    assertThat(Certification.names()).doesNotHaveDuplicates().hasSizeGreaterThan(45);
  }
}
