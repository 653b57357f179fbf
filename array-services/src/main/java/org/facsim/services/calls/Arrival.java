/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a door knows of a call when its record arrives.
 *
 * @param client address and port
 * @param xid by which the client knows the answer; 0 over HTTP
 * @param program the RPC program; 0 over HTTP
 * @param version of the program; 0 over HTTP
 * @param procedure its number; 0 over HTTP
 * @param procedureName as its RFC calls it, for example {@code GETATTR}; a number in decimal if it
 *     has no name; method and path over HTTP
 * @param requestBytes of the record without its mark; of the body over HTTP, as announced
 * @param request the bytes of the record; asked for during {@link CallInterceptor#received} only
 */
public record Arrival(
    Door door,
    InetSocketAddress client,
    int xid,
    int program,
    int version,
    int procedure,
    String procedureName,
    long requestBytes,
    Supplier<ByteBuffer> request) {
  public Arrival {
    Objects.requireNonNull(door);
    Objects.requireNonNull(client);
    Objects.requireNonNull(procedureName);
    Objects.requireNonNull(request);
  }
}
