/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nsm.NsmCallback;
import org.facsim.protocol.nsm.NsmMonitorArgs;
import org.facsim.protocol.nsm.NsmMonitorId;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.nsm.NsmStateResult;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of NLM and NSM in hex words after RFC 1813 appendix II and XNFS, both directions. */
class NlmCodecTest {
  private static final NetObject COOKIE = NetObject.of(new byte[] {(byte) 0xc0, 0x0c});
  private static final NetObject OWNER = NetObject.of(new byte[] {1, 2, 3, 4, 5});
  private static final NlmLock LOCK =
      new NlmLock("esx", Nfs3Handle.of(new byte[] {7, 7, 7}), OWNER, -1, 16, 1L << 32);

  private static final String COOKIE_HEX = "00000002 c00c0000";
  private static final String OWNER_HEX = "00000005 01020304 05000000";
  private static final String LOCK_HEX =
      "00000003 65737800 00000003 07070700"
          + OWNER_HEX
          + "ffffffff 00000000 00000010 00000001 00000000";

  static Stream<Arguments> messages() {
    NlmHolder holder = new NlmHolder(true, 9, OWNER, 1, 0);
    NsmCallback callback = new NsmCallback("h", 100_021, 4, 16);
    NsmMonitorId id = new NsmMonitorId("esx", callback);
    String idHex = "00000003 65737800 00000001 68000000 000186b5 00000004 00000010";
    return Stream.of(
        row(
            new NlmTestArgs(COOKIE, true, LOCK),
            m -> m::encode,
            NlmTestArgs::decode,
            COOKIE_HEX + "00000001" + LOCK_HEX),
        row(
            new NlmLockArgs(COOKIE, true, false, LOCK, true, 77),
            m -> m::encode,
            NlmLockArgs::decode,
            COOKIE_HEX + "00000001 00000000" + LOCK_HEX + "00000001 0000004d"),
        row(
            new NlmCancelArgs(COOKIE, false, true, LOCK),
            m -> m::encode,
            NlmCancelArgs::decode,
            COOKIE_HEX + "00000000 00000001" + LOCK_HEX),
        row(
            new NlmUnlockArgs(COOKIE, LOCK),
            m -> m::encode,
            NlmUnlockArgs::decode,
            COOKIE_HEX + LOCK_HEX),
        row(
            new NlmResult(COOKIE, NlmStatus.DEADLCK),
            m -> m::encode,
            NlmResult::decode,
            COOKIE_HEX + "00000005"),
        row(
            new NlmTestResult(COOKIE, NlmStatus.DENIED, holder),
            m -> m::encode,
            NlmTestResult::decode,
            COOKIE_HEX
                + "00000001 00000001 00000009"
                + OWNER_HEX
                + "00000000 00000001 00000000 00000000"),
        row(
            new NlmTestResult(COOKIE, NlmStatus.GRANTED, null),
            m -> m::encode,
            NlmTestResult::decode,
            COOKIE_HEX + "00000000"),
        row(
            new NlmShareArgs(COOKIE, "esx", Nfs3Handle.of(new byte[] {7}), OWNER, 2, 3, false),
            m -> m::encode,
            NlmShareArgs::decode,
            COOKIE_HEX
                + "00000003 65737800 00000001 07000000"
                + OWNER_HEX
                + "00000002 00000003 00000000"),
        row(
            new NlmShareResult(COOKIE, NlmStatus.FAILED, 0),
            m -> m::encode,
            NlmShareResult::decode,
            COOKIE_HEX + "00000009 00000000"),
        row(
            new NlmFreeAllArgs("esx", 3),
            m -> m::encode,
            NlmFreeAllArgs::decode,
            "00000003 65737800 00000003"),
        row(
            new NsmStateChange("esx", 5),
            m -> m::encode,
            NsmStateChange::decode,
            "00000003 65737800 00000005"),
        row(
            new NsmStateResult(false, 5),
            m -> m::encode,
            NsmStateResult::decode,
            "00000001 00000005"),
        row(id, m -> m::encode, NsmMonitorId::decode, idHex),
        row(callback, m -> m::encode, NsmCallback::decode, idHex.substring(17)),
        row(
            new NsmMonitorArgs(id, "00112233445566778899aabbccddeeff"),
            m -> m::encode,
            NsmMonitorArgs::decode,
            idHex + "00112233 44556677 8899aabb ccddeeff"));
  }

  private static <M> Arguments row(
      M message,
      Function<M, Consumer<ByteBuf>> encoder,
      Function<ByteBuf, M> decoder,
      String words) {
    return Arguments.of(message, encoder.apply(message), decoder, words.replace(" ", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void isTheWordsOfTheStandard(
      Object message, Consumer<ByteBuf> encoder, Function<ByteBuf, ?> decoder, String words) {
    ByteBuf out = Unpooled.buffer();
    encoder.accept(out);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(words);
    assertThat(decoder.apply(out)).isEqualTo(message);
    assertThat(out.isReadable()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void cutShortAnywhereIsMalformed(
      Object message, Consumer<ByteBuf> encoder, Function<ByteBuf, ?> decoder, String words) {
    byte[] bytes = HexFormat.of().parseHex(words);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf cut = Unpooled.wrappedBuffer(bytes, 0, length);
      assertThatThrownBy(() -> decoder.apply(cut))
          .as("%s, %d bytes", message, length)
          .isInstanceOf(XdrException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000a", "ffffffff", "7fffffff"})
  void anUnknownStatusIsMalformed(String word) {
    ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(word));
    assertThatThrownBy(() -> NlmStatus.decode(in)).isInstanceOf(XdrException.class);
  }

  @Test
  void statusesHaveTheNumbersOfTheStandard() {
    int code = 0;
    for (NlmStatus status : NlmStatus.values()) {
      assertThat(status.code()).as("%s", status).isEqualTo(code++);
    }
    assertThat(NlmStatus.FBIG.code()).isEqualTo(8);
  }
}
