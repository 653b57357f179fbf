/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.Optional;

/**
 * What a client shows to an array, and by what it knows the array.
 *
 * @param token what the array asks for off its loopback address; empty sends none
 * @param fingerprint of the one certificate that is trusted; empty trusts those that Java trusts
 */
record HttpCredentials(Optional<String> token, Optional<Fingerprint> fingerprint) {
  static final HttpCredentials NONE = new HttpCredentials(Optional.empty(), Optional.empty());

  /** The value of the header {@code Authorization}. */
  Optional<String> authorization() {
    return token.map(secret -> "Bearer " + secret);
  }

  /** Without the secret, which may reach a log. */
  @Override
  public String toString() {
    return "HttpCredentials[token=" + (token.isPresent() ? "given" : "none") + "]";
  }
}
