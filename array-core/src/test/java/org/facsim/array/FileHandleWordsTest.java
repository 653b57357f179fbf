/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FileHandleWordsTest {
  private final FileHandle handle = new FileHandle(-7, 0x1234_5678_9abcL, -99, Long.MIN_VALUE + 5);

  @Test
  void wordsAreTheBytes() {
    ByteBuffer bytes = ByteBuffer.wrap(handle.toBytes());
    for (int i = 0; i < 4; i++) {
      assertThat(handle.word(i)).isEqualTo(bytes.getLong());
    }
    assertThat(FileHandle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3)))
        .isEqualTo(handle)
        .isEqualTo(FileHandle.readFrom(ByteBuffer.wrap(handle.toBytes())));
  }

  @Test
  void wordsOfAnotherFormAreNoHandle() {
    long w0 = handle.word(0);
    long w2 = handle.word(2);
    assertThatThrownBy(() -> FileHandle.ofWords(w0 ^ (1L << 40), 1, w2, 0))
        .isInstanceOf(ArrayException.class);
    assertThatThrownBy(() -> FileHandle.ofWords(w0, 0, w2, 0)).isInstanceOf(ArrayException.class);
    assertThatThrownBy(() -> FileHandle.ofWords(w0, 1, w2 | 1, 0))
        .isInstanceOf(ArrayException.class);
  }
}
