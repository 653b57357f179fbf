/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.journal.CallCount;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalPage;
import org.facsim.services.journal.JournalStatus;
import org.facsim.services.journal.Verification;
import org.facsim.services.journal.VerificationResult;

/** The JSON of the journal. */
final class JournalJson {
  private JournalJson() {}

  /** {@link JournalStatus}. */
  record StatusJson(
      int entries,
      long firstSequence,
      long lastSequence,
      long overwritten,
      long unrecorded,
      long maxBytes) {
    static StatusJson of(JournalStatus status) {
      return new StatusJson(
          status.entries(),
          status.firstSequence(),
          status.lastSequence(),
          status.overwritten(),
          status.unrecorded(),
          status.maxBytes());
    }
  }

  /** How many calls the journal is to keep. */
  record SizeRequest(Integer entries) {}

  /** {@link JournalEntry}; what is not known is left out. */
  record CallJson(
      long sequence,
      String time,
      String door,
      String procedure,
      String client,
      String server,
      Long connection,
      String transport,
      Long program,
      Integer version,
      Long xid,
      String volume,
      String path,
      String otherPath,
      String arguments,
      Long uid,
      Long gid,
      long requestBytes,
      long replyBytes,
      String outcome,
      String status,
      Long durationNanos,
      List<String> faults) {
    static CallJson of(JournalEntry call) {
      boolean isRpc = call.transport() != JournalEntry.Transport.HTTP;
      return new CallJson(
          call.sequence(),
          call.time().toString(),
          call.door().name(),
          call.procedure(),
          text(call.client()),
          text(call.server()),
          call.connection() == 0 ? null : call.connection(),
          call.transport().name(),
          isRpc ? call.program() : null,
          isRpc ? call.version() : null,
          isRpc ? call.xid() & 0xffff_ffffL : null,
          orNull(call.volume()),
          orNull(call.path()),
          orNull(call.otherPath()),
          orNull(call.arguments()),
          call.uid(),
          call.gid(),
          call.requestBytes(),
          call.replyBytes(),
          call.outcome().name(),
          orNull(call.status()),
          call.duration() == null ? null : call.duration().toNanos(),
          call.faults().isEmpty() ? null : call.faults());
    }

    private static String text(InetSocketAddress address) {
      return address == null ? null : ListeningAddress.hostAndPort(address);
    }

    private static String orNull(String text) {
      return text.isEmpty() ? null : text;
    }
  }

  /**
   * Calls in their order.
   *
   * @param complete false if calls that were asked for may be missing
   * @param nextAfter what to ask for next
   */
  record CallsJson(boolean complete, long nextAfter, long lastSequence, List<CallJson> items) {
    static CallsJson of(JournalPage page) {
      return new CallsJson(
          page.isComplete(),
          page.nextAfter(),
          page.lastSequence(),
          page.entries().stream().map(CallJson::of).toList());
    }
  }

  /**
   * What is to be verified: so many calls, in a part of the journal, or an order. The objects have
   * the fields of {@link CallFilter#FIELDS}.
   */
  record VerifyRequest(
      Map<String, Object> calls,
      Long exactly,
      Long atLeast,
      Long atMost,
      Map<String, Object> after,
      Map<String, Object> before,
      List<Map<String, Object>> inOrder) {
    /**
     * @throws IllegalArgumentException which says what is allowed
     */
    Verification toVerification(Instant now) {
      if (inOrder != null) {
        if (calls != null
            || exactly != null
            || atLeast != null
            || atMost != null
            || after != null
            || before != null) {
          throw new IllegalArgumentException("inOrder stands alone");
        }
        List<CallFilter> kinds = new ArrayList<>();
        inOrder.forEach(kind -> kinds.add(filter(kind, now)));
        return new Verification.InOrder(kinds);
      }
      return new Verification.Count(
          filter(calls == null ? Map.of() : calls, now),
          count(),
          after == null ? null : filter(after, now),
          before == null ? null : filter(before, now));
    }

    private CallCount count() {
      boolean isExact = exactly != null;
      if (isExact == (atLeast != null || atMost != null)) {
        throw new IllegalArgumentException(
            "how many calls are expected; allowed: exactly, or atLeast and atMost");
      } else if (isExact) {
        return CallCount.exactly(exactly);
      }
      return new CallCount(atLeast == null ? 0 : atLeast, atMost == null ? Long.MAX_VALUE : atMost);
    }

    private static CallFilter filter(Map<String, Object> fields, Instant now) {
      CallFilter filter = CallFilter.calls();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        Object value = field.getValue();
        if (!(value instanceof String || value instanceof Number)) {
          throw new IllegalArgumentException(
              "'" + field.getKey() + "': " + value + "; allowed: a text or a number");
        }
        filter = filter.with(field.getKey(), value.toString(), now);
      }
      return filter;
    }
  }

  /** A call, and each condition that it misses. */
  record NearJson(CallJson call, List<String> misses) {}

  /** {@link VerificationResult}. */
  record ResultJson(
      boolean holds, String outcome, String explanation, long count, List<NearJson> nearest) {
    static ResultJson of(VerificationResult result) {
      return new ResultJson(
          result.holds(),
          result.outcome().name(),
          result.explanation(),
          result.count(),
          result.nearest().stream()
              .map(near -> new NearJson(CallJson.of(near.call()), near.misses()))
              .toList());
    }
  }

  /** Calls were left out of a stream: what follows begins after this number. */
  record GapJson(long after) {}
}
