/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** The wire protocols in which hosts ask for offloads. */
public enum Dialect {
  /** The ONC RPC program of {@code vaai_nas.x}. */
  VAAI_NAS("vaai-nas"),
  /** Procedure 22 of NFSv3, as the public OpenSDS plugin speaks it. */
  OPENSDS("opensds"),
  /** JSON over HTTP. */
  HTTP("http");

  private final String label;

  Dialect(String label) {
    this.label = label;
  }

  /** The name in YAML, in JSON and for people. */
  public String label() {
    return label;
  }
}
