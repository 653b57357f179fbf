/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** Strings that are characters and not file-system bytes: malformed UTF-8 is malformed XDR. */
final class Text {
  private Text() {}

  static String read(ByteBuf in, int maxBytes) {
    byte[] bytes = Xdr.readOpaque(in, maxBytes);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw new XdrException("string is not UTF-8");
    }
  }
}
