/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The arguments, in XDR.
 *
 * <pre>
 *   opaque destination&lt;64&gt;
 *   enum   0: opaque source&lt;64&gt; follows, 1: nothing follows
 *   opaque request&lt;1024&gt;
 * </pre>
 *
 * @param destination the file that the command is about
 * @param source the source of a clone
 * @param request the structure, which {@link OpenSdsRequest} decodes; at most {@value
 *     OpenSds#MAX_BLOCK_BYTES} bytes
 */
public record OpenSdsCall(Nfs3Handle destination, Optional<Nfs3Handle> source, Opaque request) {
  private static final int WITH_SOURCE = 0;
  private static final int WITHOUT_SOURCE = 1;

  public OpenSdsCall {
    Objects.requireNonNull(destination);
    Objects.requireNonNull(source);
    if (request.lengthBytes() > OpenSds.MAX_BLOCK_BYTES) {
      throw new IllegalArgumentException("request of " + request.lengthBytes() + " bytes");
    }
  }

  public static OpenSdsCall decode(ByteBuf in) {
    Nfs3Handle destination = Nfs3Handle.decode(in);
    int which = Xdr.readInt(in);
    Optional<Nfs3Handle> source =
        switch (which) {
          case WITH_SOURCE -> Optional.of(Nfs3Handle.decode(in));
          case WITHOUT_SOURCE -> Optional.empty();
          default -> throw new XdrException("neither with nor without source: " + which);
        };
    return new OpenSdsCall(
        destination, source, Opaque.of(Xdr.readOpaque(in, OpenSds.MAX_BLOCK_BYTES)));
  }

  public void encode(ByteBuf out) {
    destination.encode(out);
    out.writeInt(source.isPresent() ? WITH_SOURCE : WITHOUT_SOURCE);
    source.ifPresent(handle -> handle.encode(out));
    Xdr.writeOpaque(out, request.toBytes());
  }
}
