/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.Export;
import org.facsim.services.access.SecurityFlavor;

/** The flavours that SECINFO lists: those that an export admits, the strongest first. */
final class SecurityFlavours {
  /** 1.2.840.113554.1.2.2, the mechanism of Kerberos, as its value is encoded. */
  private static final byte[] KERBEROS = {
    0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x12, 0x01, 0x02, 0x02
  };

  private static final int DEFAULT_QUALITY = 0;

  private SecurityFlavours() {}

  /**
   * Those of an export in the pseudo-root.
   *
   * @throws Nfs4Exception NOENT if there is none, or none for this client
   */
  static Set<SecurityFlavor> ofExport(Compound compound, Name name) {
    String path = "/" + name;
    return VisibleExports.of(compound).stream()
        .filter(export -> export.path().equals(path))
        .findFirst()
        .map(export -> of(export, compound.client()))
        .orElseThrow(
            () -> new Nfs4Exception(Nfs4Status.NOENT, "no export " + name + " for this client"));
  }

  /** Those of all exports that the client may use: the pseudo-root itself takes any of them. */
  static Set<SecurityFlavor> ofPseudoRoot(Compound compound) {
    Set<SecurityFlavor> all = EnumSet.noneOf(SecurityFlavor.class);
    for (Export export : VisibleExports.of(compound)) {
      all.addAll(of(export, compound.client()));
    }
    return all.isEmpty() ? Set.of(SecurityFlavor.SYS) : all;
  }

  private static Set<SecurityFlavor> of(Export export, InetSocketAddress client) {
    return export.termsFor(client).security();
  }

  /** Appends {@code SECINFO4resok}: how many there are, then each one. */
  static void write(Set<SecurityFlavor> flavours, ByteBuf out) {
    out.writeInt(flavours.size());
    SecurityFlavor[] all = SecurityFlavor.values();
    for (int i = all.length - 1; i >= 0; i--) {
      if (flavours.contains(all[i])) {
        write(all[i], out);
      }
    }
  }

  private static void write(SecurityFlavor flavour, ByteBuf out) {
    switch (flavour) {
      case SYS -> out.writeInt(Nfs4.AUTH_SYS);
      case KRB5 -> writeKerberos(1, out);
      case KRB5I -> writeKerberos(2, out);
      case KRB5P -> writeKerberos(3, out);
    }
  }

  /**
   * @param service {@code rpc_gss_svc_t}
   */
  private static void writeKerberos(int service, ByteBuf out) {
    out.writeInt(Nfs4.RPCSEC_GSS);
    Xdr.writeOpaque(out, KERBEROS);
    out.writeInt(DEFAULT_QUALITY).writeInt(service);
  }
}
