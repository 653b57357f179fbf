/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.protocol.rpc.RawConnection.hex;

import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole replies, byte for byte, for every way a call can end, RFC 5531 section 9. Written as hex
 * words so that no code of ours stands between the RFC and the expectation.
 */
class ErrorLadderTest {
  private static final String NO_AUTH = "00000000 00000000 00000000 00000000";

  /** xid 7, CALL, RPC version 2, the echo program. */
  private static final String CALL = "00000007 00000000 00000002 20004711";

  private static final String ACCEPTED = "00000007 00000001 00000000 00000000 00000000";
  private static final String DENIED = "00000007 00000001 00000001";

  private final EchoServer server = new EchoServer();

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> rungs() {
    return Stream.of(
        rung(
            "success without results", CALL + "00000002 00000000" + NO_AUTH, ACCEPTED + "00000000"),
        rung(
            "success with results",
            CALL + "00000004 00000001" + NO_AUTH + "0badcafe 00000001",
            ACCEPTED + "00000000 0badcafe 00000001"),
        rung(
            "RPC version 3",
            "00000007 00000000 00000003 20004711 00000002 00000000" + NO_AUTH,
            DENIED + "00000000 00000002 00000002"),
        rung(
            "RPC version 0, nothing behind the fixed words",
            "00000007 00000000 00000000 20004711 00000002 00000000",
            DENIED + "00000000 00000002 00000002"),
        rung(
            "unknown program",
            "00000007 00000000 00000002 20004712 00000002 00000000" + NO_AUTH,
            ACCEPTED + "00000001"),
        rung(
            "version too low",
            CALL + "00000001 00000000" + NO_AUTH,
            ACCEPTED + "00000002 00000002 00000004"),
        rung(
            "version too high",
            CALL + "ffffffff 00000000" + NO_AUTH,
            ACCEPTED + "00000002 00000002 00000004"),
        rung("unknown procedure", CALL + "00000002 00000063" + NO_AUTH, ACCEPTED + "00000003"),
        rung("arguments cut short", CALL + "00000002 00000003" + NO_AUTH, ACCEPTED + "00000004"),
        rung(
            "malformed after half an answer",
            CALL + "00000002 00000006" + NO_AUTH,
            ACCEPTED + "00000004"),
        rung(
            "failure after half an answer with data",
            CALL + "00000002 00000007" + NO_AUTH + "01020304",
            ACCEPTED + "00000005"),
        rung(
            "a program that forgets to answer",
            CALL + "00000002 0000000b" + NO_AUTH,
            ACCEPTED + "00000005"),
        rung(
            "refused by the program after half an answer",
            CALL + "00000002 00000008" + NO_AUTH,
            DENIED + "00000001 00000005"),
        rung(
            "AUTH_SHORT, which was never issued",
            CALL + "00000002 00000000 00000002 00000004 01020304 00000000 00000000",
            DENIED + "00000001 00000002"),
        rung(
            "RPCSEC_GSS, not served",
            CALL + "00000002 00000000 00000006 00000000 00000000 00000000",
            DENIED + "00000001 00000001"),
        rung("no credential at all", CALL + "00000002 00000000", DENIED + "00000001 00000001"),
        rung(
            "a credential longer than its record",
            CALL + "00000002 00000000 00000001 00000018 00000000",
            DENIED + "00000001 00000001"),
        rung(
            "a credential of 404 bytes",
            CALL + "00000002 00000000 00000000 00000194" + "00".repeat(404) + "00000000 00000000",
            DENIED + "00000001 00000001"),
        rung(
            "a credential of a length beyond 2^31",
            CALL + "00000002 00000000 00000000 fffffffd 00000000 00000000",
            DENIED + "00000001 00000001"),
        rung(
            "no verifier",
            CALL + "00000002 00000000 00000000 00000000",
            DENIED + "00000001 00000003"),
        rung(
            "a verifier that is not empty",
            CALL + "00000002 00000000 00000000 00000000 00000000 00000004 00000000",
            DENIED + "00000001 00000003"));
  }

  private static Arguments rung(String name, String call, String reply) {
    return Arguments.of(name, mark(call), mark(reply));
  }

  private static String mark(String words) {
    int bytes = words.replaceAll("\\s", "").length() / 2;
    return "%08x".formatted(0x8000_0000 | bytes) + words;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rungs")
  void everyRungHasItsReply(String name, String call, String reply) throws Exception {
    byte[] expected = hex(reply);
    try (RawConnection connection = server.connect()) {
      connection.send(hex(call));

      assertThat(connection.read(expected.length)).as(name).isEqualTo(expected);

      connection.send(hex(mark(CALL + "00000002 00000000" + NO_AUTH)));
      byte[] next = hex(mark(ACCEPTED + "00000000"));
      assertThat(connection.read(next.length)).as("the call after it").isEqualTo(next);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void theWholeLadderGivesTheSameRepliesHoweverItIsSplit(long seed) throws Exception {
    Random random = new Random(seed);
    ByteArrayOutputStream calls = new ByteArrayOutputStream();
    ByteArrayOutputStream replies = new ByteArrayOutputStream();
    rungs().forEach(rung -> calls.writeBytes(hex((String) rung.get()[1])));
    rungs().forEach(rung -> replies.writeBytes(hex((String) rung.get()[2])));
    byte[] sent = calls.toByteArray();

    try (RawConnection connection = server.connect()) {
      for (int at = 0; at < sent.length; ) {
        int bytes = seed == 0 ? 1 : 1 + random.nextInt(97);
        byte[] part = java.util.Arrays.copyOfRange(sent, at, Math.min(sent.length, at + bytes));
        connection.send(part);
        at += part.length;
      }

      assertThat(connection.read(replies.size()))
          .as("seed %s", seed)
          .isEqualTo(replies.toByteArray());
    }
  }

  @Test
  void aFailureAfterPuttingTheAnswerOffIsAnsweredOnce() throws Exception {
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(7, EchoProgram.DEFER_AND_FAIL, out -> {}));
      assertThat(ByteBufUtil.getBytes(connection.readRecord()))
          .isEqualTo(hex(ACCEPTED + "00000005"));

      connection.send(RawConnection.call(8, EchoProgram.NULL, out -> {}));
      assertThat(connection.readRecord().readInt()).isEqualTo(8);
    }
  }

  @Test
  void aDroppedCallIsNotAnsweredButTheNextOneIs() throws Exception {
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.DROP, out -> {}));
      connection.send(RawConnection.call(2, EchoProgram.NULL, out -> {}));

      assertThat(connection.readRecord().readInt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80000000", // an empty record
        "80000014 00000007 00000000 00000002 20004711 00000002", // a call cut short
        "80000018 00000007 00000002 00000002 20004711 00000002 00000000", // neither call nor reply
        "ffffffff", // a record of 2 GiB
        "80110001", // one byte more than allowed
      })
  void whatIsNoCallEndsItsConnectionAndNoOther(String bytes) throws Exception {
    try (RawConnection other = server.connect();
        RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
      connection.send(hex(bytes));

      assertThat(connection.readRecord().readInt()).as("what came before").isEqualTo(1);
      assertThat(connection.isClosedByPeer()).isTrue();

      other.send(RawConnection.call(2, EchoProgram.NULL, out -> {}));
      assertThat(ByteBufUtil.hexDump(other.readRecord())).startsWith("00000002");
    }
  }
}
