/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetAddress;

/**
 * What counting costs a call. Run by hand, from the folder of the module, after {@code mvn
 * test-compile}:
 *
 * <pre>
 * java -XX:+UseSerialGC -cp CLASSPATH org.facsim.protocol.rpc.CallCountingCost
 * </pre>
 */
final class CallCountingCost {
  private static final int CALLS = 20_000_000;
  private static final int ROUNDS = 5;

  private CallCountingCost() {}

  public static void main(String[] args) {
    CallStatistics statistics = new CallStatistics(System::nanoTime);
    RpcProgram program = new EchoProgram(PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES));
    ClientCounters client = statistics.of("loop", InetAddress.getLoopbackAddress());
    for (int round = 0; round < ROUNDS; round++) {
      long counted = timeNanos(client, program);
      long bare = bareNanos();
      System.out.printf(
          "counting %.1f ns per call; the clock alone, once: %.1f ns%n",
          (double) counted / CALLS, (double) bare / CALLS);
    }
  }

  private static long timeNanos(ClientCounters client, RpcProgram program) {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      ProcedureCounters counters = client.of(program, 2, i & 3);
      long begin = counters.begin(100);
      counters.end(begin, 120, i & 7);
    }
    return System.nanoTime() - start;
  }

  private static long bareNanos() {
    long start = System.nanoTime();
    long sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += System.nanoTime();
    }
    return sum == 1 ? 0 : System.nanoTime() - start;
  }
}
