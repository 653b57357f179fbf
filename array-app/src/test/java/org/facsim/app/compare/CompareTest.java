/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.access.NfsVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Two arrays that are alike, and pairs of which one is not. */
class CompareTest {
  private static final int CALLS = 300;
  private static final int HISTORIES = 4;

  private static FacsimArray here;
  private static FacsimArray there;

  @BeforeAll
  static void start() throws IOException {
    here = Compare.startArray();
    there = Compare.startArray();
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  private static Side side(NfsVersion version, FacsimArray array) {
    Address address = Compare.addressOf(array);
    return version == NfsVersion.V3
        ? new Side3(address)
        : new Side4(address, Versions.minor(version));
  }

  private static CompareResult play(NfsVersion version, Side one, Side other) {
    CompareOptions options =
        new CompareOptions(List.of(version), 11, HISTORIES, CALLS, Duration.ofMinutes(5), true);
    AtomicInteger time = new AtomicInteger();
    return new Compare(options, time::getAndIncrement).histories(version, one, other);
  }

  @ParameterizedTest
  @EnumSource
  void twoArraysAnswerAlikeAndNothingIsLeftBehind(NfsVersion version) {
    try (Side one = side(version, here);
        Side other = side(version, there)) {
      CompareResult result = play(version, one, other);

      assertThat(result.failures()).isEmpty();
      assertThat(result.histories()).isEqualTo(HISTORIES);
      assertThat(result.calls()).isGreaterThan(CALLS);
    }
    assertThat(here.files().list("/compare")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void oneServerOnBothSidesAnswersLikeItself(NfsVersion version) {
    try (Side one = side(version, here);
        Side other = side(version, here)) {
      CompareResult result = play(version, one, other);

      assertThat(result.failures()).isEmpty();
      assertThat(result.histories()).isEqualTo(HISTORIES);
      assertThat(result.calls()).isGreaterThan(CALLS);
    }
    assertThat(here.files().list("/compare")).isEmpty();
  }

  /** What a server may get wrong in one call, and the fact that tells it. */
  @ParameterizedTest
  @CsvSource({
    "V3, WRITE, status, NOSPC",
    "V3, CREATE, mode, 0111",
    "V3, READ, data, 00",
    "V3, READDIR, entry a, listed twice",
    "V3, REMOVE, before, none",
    "V3, LOOKUP, fileid, file 999",
    "V3, LOCKT, status, FAILED",
    "V4_0, OPEN, folder.changed, false",
    "V4_0, LOCKT, status, LOCK_RANGE",
    "V4_1, SETACL, acl, rwxrwxrwx",
    "V4_1, GETATTR, change, other",
    "V4_2, SEEK, found, 12345",
    "V4_2, GETXATTR, value, 00",
    "V4_2, LISTXATTRS, names, [zero]",
    "V4_2, CLONE, status, IO",
    "V4_2, COPY, count, 1",
    "V4_2, READ_PLUS, eof, maybe"
  })
  void aPlantedDifferenceIsFoundAndTheHistoryShortened(
      NfsVersion version, Act act, String fact, String word) {
    try (Side one = side(version, here);
        Side other = new AlteredSide(side(version, there), act, fact, word)) {
      CompareResult result = play(version, one, other);

      assertThat(result.isSame()).isFalse();
      CompareResult.Failure failure = result.failures().get(0);
      assertThat(failure.differences())
          .extracting(Difference::fact, Difference::there)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(fact, word));
      List<Step> history = failure.history();
      assertThat(history).hasSizeLessThan(12);
      assertThat(history.get(history.size() - 1).act()).isEqualTo(act);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsSetUpOtherwiseIsTold(NfsVersion version) throws IOException {
    try (FacsimArray squashing =
            FacsimArray.builder()
                .volume("compare", 1 << 30)
                .export("compare", ExportSyntax.parseRules("*(rw,all_squash)"))
                .nfsPort(0)
                .portmapPort(0)
                .start();
        Side one = side(version, here)) {
      makeWritable(squashing);
      try (Side other = side(version, squashing)) {
        CompareResult result = play(version, one, other);
        assertThat(result.failures()).isNotEmpty();
        assertThat(result.failures().get(0).differences())
            .extracting(Difference::fact)
            .anyMatch(fact -> fact.endsWith("owner") || fact.equals(Facts.STATUS));
      }
    }
  }

  private static void makeWritable(FacsimArray array) {
    var volume = array.storage().volume("compare").orElseThrow();
    volume
        .attributes()
        .setAttributes(
            org.facsim.array.Caller.ROOT,
            volume.root(),
            org.facsim.array.AttributeChanges.ofMode(0777),
            null);
  }

  @Test
  void whatIsAllowedIsCountedAndDoesNotFail() throws IOException {
    String file =
        """
        [{"id": "x", "versions": ["3"], "calls": ["getattr"], "fact": "mode", "there": "0111",
          "source": "RFC 0 1", "sentence": "It may.", "why": "because"}]
        """;
    AllowedDifferences allowed =
        AllowedDifferences.of(new com.fasterxml.jackson.databind.ObjectMapper().readTree(file));
    try (Side one = side(NfsVersion.V3, here);
        Side other = new AlteredSide(side(NfsVersion.V3, there), Act.GETATTR, "mode", "0111")) {
      Play play = new Play(NfsVersion.V3, one, other, allowed, "allowed");
      Play.Outcome outcome = play.play(History.of(NfsVersion.V3, 4, CALLS));

      assertThat(outcome.isSame()).isTrue();
      assertThat(outcome.allowedCounts()).containsOnlyKeys("x");
      assertThat(outcome.calls()).isGreaterThan(CALLS / 2);
    }
  }
}
