/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import org.facsim.array.Caller;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.junit.jupiter.api.Test;

/** A request that is not kept whole is found again whole. */
class BriefCallTest {
  private static final int NFS = 100_003;
  private static final int RING = 100;

  private final Calls calls = new Calls();
  private final CallRing ring = new CallRing(RING, 1);
  private final TextRing texts = new TextRing(1 << 20);
  private final SlotReader reader =
      new SlotReader(
          ring, texts, CallNames.NONE, new WallClock(InstantSource.system(), System::nanoTime));

  BriefCallTest() {
    var unused = calls.installLast(new SlotWriter(ring, texts));
  }

  private static byte[] request(int xid, int credentialBytes, int argumentBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(24 + credentialBytes + argumentBytes);
    bytes.putInt(xid).putInt(0).putInt(2).putInt(NFS).putInt(3).putInt(1);
    for (int i = 0; bytes.hasRemaining(); i++) {
      bytes.put((byte) (xid * 31 + i));
    }
    return bytes.array();
  }

  private static final class Getattr extends CallRecord {
    private final byte[] bytes;
    private final Object credential;
    private final int argumentBytes;

    Getattr(byte[] bytes, Object credential, int argumentBytes) {
      super(
          Door.NFS,
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 700),
          ByteBuffer.wrap(bytes).getInt(),
          NFS,
          3,
          1,
          "GETATTR",
          bytes.length);
      this.bytes = bytes;
      this.credential = credential;
      this.argumentBytes = argumentBytes;
    }

    @Override
    protected ByteBuffer requestNow() {
      return ByteBuffer.wrap(bytes);
    }

    @Override
    protected ByteBuffer replyNow() {
      return ByteBuffer.allocate(0);
    }

    @Override
    public Object briefCredential() {
      return credential;
    }

    @Override
    public int argumentBytes() {
      return argumentBytes;
    }

    @Override
    public void copyArguments(ByteBuffer to, int at) {
      to.put(at, bytes, bytes.length - argumentBytes, argumentBytes);
    }
  }

  private void make(CallRecord call) {
    calls.received(call).operation(null, null, new Caller(4_294_967_294L, 7, List.of()));
    var unused = call.answered(70, 116);
    call.ended();
  }

  private byte[] requestOf(long sequence) {
    assertThat(reader.read(sequence)).isEqualTo(SlotReader.Found.CALL);
    ByteBuffer found = reader.request();
    byte[] bytes = new byte[found.remaining()];
    found.get(bytes);
    return bytes;
  }

  /** Each size of arguments up to one that does not fit, in two laps, so that slots are reused. */
  @Test
  void theBytesThatAreMadeAgainAreTheBytesThatCame() {
    for (int i = 0; i < 2 * RING; i++) {
      int argumentBytes = i % 12 * 4;
      byte[] sent = request(0x8000_0000 + i, 60, argumentBytes);
      make(new Getattr(sent, new Object(), argumentBytes));
      assertThat(requestOf(i + 1L)).as("%s bytes of arguments", argumentBytes).isEqualTo(sent);
      JournalEntry entry = reader.entry(true);
      assertThat(entry.xid()).isEqualTo(0x8000_0000 + i);
      assertThat(entry.uid()).isEqualTo(4_294_967_294L);
      assertThat(entry.gid()).isEqualTo(7);
      assertThat(entry.status()).isEqualTo("70");
      assertThat(entry.requestBytes()).isEqualTo(sent.length);
      assertThat(entry.replyBytes()).isEqualTo(116);
    }
  }

  /** A text of one credential is used again, and never that of another. */
  @Test
  void callsShareTheTextOfTheirCredential() {
    Object credential = new Object();
    byte[] sent = request(9, 60, 36);
    byte[] others = request(10, 80, 36);
    for (int i = 0; i < 10; i++) {
      make(new Getattr(sent, credential, 36));
      make(new Getattr(others, new Object(), 36));
      assertThat(requestOf(2L * i + 1)).isEqualTo(sent);
      assertThat(requestOf(2L * i + 2)).isEqualTo(others);
    }
  }
}
