/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.facsim.protocol.xdr.Xdr;

/**
 * The result of a call: the value, or the reason why there is none.
 *
 * @param status {@link VaaiStatus#OK} if and only if there is a value
 * @param reason the reason in words, at most {@link VaaiNas#MAX_REASON} bytes; empty if OK
 * @param valueOrNull the value
 */
public record VaaiReply<T extends VaaiMessage>(VaaiStatus status, String reason, T valueOrNull) {
  public VaaiReply {
    reason = cutReason(reason);
    if ((status == VaaiStatus.OK) != (valueOrNull != null)) {
      throw new IllegalArgumentException("status " + status + " with value " + valueOrNull);
    }
  }

  public static <T extends VaaiMessage> VaaiReply<T> ok(T value) {
    return new VaaiReply<>(VaaiStatus.OK, "", value);
  }

  /** A failure; a reason that is too long is shortened. */
  public static <T extends VaaiMessage> VaaiReply<T> failed(VaaiStatus status, String reason) {
    return new VaaiReply<>(status, reason, null);
  }

  public boolean isOk() {
    return status == VaaiStatus.OK;
  }

  /**
   * The value of a call that succeeded.
   *
   * @throws NoSuchElementException if the call failed
   */
  public T value() {
    if (valueOrNull == null) {
      throw new NoSuchElementException(status + ": " + reason);
    }
    return valueOrNull;
  }

  /** Appends the union that carries every result of the program. */
  public void encode(ByteBuf out) {
    status.encode(out);
    if (isOk()) {
      valueOrNull.encode(out);
    } else {
      Xdr.writeString(out, reason);
    }
  }

  public static <T extends VaaiMessage> VaaiReply<T> decode(
      ByteBuf in, Function<ByteBuf, T> valueDecoder) {
    VaaiStatus status = VaaiStatus.decode(in);
    return status == VaaiStatus.OK
        ? ok(valueDecoder.apply(in))
        : failed(status, Text.read(in, VaaiNas.MAX_REASON));
  }

  /** The longest beginning of a text that fits a reason; it never ends with half a character. */
  static String cutReason(String text) {
    String cut = text;
    while (cut.getBytes(UTF_8).length > VaaiNas.MAX_REASON) {
      int surplus = Math.max(1, (cut.getBytes(UTF_8).length - VaaiNas.MAX_REASON) / 3);
      int end = cut.length() - surplus;
      cut = cut.substring(0, Character.isLowSurrogate(cut.charAt(end)) ? end - 1 : end);
    }
    return cut;
  }
}
