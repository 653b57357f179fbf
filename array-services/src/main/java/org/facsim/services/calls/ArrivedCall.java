/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The record of a call whose door has none of its own kind. */
final class ArrivedCall extends CallRecord {
  private Supplier<ByteBuffer> request;
  private Supplier<ByteBuffer> reply;

  ArrivedCall(Arrival arrival) {
    super(
        arrival.door(),
        arrival.client(),
        arrival.xid(),
        arrival.program(),
        arrival.version(),
        arrival.procedure(),
        arrival.procedureName(),
        arrival.requestBytes());
    request = arrival.request();
  }

  @Override
  protected ByteBuffer requestNow() {
    return request.get();
  }

  @Override
  protected ByteBuffer replyNow() {
    return reply.get();
  }

  @Override
  public ReplyVerdict answered(Departure answer) {
    reply = answer.reply();
    return super.answered(answer);
  }
}
