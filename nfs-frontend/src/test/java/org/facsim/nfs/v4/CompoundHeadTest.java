/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.facsim.protocol.rpc.BulkSpan;
import org.junit.jupiter.api.Test;

/** Where the data of a WRITE is found in the head of a COMPOUND. */
class CompoundHeadTest {
  private static final int DATA_BYTES = 64 << 10;
  private static final int GETATTR = 9;
  private static final int PUTFH = 22;
  private static final int WRITE = 38;
  private static final int SEQUENCE = 53;

  /** The arguments up to the data. */
  private static ByteBuf head(int bitmapWords) {
    ByteBuf head = Unpooled.buffer();
    head.writeInt(0).writeInt(1).writeInt(bitmapWords < 0 ? 3 : 4); // tag, minor, operations
    head.writeInt(SEQUENCE).writeZero(32);
    head.writeInt(PUTFH).writeInt(6).writeZero(8);
    if (bitmapWords >= 0) {
      head.writeInt(GETATTR).writeInt(bitmapWords);
      for (int i = 0; i < bitmapWords; i++) {
        head.writeInt(WRITE); // looks like the number of an operation
      }
    }
    head.writeInt(WRITE).writeZero(16).writeLong(4096).writeInt(0).writeInt(DATA_BYTES);
    return head;
  }

  @Test
  void dataIsFoundBehindAttributesThatAreAskedForFirst() {
    for (int words = -1; words <= 3; words++) {
      ByteBuf head = head(words);
      int headBytes = head.readableBytes();
      assertThat(CompoundHead.dataOf(head, headBytes + DATA_BYTES))
          .as("%d words of attributes", words)
          .isEqualTo(new BulkSpan(headBytes, DATA_BYTES));
    }
  }

  @Test
  void aHeadThatIsCutAnywhereIsNotJudged() {
    for (int words = -1; words <= 3; words++) {
      ByteBuf head = head(words);
      int headBytes = head.readableBytes();
      for (int cut = 0; cut < headBytes; cut++) {
        assertThat(CompoundHead.dataOf(head.slice(0, cut), headBytes + DATA_BYTES))
            .as("%d words of attributes, %d bytes", words, cut)
            .isEqualTo(BulkSpan.UNKNOWN);
      }
    }
  }
}
