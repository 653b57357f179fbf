/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.facsim.protocol.vaai.Opaque;

/** Every way to spoil a call that a person would think of, one at a time. */
final class Malformations {
  private static final int AUTH_SYS = 1;

  private Malformations() {}

  /** A message, and what is wrong with it. */
  record Message(String what, Opaque record) {
    Message(String what, byte[] record) {
      this(what, Opaque.of(record));
    }
  }

  /** A call of a user as it should be. */
  static byte[] call(
      int program, int version, int procedure, int uid, Consumer<ByteBuf> arguments) {
    return call(
        program, version, procedure, AUTH_SYS, credential(4, uid, 0), new byte[0], arguments);
  }

  private static byte[] call(
      int program,
      int version,
      int procedure,
      int flavor,
      byte[] credential,
      byte[] verifier,
      Consumer<ByteBuf> arguments) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0x5eed).writeInt(0).writeInt(2);
    out.writeInt(program).writeInt(version).writeInt(procedure);
    out.writeInt(flavor).writeInt(credential.length).writeBytes(credential);
    out.writeInt(0).writeInt(verifier.length).writeBytes(verifier);
    arguments.accept(out);
    return bytesOf(out);
  }

  /** The body of AUTH_SYS. */
  private static byte[] credential(int nameBytes, int uid, int groups) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0).writeInt(nameBytes).writeZero((nameBytes + 3) & ~3);
    out.writeInt(uid).writeInt(uid).writeInt(groups).writeZero(4 * groups);
    return bytesOf(out);
  }

  private static byte[] bytesOf(ByteBuf out) {
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** All of them for one good record. */
  static Stream<Message> of(String name, byte[] good) {
    return Stream.of(
            truncations(name, good), surplus(name, good), words(name, good), bits(name, good))
        .flatMap(each -> each);
  }

  private static Stream<Message> truncations(String name, byte[] good) {
    return IntStream.range(0, good.length)
        .mapToObj(end -> new Message(name + " cut to " + end + " bytes", Arrays.copyOf(good, end)));
  }

  private static Stream<Message> surplus(String name, byte[] good) {
    return IntStream.rangeClosed(1, 16)
        .mapToObj(
            more -> {
              byte[] longer = Arrays.copyOf(good, good.length + more);
              Arrays.fill(longer, good.length, longer.length, (byte) 0xa5);
              return new Message(name + " and " + more + " bytes", longer);
            });
  }

  /** Every word an absurd length, an unknown number, another sign. */
  private static Stream<Message> words(String name, byte[] good) {
    return IntStream.range(0, good.length / 4)
        .mapToObj(index -> index * 4)
        .flatMap(
            offset -> {
              int was = Unpooled.wrappedBuffer(good).getInt(offset);
              return IntStream.of(
                      -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16, was + 1, was - 1)
                  .filter(word -> word != was)
                  .distinct()
                  .mapToObj(
                      word -> {
                        byte[] spoilt = good.clone();
                        Unpooled.wrappedBuffer(spoilt).setInt(offset, word);
                        String hex = Integer.toHexString(word);
                        return new Message(name + " with " + hex + " at " + offset, spoilt);
                      });
            });
  }

  /** The highest and the lowest bit of every byte. */
  private static Stream<Message> bits(String name, byte[] good) {
    return IntStream.range(0, good.length)
        .boxed()
        .flatMap(
            index ->
                Stream.of(0x80, 0x01)
                    .map(
                        bit -> {
                          byte[] spoilt = good.clone();
                          spoilt[index] ^= bit.byteValue();
                          String what = " with bit " + bit + " of byte " + index + " flipped";
                          return new Message(name + what, spoilt);
                        }));
  }

  /** The same arguments with credentials that are none. */
  static Stream<Message> credentials(
      String name, int program, int version, int procedure, Consumer<ByteBuf> arguments) {
    byte[] none = new byte[0];
    Stream<Message> flavors =
        IntStream.of(2, 3, 4, 5, 6, 7, 100, 390_000, -1)
            .mapToObj(
                flavor ->
                    new Message(
                        name + " with flavor " + flavor,
                        call(program, version, procedure, flavor, none, none, arguments)));
    Stream<Message> bodies =
        Stream.of(credential(256, 0, 0), credential(4, 0, 17), new byte[404], new byte[3], none)
            .map(
                body ->
                    new Message(
                        name + " with a credential of " + body.length + " bytes",
                        call(program, version, procedure, AUTH_SYS, body, none, arguments)));
    Message verifier =
        new Message(
            name + " with a verifier",
            call(
                program,
                version,
                procedure,
                AUTH_SYS,
                credential(4, 0, 0),
                new byte[8],
                arguments));
    return Stream.concat(Stream.concat(flavors, bodies), Stream.of(verifier));
  }
}
