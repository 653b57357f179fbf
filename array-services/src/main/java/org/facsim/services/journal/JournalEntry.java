/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.facsim.services.calls.Door;

/**
 * One call, as the journal tells it.
 *
 * @param sequence its number, in the order of arrival; numbers may be left out
 * @param time when it arrived
 * @param client address and port
 * @param server the address that was called; null if it is not known
 * @param connection the number of the connection; 0 over UDP, and over HTTP
 * @param transport by which the call came
 * @param procedure by its protocol's name; method and path over HTTP
 * @param program the RPC program; 0 over HTTP
 * @param xid by which the client knows the answer; 0 over HTTP
 * @param volume empty if the call names no file, or was refused before it was known which
 * @param path what the call was about, by the name that it had then; empty as above
 * @param otherPath where a file was renamed or linked to; else empty
 * @param arguments in brief; empty if they are not known
 * @param uid for whom the call ran, after squashing; null if unknown, as the gid
 * @param requestBytes of the record without its mark; of the body over HTTP
 * @param replyBytes the same of the answer; 0 without one
 * @param outcome what became of the call so far
 * @param status the door's word, by name; empty without an answer
 * @param duration from arrival to answer, or to the end of a call without one; null while the call
 *     is under way
 * @param faults the labels of the faults that were applied
 */
public record JournalEntry(
    long sequence,
    Instant time,
    Door door,
    InetSocketAddress client,
    InetSocketAddress server,
    long connection,
    Transport transport,
    String procedure,
    long program,
    int version,
    int xid,
    String volume,
    String path,
    String otherPath,
    String arguments,
    Long uid,
    Long gid,
    long requestBytes,
    long replyBytes,
    Outcome outcome,
    String status,
    Duration duration,
    List<String> faults) {
  /** By which a call came. */
  public enum Transport {
    TCP,
    UDP,
    HTTP
  }

  /** What became of a call. */
  public enum Outcome {
    UNDER_WAY,

    /** It was answered, and the answer left. */
    ANSWERED,

    /** It was answered as an earlier call, of which it is a retransmission. */
    ANSWERED_FROM_MEMORY,

    /** It was executed, and the answer was lost. */
    REPLY_LOST,

    /** It got no answer. */
    NOT_ANSWERED
  }

  public JournalEntry {
    Objects.requireNonNull(time);
    faults = List.copyOf(faults);
  }

  /** In one line, as a person reads it. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    line.append('#').append(sequence).append(' ').append(time).append(' ');
    line.append(client.getAddress().getHostAddress()).append(':').append(client.getPort());
    line.append(' ').append(door).append(' ').append(procedure);
    if (!path.isEmpty()) {
      line.append(' ').append(path);
    }
    if (!otherPath.isEmpty()) {
      line.append(" to ").append(otherPath);
    }
    if (!arguments.isEmpty()) {
      line.append(" (").append(arguments).append(')');
    }
    line.append(": ").append(status.isEmpty() ? outcome.name() : status);
    if (!status.isEmpty() && outcome != Outcome.ANSWERED) {
      line.append(' ').append(outcome);
    }
    if (!faults.isEmpty()) {
      line.append(", fault ").append(String.join(", ", faults));
    }
    return line.toString();
  }
}
