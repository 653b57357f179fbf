/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiReply;

/**
 * Times the clone call over loopback: client, RPC, array and all, in one process. No test; run by
 * hand with the source's mapped size in MiB:
 *
 * <pre>
 * mvn -q -pl vaai-endpoint -am test-compile dependency:build-classpath \
 *     -Dmdep.outputFile=target/classpath.txt -Dmdep.includeScope=test
 * java -Xmx1g -cp vaai-endpoint/target/test-classes:vaai-endpoint/target/classes:\
 *     $(cat vaai-endpoint/target/classpath.txt) org.facsim.vaai.CloneCallTiming 1024 16896
 * </pre>
 */
final class CloneCallTiming {
  private static final int WARM_UP_CALLS = 20_000;
  private static final int LONE_CALLS = 20_000;
  private static final int BUSY_CALLS = 100_000;
  private static final int IN_FLIGHT = 32;

  private CloneCallTiming() {}

  public static void main(String[] sizes) {
    for (String mebibytes : sizes) {
      try (VaaiLab lab = new VaaiLab()) {
        time(lab, Integer.parseInt(mebibytes));
      }
    }
  }

  private static void time(VaaiLab lab, int mebibytes) {
    VaaiFile source = VaaiLab.handleOf(filled(lab, mebibytes));
    VaaiFile copy = VaaiLab.handleOf(lab.makeFile(lab.volume(), "copy", 0644));
    SessionId session = lab.session("/one");
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      VaaiWire.await(lab.client().cloneFile(lab.clone(session, source, copy, 0))).value();
    }
    long[] nanos = new long[LONE_CALLS];
    for (int i = 0; i < LONE_CALLS; i++) {
      CloneCall call = lab.clone(session, source, copy, 0);
      long start = System.nanoTime();
      VaaiWire.await(lab.client().cloneFile(call)).value();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%d MiB mapped: one in flight median %.1f us, p99 %.1f us; %d in flight %.0f clones/s%n",
        mebibytes,
        nanos[LONE_CALLS / 2] / 1e3,
        nanos[LONE_CALLS * 99 / 100] / 1e3,
        IN_FLIGHT,
        clonesPerSecond(lab, session, source, copy));
  }

  private static double clonesPerSecond(
      VaaiLab lab, SessionId session, VaaiFile source, VaaiFile copy) {
    Deque<CompletableFuture<VaaiReply<CloneJob>>> inFlight = new ArrayDeque<>();
    long start = System.nanoTime();
    for (int i = 0; i < BUSY_CALLS; i++) {
      if (inFlight.size() == IN_FLIGHT) {
        VaaiWire.await(inFlight.remove()).value();
      }
      inFlight.add(lab.client().cloneFile(lab.clone(session, source, copy, 0)));
    }
    inFlight.forEach(answer -> VaaiWire.await(answer).value());
    return BUSY_CALLS / ((System.nanoTime() - start) / 1e9);
  }

  /** A file of blocks that repeat one word each, which need no memory for their contents. */
  private static Inode filled(VaaiLab lab, int mebibytes) {
    Inode file = lab.makeFile(lab.volume(), "source", 0644);
    ByteBuffer mebibyte = ByteBuffer.allocateDirect(1 << 20);
    for (int i = 0; i < mebibytes; i++) {
      mebibyte.clear();
      while (mebibyte.hasRemaining()) {
        mebibyte.putLong((long) i << 20 | mebibyte.position() / VaaiLab.BLOCK + 1);
      }
      lab.volume().write(Caller.ROOT, file, (long) i << 20, mebibyte.flip());
    }
    return file;
  }
}
