/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.List;

/** The identity that a call claims, RFC 5531 section 8.2. */
public sealed interface Credential {
  /** AUTH_NONE. */
  record None() implements Credential {}

  /**
   * AUTH_SYS, RFC 5531 appendix A.
   *
   * @param stamp arbitrary, unsigned 32 bits
   * @param machineName at most 255 bytes
   * @param uid 0 to 2^32-1
   * @param gid 0 to 2^32-1
   * @param groups at most 16 supplementary groups
   */
  record Sys(long stamp, String machineName, long uid, long gid, List<Long> groups)
      implements Credential {
    public Sys {
      groups = List.copyOf(groups);
    }
  }

  /** AUTH_TLS, RFC 9289 section 4.1: asks for TLS, and names nobody. */
  record TlsProbe() implements Credential {}

  /**
   * RPCSEC_GSS (RFC 2203), after the caller has proved who it is.
   *
   * @param principal for example {@code joe@EXAMPLE.COM}
   * @param service what protects the call beyond that proof
   * @param ids whom the server knows the principal as; null for nobody
   */
  record Gss(String principal, GssService service, Sys ids) implements Credential {}

  /**
   * RPCSEC_GSS as a call brings it, which {@link CallSecurity} checks before a program sees the
   * call.
   *
   * @param header the bytes of the call that the verifier is about: up to the credential's end
   * @param procedure {@code gss_proc}
   * @param sequence unsigned 32 bits
   * @param service {@code rpc_gss_service_t}
   * @param handle of the context; empty while there is none
   * @param verifier null if it has another flavour
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record GssUnverified(
      byte[] header, int procedure, long sequence, int service, byte[] handle, byte[] verifier)
      implements Credential {}
}
