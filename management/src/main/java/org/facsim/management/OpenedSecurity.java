/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.management.HttpSecurity.HttpTls;

/**
 * What a door that opens goes by: the token that it needs, and its key.
 *
 * @param token empty if whoever reaches the door may use it
 * @param key empty without encryption
 * @param notices what is to be told once the door is open
 */
record OpenedSecurity(
    Optional<AccessToken> token, Optional<PemKeyCertOptions> key, List<String> notices) {
  private static final String CERTIFICATE_FILE = "http-certificate.pem";
  private static final String KEY_FILE = "http-key.pem";

  /** Nothing is needed, as on a loopback address. */
  static final OpenedSecurity NONE =
      new OpenedSecurity(Optional.empty(), Optional.empty(), List.of());

  /**
   * Reads what is there, and makes what is missing.
   *
   * @param names by which clients reach the door, for a certificate that is made
   * @throws IOException if a file cannot be read or made, or has no token, or if a token is needed
   *     and none is given
   */
  static OpenedSecurity of(HttpSecurity wanted, InetAddress listen, List<String> names)
      throws IOException {
    List<String> notices = new ArrayList<>();
    return new OpenedSecurity(
        token(wanted, listen, notices),
        wanted.tls().isPresent() ? key(wanted, names, notices) : Optional.empty(),
        List.copyOf(notices));
  }

  private static Optional<AccessToken> token(
      HttpSecurity wanted, InetAddress listen, List<String> notices) throws IOException {
    if (wanted.token().isPresent()) {
      return Optional.of(checked(wanted.token().get(), "the token that was given"));
    }
    if (wanted.tokenFile().isPresent()) {
      Path file = wanted.tokenFile().get();
      Optional<String> kept = SecretFile.read(file);
      if (kept.isPresent()) {
        return Optional.of(checked(kept.get().strip(), file.toString()));
      }
    }
    if (listen.isLoopbackAddress() && wanted.making() != HttpSecurity.Making.ALWAYS) {
      return Optional.empty();
    }
    if (wanted.making() == HttpSecurity.Making.NEVER) {
      throw new IOException(
          "HTTP on " + listen.getHostAddress() + " needs a token, because others can reach it");
    }
    return Optional.of(made(wanted, notices));
  }

  private static AccessToken checked(String text, String where) throws IOException {
    try {
      return AccessToken.of(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  private static AccessToken made(HttpSecurity wanted, List<String> notices) throws IOException {
    String token = AccessToken.random();
    String kept = "not kept: another start makes another one";
    if (wanted.tokenFile().isPresent()) {
      Path file = wanted.tokenFile().get();
      if (!SecretFile.make(file, token + "\n")) {
        throw new IOException(file + " was made by somebody else just now; start again");
      }
      kept = "kept in " + file;
    }
    notices.add("the token of HTTP is " + token + " (shown once, " + kept + ")");
    return AccessToken.of(token);
  }

  private static Optional<PemKeyCertOptions> key(
      HttpSecurity wanted, List<String> names, List<String> notices) throws IOException {
    HttpTls tls = wanted.tls().get();
    if (tls.certificate().isPresent()) {
      return Optional.of(pem(tls.certificate().get(), tls.key().get()));
    }
    if (tls.directory().isPresent()) {
      Path certificate = tls.directory().get().resolve(CERTIFICATE_FILE);
      Path key = tls.directory().get().resolve(KEY_FILE);
      if (!Files.exists(key) || !Files.exists(certificate)) {
        SelfMadeCertificate made = SelfMadeCertificate.make(names);
        Files.deleteIfExists(key);
        Files.deleteIfExists(certificate);
        Files.writeString(certificate, made.certificatePem(), UTF_8);
        if (!SecretFile.make(key, made.keyPem())) {
          throw new IOException(key + " was made by somebody else just now; start again");
        }
        tell(notices, made.fingerprint(), "kept in " + certificate);
      }
      return Optional.of(pem(certificate, key));
    }
    SelfMadeCertificate made = SelfMadeCertificate.make(names);
    tell(notices, made.fingerprint(), "not kept: another start makes another one");
    return Optional.of(pem(made.certificatePem(), made.keyPem()));
  }

  private static void tell(List<String> notices, String fingerprint, String kept) {
    notices.add("HTTP has a self-made certificate, SHA-256 " + fingerprint + " (" + kept + ")");
  }

  private static PemKeyCertOptions pem(Path certificate, Path key) throws IOException {
    if (!Files.isReadable(certificate)) {
      throw new IOException(certificate + " cannot be read");
    }
    return pem(
        Files.readString(certificate, UTF_8),
        SecretFile.read(key).orElseThrow(() -> new IOException(key + " is not there")));
  }

  private static PemKeyCertOptions pem(String certificate, String key) {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(certificate))
        .addKeyValue(Buffer.buffer(key));
  }
}
