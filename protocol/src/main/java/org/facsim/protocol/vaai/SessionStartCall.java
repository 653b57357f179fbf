/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_start_args}.
 *
 * @param protocolVersion {@link VaaiNas#PROTOCOL_VERSION}, unsigned 32 bits
 * @param fileSystemVersion of the host's mount: 3 for NFSv3, 41 for NFSv4.1
 * @param exportPath as given to MOUNT, at most {@link VaaiNas#MAX_PATH} bytes
 * @param clientName the host's name, for logs; at most {@link VaaiNas#MAX_CLIENT} bytes
 * @param timeoutSeconds the host's patience per call, unsigned 32 bits; 0 asks for 10 s
 */
public record SessionStartCall(
    long protocolVersion,
    long fileSystemVersion,
    String exportPath,
    String clientName,
    long timeoutSeconds)
    implements VaaiMessage {
  public SessionStartCall {
    Opaque.of(exportPath).atMost(VaaiNas.MAX_PATH, "export path");
    Opaque.of(clientName).atMost(VaaiNas.MAX_CLIENT, "client name");
  }

  @Override
  public void encode(ByteBuf out) {
    out.writeInt((int) protocolVersion);
    out.writeInt((int) fileSystemVersion);
    Xdr.writeString(out, exportPath);
    Xdr.writeString(out, clientName);
    out.writeInt((int) timeoutSeconds);
  }

  public static SessionStartCall decode(ByteBuf in) {
    return new SessionStartCall(
        Xdr.readUnsignedInt(in),
        Xdr.readUnsignedInt(in),
        Text.read(in, VaaiNas.MAX_PATH),
        Text.read(in, VaaiNas.MAX_CLIENT),
        Xdr.readUnsignedInt(in));
  }
}
