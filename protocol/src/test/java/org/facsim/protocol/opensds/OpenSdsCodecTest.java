/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Optional;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Byte for byte what the structures of an x86 machine hold. */
class OpenSdsCodecTest {
  private static final Nfs3Handle DESTINATION = Nfs3Handle.of(new byte[] {1, 2, 3});
  private static final Nfs3Handle SOURCE = Nfs3Handle.of(new byte[] {4, 5, 6, 7});

  private static String hexOf(OpenSdsCall call) {
    ByteBuf out = Unpooled.buffer();
    call.encode(out);
    return ByteBufUtil.hexDump(out);
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  @Test
  void aCloneRequestLiesInMemoryAsTheHostsCompilerLaysItOut() {
    String block =
        HexFormat.of().formatHex(OpenSdsRequest.clone(0x00010203, "vm/a").toBlock().toBytes());

    assertThat(block)
        .isEqualTo(
            "0100000000000000" // version
                + "01000000" // command
                + "00000000" // padding
                + "03020100" // clone flags
                + "05000000" // length of the name with its NUL
                + "766d2f61" // vm/a
                + "00".repeat(256 - 4)
                + "00".repeat(16));
    assertThat(block.length() / 2).isEqualTo(296);
  }

  @Test
  void theSourceIsThereForZeroAndAbsentForOne() {
    Opaque block = Opaque.of(new byte[] {9});
    assertThat(hexOf(new OpenSdsCall(DESTINATION, Optional.of(SOURCE), block)))
        .isEqualTo(
            "00000003"
                + "01020300"
                + "00000000"
                + "00000004"
                + "04050607"
                + "00000001"
                + "09000000");
    assertThat(hexOf(new OpenSdsCall(DESTINATION, Optional.empty(), block)))
        .isEqualTo("00000003" + "01020300" + "00000001" + "00000001" + "09000000");
  }

  @Test
  void anAnswerIsAStatusInXdrAndAStructureInLittleEndian() {
    OpenSdsReply reply =
        new OpenSdsReply(
            Nfs3Status.NOSPC,
            4,
            OpenSdsResult.DISK_FULL,
            0x0102030405060708L,
            0x11,
            0x22,
            CloneState.COMPLETE,
            0x0a0b0c0d0e0fL);
    ByteBuf out = Unpooled.buffer();
    reply.encode(out);
    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo(
            "0000001c" // NFS3ERR_NOSPC
                + "00000050" // 80 bytes
                + "0100000000000000"
                + "04000000"
                + "ec030000" // 1004
                + "0807060504030201"
                + "1100000000000000"
                + "2200000000000000"
                + "00".repeat(8)
                + "0200000000000000"
                + "0f0e0d0c0b0a0000"
                + "00".repeat(16));
    assertThat(OpenSdsReply.decode(out)).isEqualTo(reply);
  }

  @ParameterizedTest
  @EnumSource(OpenSdsCommand.class)
  void everyRequestComesBackAsItWent(OpenSdsCommand command) {
    OpenSdsRequest plain = OpenSdsRequest.of(command);
    assertThat(OpenSdsRequest.parse(plain.toBlock())).contains(plain);
    OpenSdsRequest named =
        new OpenSdsRequest(7, command.code(), -1, Optional.of(Opaque.of("n".repeat(255))));
    assertThat(OpenSdsRequest.parse(named.toBlock())).contains(named);
    assertThat(OpenSdsCommand.ofCode(command.code())).contains(command);
  }

  @Test
  void numbersOutsideOfTheListAreNoCommands() {
    for (int code : new int[] {0, 9, -1, Integer.MIN_VALUE, 0x01000000}) {
      assertThat(OpenSdsCommand.ofCode(code)).isEmpty();
    }
  }

  @Test
  void onlyAStructureOfTheExactSizeIsTakenApart() {
    for (int lengthBytes = 0; lengthBytes <= OpenSds.MAX_BLOCK_BYTES; lengthBytes++) {
      assertThat(OpenSdsRequest.parse(Opaque.of(new byte[lengthBytes])).isPresent())
          .as("%d bytes", lengthBytes)
          .isEqualTo(lengthBytes == 296);
    }
  }

  @Test
  void aNameWithoutItsNulIsNoName() {
    byte[] block = OpenSdsRequest.clone(1, "n".repeat(255)).toBlock().toBytes();
    block[24 + 255] = 'n';
    assertThat(OpenSdsRequest.parse(Opaque.of(block)).orElseThrow().name()).isEmpty();
    byte[] absurd = OpenSdsRequest.clone(1, "name").toBlock().toBytes();
    for (int lengthByte = 21; lengthByte < 24; lengthByte++) {
      absurd[lengthByte] = (byte) 0xff;
      assertThat(OpenSdsRequest.parse(Opaque.of(absurd)).orElseThrow().name()).isEmpty();
    }
  }

  @Test
  void everyTruncationOfACallIsMalformed() {
    String whole =
        hexOf(
            new OpenSdsCall(
                DESTINATION, Optional.of(SOURCE), OpenSdsRequest.clone(1, "x").toBlock()));
    for (int end = 0; end < whole.length(); end += 2) {
      ByteBuf cut = bytes(whole.substring(0, end));
      assertThatThrownBy(() -> OpenSdsCall.decode(cut)).isInstanceOf(XdrException.class);
    }
  }

  @Test
  void lengthsBeyondTheirBoundsAreMalformed() {
    assertMalformed("00000041" + "00".repeat(68) + "00000001" + "00000000");
    assertMalformed("00000000" + "00000002" + "00000000");
    assertMalformed("00000000" + "00000001" + "00000401" + "00".repeat(1028));
    assertMalformed("ffffffff" + "00".repeat(2000));
  }

  private static void assertMalformed(String hex) {
    ByteBuf in = bytes(hex);
    assertThatThrownBy(() -> OpenSdsCall.decode(in)).as(hex).isInstanceOf(XdrException.class);
  }
}
