/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What hosts asked before they cloned, or copied themselves: whether a primitive is supported, and
 * whether they are let in. A host that was told "no" never asks for the clone. Bounded: the last
 * answer to each question of the {@value #MAX_HOSTS} pairs of host and volume that asked last.
 * Thread-safe.
 */
public final class HostQuestions {
  static final int MAX_HOSTS = 1024;

  private final InstantSource clock;
  private final Map<Host, Map<Question, Answer>> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Host, Map<Question, Answer>> eldest) {
          return size() > MAX_HOSTS;
        }
      };

  HostQuestions(InstantSource clock) {
    this.clock = clock;
  }

  private record Host(String client, String volume) {}

  private record Question(String dialect, String question) {}

  /**
   * The last answer to a question.
   *
   * @param question for people, for example {@code full-clone}
   * @param reason empty if the answer was yes
   */
  public record Answer(Instant at, String dialect, String question, boolean isYes, String reason) {}

  /**
   * Notes an answer.
   *
   * @param question one of few
   */
  public void answered(
      String client, String volume, String dialect, String question, boolean isYes, String reason) {
    answered(client, volume, new Answer(clock.instant(), dialect, question, isYes, reason));
  }

  /** As the other, at a time that is known. Each clone notes an answer, so it makes no string. */
  synchronized void answered(String client, String volume, Answer answer) {
    answers
        .computeIfAbsent(new Host(client, volume), host -> new LinkedHashMap<>())
        .put(new Question(answer.dialect, answer.question), answer);
  }

  /** The last answers that a host got on a volume. */
  public synchronized List<Answer> of(String client, String volume) {
    Map<Question, Answer> known = answers.get(new Host(client, volume));
    return known == null ? List.of() : new ArrayList<>(known.values());
  }
}
