/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a door knows of an answer that is about to leave.
 *
 * @param status the door's word: the status of NFS, MOUNT or VAAI, or that of HTTP; 0 where the
 *     results have none; {@link #REFUSED} if RPC itself refused the call
 * @param replyBytes of the record without its mark; of the body over HTTP
 * @param reply the bytes; asked for during {@link CallInterceptor#answered} only
 */
public record Departure(long status, long replyBytes, Supplier<ByteBuffer> reply) {
  /** No status of any door: the call was refused before or instead of its program (RFC 5531). */
  public static final long REFUSED = 1L << 32;

  public Departure {
    Objects.requireNonNull(reply);
  }
}
