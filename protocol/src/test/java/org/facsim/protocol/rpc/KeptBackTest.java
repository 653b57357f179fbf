/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptBackTest {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final InFlight all = new InFlight(4, 10_000, 2);
  private final KeptBack kept = new KeptBack(all);
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void begin() {
    kept.begin(channel.eventLoop());
    channel.freezeTime();
  }

  @AfterEach
  void nothingIsLeft() {
    kept.close();
    assertThat(all.requests()).isZero();
    assertThat(all.bytes()).isZero();
    var unused = channel.close();
  }

  private KeptBack.Item item(String name, int bytes) {
    return new KeptBack.Item(bytes) {
      @Override
      void goOn() {
        heard.add(name);
      }

      @Override
      void drop() {
        heard.add(name + " dropped");
      }
    };
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  @Test
  void itemsGoOnWhenTheirTimeHasCome() {
    kept.keepFor(item("late", 1), 5 * SECOND_NANOS);
    kept.keepFor(item("early", 1), 2 * SECOND_NANOS);
    pass(1);
    assertThat(heard).isEmpty();
    pass(2);
    pass(3);
    assertThat(heard).containsExactly("early", "late");
    assertThat(kept.isEmpty()).isTrue();
  }

  @Test
  void anAnswerGoesBehindOthersOrAfterItsLimitAndOnce() {
    kept.keepBehind(item("behind two", 1), null, 2, 5 * SECOND_NANOS);
    kept.keepBehind(item("behind nine", 1), null, 9, 5 * SECOND_NANOS);
    kept.answerLeft(null);
    assertThat(heard).isEmpty();
    kept.answerLeft(null);
    assertThat(heard).containsExactly("behind two");
    pass(6);
    kept.answerLeft(null);
    assertThat(heard).containsExactly("behind two", "behind nine");
    assertThat(kept.hasBehind()).isFalse();
  }

  @Test
  void answersOfOtherLinesDoNotCount() {
    kept.keepBehind(item("of a", 1), "a", 1, 5 * SECOND_NANOS);
    kept.answerLeft("b");
    assertThat(heard).isEmpty();
    kept.answerLeft("a");
    assertThat(heard).containsExactly("of a");
  }

  @Test
  void whatIsKeptIsDroppedOnceWhenTheConnectionEnds() {
    kept.keepFor(item("timed", 3), SECOND_NANOS);
    kept.keepBehind(item("behind", 3), null, 1, SECOND_NANOS);
    assertThat(all.bytes()).isEqualTo(6);
    kept.close();
    pass(2);
    kept.answerLeft(null);
    assertThat(heard).containsExactly("timed dropped", "behind dropped");
  }

  @Test
  void aConnectionThatKeepsItsShareKeepsNoMoreWhileAllHaveTooMuch() {
    KeptBack other = new KeptBack(all);
    other.begin(channel.eventLoop());
    other.keepFor(item("other 1", 1), SECOND_NANOS);
    other.keepFor(item("other 2", 1), SECOND_NANOS);
    assertThat(kept.hasRoom()).isTrue();
    kept.keepFor(item("mine 1", 1), SECOND_NANOS);
    kept.keepFor(item("mine 2", 1), SECOND_NANOS);
    assertThat(kept.hasRoom()).isFalse();
    assertThat(other.hasRoom()).isFalse();
    assertThat(new KeptBack(all).hasRoom()).as("one that keeps nothing").isTrue();
    other.close();
    assertThat(kept.hasRoom()).isTrue();
  }

  @Test
  void theBytesOfOneConnectionAreBounded() {
    InFlight roomy = new InFlight(10_000, Long.MAX_VALUE, 1);
    KeptBack mine = new KeptBack(roomy);
    mine.begin(channel.eventLoop());
    mine.keepFor(item("large", (int) KeptBack.MAX_BYTES - 1), SECOND_NANOS);
    assertThat(mine.hasRoom()).isTrue();
    mine.keepFor(item("small", 1), SECOND_NANOS);
    assertThat(mine.hasRoom()).isFalse();
    pass(2);
    assertThat(mine.hasRoom()).isTrue();
    for (int i = 0; i < KeptBack.MAX_ITEMS; i++) {
      assertThat(mine.hasRoom()).isTrue();
      mine.keepFor(item("many", 0), SECOND_NANOS);
    }
    assertThat(mine.hasRoom()).isFalse();
    mine.close();
    assertThat(roomy.requests()).isZero();
  }
}
