/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Locale;

/**
 * How long an operation would take on a real network with a stated array: computed from the calls
 * and bytes that it caused, never measured and never slept.
 *
 * <pre>
 * wire rate  = link rate * 1448 / 1538      payload of a full TCP segment in an Ethernet frame
 * metadata   = metadata calls * (round trip + call time)           one after the other
 * data       = max(bytes up / wire rate, bytes down / wire rate,   full duplex, in a pipeline
 *                  (bytes read + bytes written) / array rate,
 *                  data calls * (round trip + call time) / calls in flight)
 * inside     = bytes copied inside the array / copy rate
 * time       = metadata + data + inside
 * </pre>
 *
 * <p>What the model leaves out: losses, other load, think time of a guest, and the waits of a host
 * between two questions about a clone job.
 *
 * @param linkBitsPerSecond the link
 * @param roundTripNanos between host and array, without the array's work
 */
public record ModelledTime(String network, long linkBitsPerSecond, long roundTripNanos) {
  /** A link of 1 Gbit/s with a round trip of 200 µs. */
  public static final ModelledTime GIGABIT = new ModelledTime("1 Gbit/s", 1_000_000_000L, 200_000);

  /** A link of 10 Gbit/s with a round trip of 100 µs. */
  public static final ModelledTime TEN_GIGABIT =
      new ModelledTime("10 Gbit/s", 10_000_000_000L, 100_000);

  /** The networks of each report. */
  public static final List<ModelledTime> NETWORKS = List.of(GIGABIT, TEN_GIGABIT);

  /** Bytes per second that the stated array moves. */
  public static final long ARRAY_BYTES_PER_SECOND = 1L << 30;

  /** Bytes per second that it copies inside itself. */
  public static final long COPY_BYTES_PER_SECOND = 1L << 30;

  /** It needs so long for a call, whatever it moves. */
  public static final long CALL_NANOS = 300_000;

  /** Reads or writes that a host has in flight. */
  public static final int CALLS_IN_FLIGHT = 12;

  /** The stated array, for people. */
  public static final String ARRAY_IN_WORDS =
      "an array of 1 GiB/s and 0.3 ms a call that copies 1 GiB/s inside itself";

  private static final double SEGMENT_SHARE = 1448.0 / 1538.0;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int BITS_PER_BYTE = 8;

  /**
   * What an operation caused.
   *
   * @param metadataCalls all calls but READ and WRITE
   * @param dataCalls READ and WRITE
   * @param readBytes that READs brought
   * @param writtenBytes that WRITEs brought
   * @param copiedBytes that the array copied inside itself
   */
  public record Work(
      long metadataCalls, long dataCalls, long readBytes, long writtenBytes, long copiedBytes) {
    /** Nothing at all. */
    public static final Work NONE = new Work(0, 0, 0, 0, 0);

    /** The sum of both. */
    public Work plus(Work other) {
      return new Work(
          metadataCalls + other.metadataCalls,
          dataCalls + other.dataCalls,
          readBytes + other.readBytes,
          writtenBytes + other.writtenBytes,
          copiedBytes + other.copiedBytes);
    }
  }

  /** The time in seconds. */
  public double seconds(Work work) {
    double callSeconds = (roundTripNanos + CALL_NANOS) / NANOS_PER_SECOND;
    double wireRate = linkBitsPerSecond * SEGMENT_SHARE / BITS_PER_BYTE;
    double data =
        Math.max(
            Math.max(work.readBytes / wireRate, work.writtenBytes / wireRate),
            Math.max(
                (double) (work.readBytes + work.writtenBytes) / ARRAY_BYTES_PER_SECOND,
                work.dataCalls * callSeconds / CALLS_IN_FLIGHT));
    double inside = (double) work.copiedBytes / COPY_BYTES_PER_SECOND;
    return work.metadataCalls * callSeconds + data + inside;
  }

  /** The time in whole microseconds. */
  public long micros(Work work) {
    return Math.round(seconds(work) * 1e6);
  }

  /** {@code 1 Gbit/s 1.25 s}. */
  public String inWords(Work work) {
    double seconds = seconds(work);
    String time =
        seconds >= 1
            ? String.format(Locale.ROOT, "%.2f s", seconds)
            : String.format(Locale.ROOT, "%.1f ms", seconds * 1000);
    return network + " " + time;
  }
}
