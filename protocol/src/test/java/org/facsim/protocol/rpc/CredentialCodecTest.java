/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.List;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;

class CredentialCodecTest {
  private final CredentialCodec codec = new CredentialCodec(true);

  private static ByteBuf sys(int machineNameBytes, int groups, int saidGroups) {
    ByteBuf body = Unpooled.buffer();
    body.writeInt(1);
    Xdr.writeString(body, "m".repeat(machineNameBytes));
    body.writeInt(2).writeInt(3).writeInt(saidGroups);
    for (int i = 0; i < groups; i++) {
      body.writeInt(-1 - i);
    }
    ByteBuf all = Unpooled.buffer().writeInt(RpcMessage.AUTH_SYS).writeInt(body.readableBytes());
    return all.writeBytes(body).writeLong(0);
  }

  private void assertRefused(ByteBuf in) {
    assertThat(codec.read(in)).isNull();
    assertThat(codec.refusal()).isEqualTo(AuthStatus.BAD_CREDENTIAL);
  }

  @Test
  void theLargestCredentialIsRead() {
    Credential.Sys read = (Credential.Sys) codec.read(sys(255, 16, 16));

    assertThat(read.machineName()).isEqualTo("m".repeat(255));
    assertThat(read.groups()).hasSize(16).startsWith(0xffff_ffffL).endsWith(0xffff_fff0L);
  }

  @Test
  void aMachineNameOf256BytesIsRefused() {
    assertRefused(sys(256, 0, 0));
  }

  @Test
  void seventeenGroupsAreRefused() {
    assertRefused(sys(4, 17, 17));
  }

  @Test
  void aGroupCountThatIsNotThereIsRefused() {
    assertRefused(sys(4, 3, 4));
    assertRefused(sys(4, 3, -1));
  }

  @Test
  void groupsBehindTheCountAreRefused() {
    assertRefused(sys(4, 3, 2));
  }

  @Test
  void aRepeatedCredentialIsDecodedOnceAndAnotherOneAnew() {
    Credential first = codec.read(sys(5, 2, 2));

    assertThat(codec.read(sys(5, 2, 2))).isSameAs(first);
    assertThat(codec.read(sys(6, 2, 2))).isNotEqualTo(first);
    assertThat(codec.read(sys(5, 2, 2))).isEqualTo(first).isNotSameAs(first);
  }

  @Test
  void aRefusedCredentialIsNotTakenForTheOneBefore() {
    Credential first = codec.read(sys(5, 2, 2));
    assertRefused(sys(5, 2, 3));

    assertThat(codec.read(sys(5, 2, 2))).isSameAs(first);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (Credential credential :
        List.of(
            new Credential.None(),
            new Credential.Sys(0, "", 0, 0, List.of()),
            new Credential.Sys(
                0xffff_ffffL, "hôte", 0xffff_ffffL, 1, Collections.nCopies(16, 0xffff_fffeL)))) {
      ByteBuf out = Unpooled.buffer();
      CredentialCodec.write(out, credential);

      assertThat(codec.read(out)).isEqualTo(credential);
      assertThat(out.isReadable()).isFalse();
    }
  }

  @Test
  void whatCannotBeSaidIsNotWritten() {
    Credential tooLong = new Credential.Sys(0, "m".repeat(256), 0, 0, List.of());
    Credential tooMany = new Credential.Sys(0, "m", 0, 0, Collections.nCopies(17, 1L));

    assertThatThrownBy(() -> CredentialCodec.write(Unpooled.buffer(), tooLong))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CredentialCodec.write(Unpooled.buffer(), tooMany))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
