/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import java.util.Objects;

/**
 * A server answered with a status other than OK. Carries no stack trace: it is an answer, not a
 * defect.
 */
public final class Nfs3Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Nfs3Result result;
  private final Nfs3Status status;

  /**
   * @param procedure the procedure's name in RFC 1813
   * @param result the failure as it came, with its attributes or WCC data
   */
  public Nfs3Exception(String procedure, Nfs3Result result) {
    super(procedure + ": NFS3ERR_" + result.status(), null, false, false);
    this.result = Objects.requireNonNull(result);
    this.status = result.status();
  }

  public Nfs3Status status() {
    return status;
  }

  /** The whole failure, for example a {@link Lookup3.Fail}. */
  public Nfs3Result result() {
    return result;
  }
}
