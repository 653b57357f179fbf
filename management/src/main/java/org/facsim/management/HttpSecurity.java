/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who may use the HTTP door, and whether it is encrypted. On a loopback address a token is needed
 * only if one is given here; on every other address one is needed.
 *
 * @param token the token; empty to take it from the file
 * @param tokenFile where the token is, or is kept when it is made; empty if there is no such place
 * @param making whether a token is made if none is there
 * @param tls how connections are encrypted; empty if they are not
 * @param notice is told once, in a line for people, of a token or a certificate that was made. The
 *     line may have the token in it, so it must not go into a log
 */
public record HttpSecurity(
    Optional<String> token,
    Optional<Path> tokenFile,
    Making making,
    Optional<HttpTls> tls,
    Consumer<String> notice) {
  /** When a token is made. */
  public enum Making {
    /** A door that needs one does not open. */
    NEVER,
    /** On another than a loopback address. */
    IF_NEEDED,
    /** On every address. */
    ALWAYS
  }

  /** Nothing is given. A door on another than a loopback address does not open like this. */
  public static final HttpSecurity NONE =
      new HttpSecurity(
          Optional.empty(), Optional.empty(), Making.NEVER, Optional.empty(), line -> {});

  public HttpSecurity {
    Objects.requireNonNull(token);
    Objects.requireNonNull(tokenFile);
    Objects.requireNonNull(tls);
    Objects.requireNonNull(notice);
  }

  /**
   * Checks a token, for those who want to know before a door opens.
   *
   * @throws IllegalArgumentException if it is too short, too long, or has signs that HTTP does not
   *     carry; the message says what is allowed and does not show it
   */
  public static void requireToken(String token) {
    AccessToken.of(token);
  }

  /**
   * How connections are encrypted.
   *
   * @param certificate a chain in PEM; empty for one that is made
   * @param key its private key in PEM (PKCS #8), which only its owner may read; likewise
   * @param directory where a certificate that is made is kept; empty to make one at each start
   */
  public record HttpTls(Optional<Path> certificate, Optional<Path> key, Optional<Path> directory) {
    public HttpTls {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException("a certificate and its key are given together");
      }
    }
  }

  @Override
  public String toString() {
    return "HttpSecurity[token "
        + (token.isPresent() ? "given" : "in " + tokenFile)
        + ", tls "
        + tls
        + "]";
  }
}
