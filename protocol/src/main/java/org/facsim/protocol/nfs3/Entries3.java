/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.facsim.protocol.xdr.Xdr;

/** The list of entries of READDIR and READDIRPLUS, {@code dirlist3}. */
final class Entries3 {
  private Entries3() {}

  static <E> void encode(ByteBuf out, List<E> entries, BiConsumer<E, ByteBuf> encodeEntry) {
    for (E entry : entries) {
      Xdr.writeBoolean(out, true);
      encodeEntry.accept(entry, out);
    }
    Xdr.writeBoolean(out, false);
  }

  /**
   * Reads the list. Its length is bounded by the buffer, because each entry takes at least 24
   * bytes.
   */
  static <E> List<E> decode(ByteBuf in, Function<ByteBuf, E> decodeEntry) {
    List<E> entries = new ArrayList<>();
    while (Xdr.readBoolean(in)) {
      entries.add(decodeEntry.apply(in));
    }
    return List.copyOf(entries);
  }
}
