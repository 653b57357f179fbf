/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.time.Instant;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;

/**
 * A call in the journal of an array in a container. What the journal does not know of it is an
 * empty text.
 *
 * @param sequence its number, in the order of arrival
 * @param time when it arrived
 * @param door such as {@code NFS}
 * @param procedure such as {@code WRITE}
 * @param client address and port
 * @param path what it was about, by the name that this had then
 * @param status of the answer, by the name that the door has for it
 * @param outcome such as {@code ANSWERED} or {@code REPLY_LOST}
 * @param requestBytes how long it was
 * @param replyBytes how long its answer was
 */
public record RecordedCall(
    long sequence,
    Instant time,
    String door,
    String procedure,
    String client,
    String path,
    String status,
    String outcome,
    long requestBytes,
    long replyBytes) {

  static RecordedCall of(JsonNode call) {
    return new RecordedCall(
        call.path("sequence").asLong(),
        Instant.parse(call.path("time").asText()),
        call.path("door").asText(),
        call.path("procedure").asText(),
        call.path("client").asText(),
        call.path("path").asText(),
        call.path("status").asText(),
        call.path("outcome").asText(),
        call.path("requestBytes").asLong(),
        call.path("replyBytes").asLong());
  }
}
