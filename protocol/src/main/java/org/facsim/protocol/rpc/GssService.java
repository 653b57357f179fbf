/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** What RPCSEC_GSS protects of a call, RFC 2203 section 5.3.1: {@code rpc_gss_service_t}. */
public enum GssService {
  /** Only who calls: {@code krb5}. */
  AUTHENTICATION(1),
  /** Arguments and results against changes, too: {@code krb5i}. */
  INTEGRITY(2),
  /** Arguments and results also against being read: {@code krb5p}. */
  PRIVACY(3);

  private final int code;

  GssService(int code) {
    this.code = code;
  }

  /** The one with a number on the wire; null if there is none. */
  public static GssService of(int code) {
    for (GssService service : values()) {
      if (service.code == code) {
        return service;
      }
    }
    return null;
  }
}
