/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the programs behind one number is called, and what is said of its procedures. */
final class ProcedureRouterTest {
  private static final int PROGRAM = 77;
  private static final int VERSION = 3;

  /** Answers with its own word. */
  private record Part(int number, int version, int word, boolean hasStatus) implements RpcProgram {
    @Override
    public int lowestVersion() {
      return version;
    }

    @Override
    public int highestVersion() {
      return version;
    }

    @Override
    public boolean answersWithStatus(int procedure) {
      return hasStatus;
    }

    @Override
    public void call(RpcCall call) {
      call.reply().writeInt(word);
    }
  }

  private static final Part MOST = new Part(PROGRAM, VERSION, 100, true);
  private static final Part SOME = new Part(PROGRAM, VERSION, 200, false);
  private static final ProcedureRouter ROUTER =
      ProcedureRouter.to(MOST).with(Set.of(0, 22, 63), SOME);

  private static int wordOf(int procedure) {
    try (EmbeddedServer server = new EmbeddedServer(List.of(ROUTER))) {
      ByteBuf answer =
          server.exchange(EmbeddedServer.call(1, PROGRAM, VERSION, procedure, 0, out -> {}));
      assertThat(EmbeddedServer.acceptStatus(answer)).isZero();
      return answer.readInt();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 22, 63})
  void aRoutedProcedureIsCalledInItsProgramAlone(int procedure) {
    assertThat(wordOf(procedure)).isEqualTo(SOME.word);
    assertThat(ROUTER.answersWithStatus(procedure)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 21, 23, 64, 64 + 22, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void everyOtherProcedureIsCalledInTheFirst(int procedure) {
    assertThat(wordOf(procedure)).isEqualTo(MOST.word);
    assertThat(ROUTER.answersWithStatus(procedure)).isTrue();
  }

  @Test
  void itIsTheProgramAndVersionOfItsParts() {
    assertThat(ROUTER.number()).isEqualTo(PROGRAM);
    assertThat(ROUTER.lowestVersion()).isEqualTo(VERSION);
    assertThat(ROUTER.highestVersion()).isEqualTo(VERSION);
  }

  @Test
  void aRouterWithMoreRoutesLeavesTheFirstAsItWas() {
    ProcedureRouter more = ROUTER.with(Set.of(1), SOME);
    assertThat(more.answersWithStatus(1)).isFalse();
    assertThat(ROUTER.answersWithStatus(1)).isTrue();
  }

  @Test
  void anotherProgramOrVersionIsRefused() {
    for (Part other :
        List.of(new Part(78, VERSION, 1, false), new Part(PROGRAM, VERSION + 1, 1, false))) {
      assertThatIllegalArgumentException().isThrownBy(() -> ROUTER.with(Set.of(1), other));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 64})
  void aProcedureThatHasNoPlaceIsRefused(int procedure) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ROUTER.with(Set.of(procedure), SOME))
        .withMessage("procedure " + procedure + ", 0 to 63");
  }
}
