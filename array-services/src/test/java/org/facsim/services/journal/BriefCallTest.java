/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.CallTurn;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that is not kept whole is found again whole, and everything else of its call, too. */
class BriefCallTest {
  private static final int NFS = 100_003;
  private static final int RING = 100;
  private static final int NUMBERS_BYTES = 24;
  private static final Caller NOBODY = new Caller(4_294_967_294L, 7, List.of());

  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, InstantSource.system(), 1));
  private final Volume volume = array.createVolume("ds", 1L << 30);
  private final Inode file = create("a.vmdk");
  private final Calls calls = new Calls(this::now);
  private final CallRing ring = CallRing.keeping(RING, 1);
  private final TextRing texts = new TextRing(1 << 20);
  private final CallTurn turn = new CallTurn();
  private final SlotReader reader =
      new SlotReader(
          ring, texts, CallNames.NONE, new WallClock(InstantSource.system(), System::nanoTime));
  private long answerBytes = 116;
  private long answer;
  private int atHand = 1;
  private long nanos = 1_000;

  BriefCallTest() {
    var unused = calls.installLast(new SlotWriter(ring, texts, this::now));
  }

  private long now() {
    return nanos;
  }

  @AfterEach
  void close() {
    array.close();
  }

  private Inode create(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  private static byte[] request(int xid, int credentialBytes, FileHandle handle, int... words) {
    ByteBuffer bytes =
        ByteBuffer.allocate(
            NUMBERS_BYTES + credentialBytes + 4 + FileHandle.SIZE_BYTES + 4 * words.length);
    bytes.putInt(xid).putInt(0).putInt(2).putInt(NFS).putInt(3).putInt(1);
    for (int i = 0; i < credentialBytes; i++) {
      bytes.put((byte) (xid * 31 + i));
    }
    bytes.putInt(FileHandle.SIZE_BYTES);
    handle.writeTo(bytes);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  private final class Getattr extends CallRecord {
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
    protected boolean mayBeQuiet() {
      return true;
    }

    @Override
    protected boolean mayStayQuiet() {
      return true;
    }

    /** As a door does when the answer is put off. */
    void waits() {
      speakUp();
    }

    @Override
    public CallTurn turn() {
      return turn;
    }

    @Override
    public int callsAtHand() {
      return atHand;
    }

    @Override
    protected ByteBuffer requestNow() {
      return ByteBuffer.wrap(bytes);
    }

    @Override
    protected ByteBuffer replyNow() {
      return ByteBuffer.wrap(new byte[(int) answerBytes]);
    }

    @Override
    public int copyReply(ByteBuffer to, int at, int most) {
      return 0; // a status, of which everything is known
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
    public int argumentWord(int offsetBytes) {
      return ByteBuffer.wrap(bytes).getInt(bytes.length - argumentBytes + offsetBytes);
    }
  }

  private CallRecord make(byte[] sent, Object credential, int argumentBytes) {
    CallRecord call = calls.received(new Getattr(sent, credential, argumentBytes));
    call.operation(file, null, NOBODY);
    var unused = call.answered(answer, answerBytes);
    call.ended();
    return call;
  }

  private byte[] requestOf(long sequence) {
    assertThat(reader.read(sequence)).isEqualTo(SlotReader.Found.CALL);
    ByteBuffer found = reader.request();
    byte[] bytes = new byte[found.remaining()];
    found.get(bytes);
    return bytes;
  }

  private boolean isBrief(long sequence) {
    int stage = ring.read(sequence, ByteBuffer.allocate(CallRing.SLOT_BYTES));
    return stage == 0 || stage == CallRing.BUNDLE;
  }

  /**
   * In three laps, so that slots are reused by calls of the other kind; in turns of each length.
   */
  @Test
  void theBytesThatAreMadeAgainAreTheBytesThatCame() {
    int[][] words = {{}, {0x1f}, {-1}, {3, 4}, {}, {}};
    Object credential = new Object();
    for (int i = 0; i < 3 * RING + 1; i++) {
      int[] behind = words[i % words.length];
      int argumentBytes = 36 + 4 * behind.length;
      byte[] sent = request(0x8000_0000 + i, 60, file.handle(), behind);
      System.arraycopy(request(1, 60, file.handle()), NUMBERS_BYTES, sent, NUMBERS_BYTES, 60);
      atHand = i % 40 + 1;
      if (i % 7 == 0) {
        turn.ends();
      }
      make(sent, credential, argumentBytes);
      long sequence = ring.end();
      while (reader.read(--sequence) != SlotReader.Found.CALL) {}
      assertThat(requestOf(sequence)).as("%s bytes of arguments", argumentBytes).isEqualTo(sent);
      assertThat(isBrief(sequence)).isEqualTo(behind.length == 0 || behind[0] == 0x1f);
      JournalEntry entry = reader.entry(true);
      assertThat(entry.xid()).isEqualTo(0x8000_0000 + i);
      assertThat(entry.uid()).isEqualTo(4_294_967_294L);
      assertThat(entry.gid()).isEqualTo(7);
      assertThat(entry.status()).isEqualTo("0");
      assertThat(entry.path()).isEqualTo("/ds/a.vmdk");
      assertThat(entry.procedure()).isEqualTo(CallNames.NONE.procedure(NFS, 3, 1));
      assertThat(entry.program()).isEqualTo(NFS);
      assertThat(entry.version()).isEqualTo(3);
      assertThat(entry.door()).isEqualTo(Door.NFS);
      assertThat(entry.outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(entry.requestBytes()).isEqualTo(sent.length);
      assertThat(entry.replyBytes()).isEqualTo(116);
      assertThat(entry.duration().isNegative()).isFalse();
    }
  }

  /** Every call that the ring is to keep is there, and none of an older lap in its place. */
  @Test
  void bundlesOfOneLapReplaceThoseOfTheLapBefore() {
    Object credential = new Object();
    List<Integer> xids = new ArrayList<>();
    for (int i = 0; i < 5 * RING; i++) {
      atHand = 1 + i % 28;
      if (i % 11 == 0) {
        turn.ends();
      }
      byte[] sent = request(i, 60, file.handle());
      System.arraycopy(request(1, 60, file.handle()), NUMBERS_BYTES, sent, NUMBERS_BYTES, 60);
      make(sent, credential, 36);
    }
    long end = ring.end();
    for (long each = end - RING; each < end; each++) {
      if (reader.read(each) == SlotReader.Found.CALL) {
        xids.add(reader.entry(true).xid());
      }
    }
    int last = 5 * RING - 1;
    assertThat(xids).as("the latest, in their order").hasSizeGreaterThan(RING / 4);
    for (int i = 0; i < xids.size(); i++) {
      assertThat(xids.get(i)).isEqualTo(last - xids.size() + 1 + i);
    }
    assertThat(reader.read(end - RING - Bundle.MOST)).isEqualTo(SlotReader.Found.OVERWRITTEN);
  }

  /** Their bytes say more than what calls of one turn have in common. */
  @Test
  void anAnswerThatIsNoResultsOrAFailureIsKeptAsAnyOther() {
    byte[] sent = request(5, 60, file.handle());
    answerBytes = 70_000;
    make(sent, new Object(), 36);
    assertThat(requestOf(1)).isEqualTo(sent);
    assertThat(reader.entry(true).replyBytes()).isEqualTo(70_000);
    answerBytes = 20;
    answer = Departure.REFUSED;
    make(sent, new Object(), 36);
    assertThat(isBrief(2)).isFalse();
    assertThat(requestOf(2)).isEqualTo(sent);
    assertThat(reader.entry(true).path()).isEqualTo("/ds/a.vmdk");
    answer = 70;
    make(sent, new Object(), 36);
    assertThat(isBrief(3)).isFalse();
    assertThat(requestOf(3)).isEqualTo(sent);
    assertThat(reader.entry(true).status()).isEqualTo("70");
  }

  /** A text of one credential is used again, and never that of another. */
  @Test
  void callsShareTheTextOfTheirCredential() {
    Object credential = new Object();
    byte[] sent = request(9, 60, file.handle());
    byte[] others = request(10, 80, file.handle());
    for (int i = 0; i < 10; i++) {
      make(sent, credential, 36);
      make(others, new Object(), 36);
      assertThat(requestOf(2L * i + 1)).isEqualTo(sent);
      assertThat(requestOf(2L * i + 2)).isEqualTo(others);
    }
  }

  /** A call that waits is in the journal before it ends, with what is known of it. */
  @Test
  void aCallThatWaitsIsSeenWhileItDoes() {
    byte[] sent = request(11, 60, file.handle());
    Getattr call = calls.received(new Getattr(sent, new Object(), 36));
    assertThat(ring.end()).as("nothing is told of a call that may be answered at once").isOne();
    call.waits();
    assertThat(requestOf(1)).isEqualTo(sent);
    assertThat(reader.entry(true).outcome()).isEqualTo(Outcome.UNDER_WAY);
    call.operation(file, null, NOBODY);
    assertThat(requestOf(1)).isEqualTo(sent);
    assertThat(reader.entry(true).path()).isEqualTo("/ds/a.vmdk");
    var unused = call.answered(0, 116);
    call.ended();
    assertThat(reader.read(1)).isEqualTo(SlotReader.Found.CALL);
    assertThat(reader.entry(true).outcome()).isEqualTo(Outcome.ANSWERED);
    assertThat(ring.end()).isEqualTo(2);
  }

  /** It never had an answer, so it is told as it is. */
  @Test
  void aCallThatEndsWithoutAnAnswerIsTold() {
    CallRecord call = calls.received(new Getattr(request(12, 60, file.handle()), new Object(), 36));
    call.operation(file, null, NOBODY);
    call.ended();
    assertThat(reader.read(1)).isEqualTo(SlotReader.Found.CALL);
    assertThat(reader.entry(true).outcome()).isEqualTo(Outcome.NOT_ANSWERED);
    assertThat(reader.entry(true).path()).isEqualTo("/ds/a.vmdk");
  }

  /** As soon as somebody else listens, each point is told when it comes. */
  @Test
  void besideAnotherLinkACallIsToldPointByPoint() {
    var unused = calls.install(new CallInterceptor() {});
    CallRecord call = calls.received(new Getattr(request(13, 60, file.handle()), new Object(), 36));
    assertThat(reader.read(1)).isEqualTo(SlotReader.Found.CALL);
    assertThat(reader.entry(true).outcome()).isEqualTo(Outcome.UNDER_WAY);
    call.ended();
    assertThat(reader.read(1)).isEqualTo(SlotReader.Found.CALL);
    assertThat(reader.entry(true).outcome()).isEqualTo(Outcome.NOT_ANSWERED);
  }

  /** Numbers that were claimed for calls that did not come are left out, and nobody waits. */
  @Test
  void whatOneReadBroughtIsClaimedAtOnceAndTheRestIsLeftOut() {
    byte[] sent = request(14, 60, file.handle());
    Object credential = new Object();
    atHand = 5;
    make(sent, credential, 36);
    make(sent, credential, 36);
    assertThat(ring.end()).isEqualTo(6);
    assertThat(ring.isOpen(3)).isTrue();
    turn.ends();
    assertThat(ring.isOpen(3)).isFalse();
    assertThat(reader.read(3)).isEqualTo(SlotReader.Found.NOTHING);
    atHand = 1;
    make(sent, credential, 36);
    assertThat(requestOf(6)).as("never a number of an earlier read").isEqualTo(sent);
    assertThat(ring.end()).isEqualTo(7);
  }

  /** A call that was not timed itself has the duration of its turn, if that was long. */
  @Test
  void aCallThatStoodStillIsFoundByItsDuration() {
    byte[] sent = request(16, 60, file.handle());
    atHand = 2;
    make(sent, this, 36);
    nanos += 900_000;
    turn.ends();
    make(sent, this, 36);
    make(sent, this, 36);
    nanos += 2_500_000;
    assertThat(reader.read(4)).isEqualTo(SlotReader.Found.CALL);
    assertThat(reader.entry(true).duration()).isZero();
    turn.ends();
    List<Duration> durations = new ArrayList<>();
    for (long sequence : new long[] {1, 3, 4}) {
      assertThat(reader.read(sequence)).isEqualTo(SlotReader.Found.CALL);
      durations.add(reader.entry(true).duration());
    }
    assertThat(durations)
        .containsExactly(Duration.ZERO, Duration.ofNanos(2_500_000), Duration.ofNanos(2_500_000));
  }

  /** The name is that of the moment of each call. */
  @Test
  void aBriefCallHasTheNameOfThen() {
    byte[] sent = request(15, 60, file.handle());
    atHand = 3; // all of them in one turn
    make(sent, this, 36);
    Name now = Name.of("b.vmdk");
    volume.names().rename(Caller.ROOT, volume.root(), Name.of("a.vmdk"), volume.root(), now);
    make(sent, this, 36);
    volume.names().remove(Caller.ROOT, volume.root(), now);
    make(sent, this, 36);
    atHand = 1;
    for (String path : List.of("/ds/a.vmdk", "/ds/b.vmdk", "")) {
      long sequence = path.contains("a.") ? 1 : path.isEmpty() ? 3 : 2;
      assertThat(requestOf(sequence)).isEqualTo(sent);
      assertThat(reader.entry(true).path()).isEqualTo(path);
    }
  }
}
