/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The wire protocols in which hosts ask for offloads. */
public enum Dialect {
  /** The ONC RPC program of {@code vaai_nas.x}. */
  VAAI_NAS("vaai-nas"),
  /** Procedure 22 of NFSv3, as the public OpenSDS plugin speaks it. */
  OPENSDS("opensds"),
  /** JSON over HTTP. */
  HTTP("http"),
  /**
   * CLONE and COPY of NFSv4.2 (RFC 7862). Every volume that is exported for that version serves
   * them, so no profile has this dialect, and no rule about VAAI refuses it.
   */
  NFS4("nfs4");

  private static final Set<Dialect> OF_VAAI =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(NFS4)));

  private final String label;

  Dialect(String label) {
    this.label = label;
  }

  /** Those of VAAI plugins, which a volume's profile may serve or not. */
  public static Set<Dialect> ofVaai() {
    return OF_VAAI;
  }

  /** The name in YAML, in JSON and for people. */
  public String label() {
    return label;
  }
}
